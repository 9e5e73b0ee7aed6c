/** `make test`: installs what is missing, runs every test on real services, and says how many passed. */
import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { provideAsterisk } from '../../src/stack/asterisk-tree.ts'
import { installMissing } from '../../src/stack/packages.ts'
import { runMain, say } from '../../src/stack/screen.ts'
import { buildUi } from '../../src/stack/ui-build.ts'
import { compileServer } from './stack.ts'
import { TestCount } from './test-count.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const results = join(root, 'var/test/results')

await runMain(async () => {
  await installMissing('test', say)
  const asterisk = await provideAsterisk(say)
  await buildUi(say)
  await compileServer()
  await mkdir(results, { recursive: true })
  const files = process.argv.slice(2)
  const count = new TestCount(say)
  const code = await runTap(files, { ...process.env, LINIA_ASTERISK_TREE: asterisk.tree ?? '' }, count)
  const { passed, failed, skipped } = await count.ended()
  // tap also fails for what is no assertion: a file that timed out or wrote no plan, a line of the core not covered.
  const failures = failed === 0 && code !== 0 ? 1 : failed
  if (failures > 0) say(`Everything that was said: ${join(results, 'tests.tap')}`)
  if (skipped > 0) say(`${skipped} left out here`)
  say(`${passed} passed, ${failures} failed`)
  return failures === 0 ? 0 : 1
})

function runTap(files: readonly string[], env: NodeJS.ProcessEnv, count: TestCount): Promise<number> {
  const bin = join(root, 'node_modules/tap/dist/esm/run.mjs')
  // Single files cover a part of the core, which is no failure.
  const coverage = files.every((file) => file === 'test/core/*.test.ts') ? [] : ['--disable-coverage']
  const child = spawn(process.execPath, [bin, 'run', '--reporter=tap', ...coverage, ...files], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const kept = createWriteStream(join(results, 'tests.tap'))
  child.stdout.pipe(kept)
  child.stdout.pipe(count.input)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve(code ?? 1)
    })
  })
}
