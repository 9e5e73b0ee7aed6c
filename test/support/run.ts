/** `make test`: installs what is missing, runs every test on real services, and says how many passed. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { glob, mkdir } from 'node:fs/promises'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Parser } from 'tap-parser'
import { provideAsterisk } from '../../src/stack/asterisk-tree.ts'
import { installMissing } from '../../src/stack/packages.ts'
import { runMain, say } from '../../src/stack/screen.ts'
import { buildUi } from '../../src/stack/ui-build.ts'
import { compileServer } from './stack.ts'
import { TestCount } from './test-count.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const results = join(root, 'var/test/results')
const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit']

/** Minutes of pure computing: it takes what real telephony, which must not wait for it, leaves of the processor. */
const computing = 'test/simulation/simulation.test.ts'

await runMain(async () => {
  await installMissing('test', say)
  const asterisk = await provideAsterisk(say)
  await buildUi(say)
  await compileServer()
  await mkdir(results, { recursive: true })
  const named = process.argv.slice(2)
  const count = new TestCount(say)
  const env = { ...process.env, LINIA_ASTERISK_TREE: asterisk.tree ?? '' }
  const codes =
    named.length > 0
      ? [await runTap(named, named.includes('test/core/*.test.ts'), env, count)]
      : await Promise.all([runTap(await everythingElse(), true, env, count), runComputing(env, count)])
  const { passed, failed, skipped } = await count.ended()
  // tap also fails for what is no assertion: a file that timed out or wrote no plan, a line of the core not covered.
  const failures = failed === 0 && codes.some((code) => code !== 0) ? 1 : failed
  if (failures > 0) say(`Everything that was said: ${results}/*.tap`)
  if (skipped > 0) say(`${skipped} left out here`)
  say(`${passed} passed, ${failures} failed`)
  return failures === 0 ? 0 : 1
})

async function everythingElse(): Promise<string[]> {
  const files: string[] = []
  for await (const file of glob('test/**/*.test.ts', { cwd: root })) files.push(file)
  return files.filter((file) => file !== computing)
}

function runTap(
  files: readonly string[],
  isWhole: boolean,
  env: NodeJS.ProcessEnv,
  count: TestCount,
): Promise<number> {
  const bin = join(root, 'node_modules/tap/dist/esm/run.mjs')
  // Single files cover a part of the core, which is no failure.
  const coverage = isWhole ? [] : ['--disable-coverage']
  const args = [bin, 'run', '--reporter=tap', ...coverage, ...files]
  return followed(spawn(process.execPath, args, { cwd: root, env, stdio }), 'tests.tap', count.input)
}

/** As idle work: any other process is served before it. */
function runComputing(env: NodeJS.ProcessEnv, count: TestCount): Promise<number> {
  const args = ['--idle', '0', process.execPath, computing]
  const child = spawn('chrt', args, { cwd: root, env, stdio })
  return followed(child, 'computing.tap', count.beside(computing))
}

/** What it says is kept, and read by `input`; its exit code. */
function followed(
  child: ChildProcessByStdio<null, Readable, null>,
  name: string,
  input: Parser,
): Promise<number> {
  child.stdout.pipe(createWriteStream(join(results, name)))
  child.stdout.pipe(input)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve(code ?? 1)
    })
  })
}
