/** `make test`: installs what is missing, runs every test on real services, and says how many passed. */
import { spawn } from 'node:child_process'
import { createWriteStream, globSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { provideAsterisk } from '../../src/stack/asterisk-tree.ts'
import { installMissing } from '../../src/stack/packages.ts'
import { runMain, say, Trouble } from '../../src/stack/screen.ts'
import { buildUi } from '../../src/stack/ui-build.ts'
import { heldCluster, testCluster } from './postgres.ts'
import { compileServer } from './stack.ts'
import { TestCount, type Count } from './test-count.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const results = join(root, 'var/test/results')
/** What Node has compiled of the tests and of what they try in their own process. */
const compiledTests = join(root, 'var/test/compiled-tests')

const isOfCore = (file: string): boolean => file.startsWith('test/core/')

const unmeasured = ['--disable-coverage']
/** Full lines, on whose order and timing others must not lean, and what takes every core for itself. */
const alone = ['test/chaos/short.test.ts', 'test/e2e/crowd.test.ts', 'test/simulation/simulation.test.ts']

await runMain(async () => {
  await installMissing('test', say)
  const asterisk = await provideAsterisk(say)
  await buildUi(say)
  await compileServer()
  await mkdir(results, { recursive: true })
  await rm(compiledTests, { recursive: true, force: true })
  const all = testFiles(['test/**/*.test.ts'])
  const single = new Set(testFiles(alone))
  const files = process.argv.length > 2 ? testFiles(process.argv.slice(2)) : all
  const core = files.filter(isOfCore)
  const env = { ...process.env, LINIA_ASTERISK_TREE: asterisk.tree ?? '' }
  // Measured only when all of its tests run, and from the source: what was compiled before says less of what ran.
  const measured = core.length === all.filter(isOfCore).length
  const counts = [await runTap('core', core, measured ? [] : unmeasured, env)]
  const leaves: (() => unknown)[] = []
  try {
    const others = spread(files.filter((file) => !isOfCore(file)))
    const cluster = others.length > 0 && testCluster({ teardown: (leave) => leaves.push(leave) })
    const rest = {
      ...env,
      NODE_COMPILE_CACHE: compiledTests,
      ...(cluster === false ? {} : { [heldCluster]: cluster.adminUrl }),
    }
    const together = others.filter((file) => !single.has(file))
    counts.push(await runTap('together', together, unmeasured, rest))
    const separate = others.filter((file) => single.has(file))
    counts.push(await runTap('alone', separate, [...unmeasured, '--jobs=1'], rest))
  } finally {
    for (const leave of leaves) leave()
  }
  const sum = (what: keyof Count): number => counts.reduce((all, count) => all + count[what], 0)
  const failed = sum('failed')
  if (failed > 0) say(`Everything that was said: ${results}`)
  if (sum('skipped') > 0) say(`${sum('skipped')} left out here`)
  say(`${sum('passed')} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
})

/**
 * Each folder's files evenly over the whole run: one folder's wait for telephones to ring while another's take the
 * processor.
 */
function spread(files: readonly string[]): string[] {
  const folders = Map.groupBy(files, dirname)
  const placed = [...folders.values()].flatMap((inside) =>
    inside.map((file, index) => ({ file, place: index / inside.length })),
  )
  return placed.toSorted((one, other) => one.place - other.place).map(({ file }) => file)
}

/** @throws {Trouble} when there is none of a name. */
function testFiles(patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => {
    const found = globSync(pattern, { cwd: root })
    if (found.length === 0) throw new Trouble(`There is no test ${pattern}.`)
    return found
  })
}

async function runTap(
  name: string,
  files: readonly string[],
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Count> {
  const count = new TestCount(say)
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 }
  const bin = join(root, 'node_modules/tap/dist/esm/run.mjs')
  const child = spawn(process.execPath, [bin, 'run', '--reporter=tap', ...args, ...files], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout.pipe(createWriteStream(join(results, `${name}.tap`)))
  child.stdout.pipe(count.input)
  const stop = (signal: NodeJS.Signals): void => void child.kill(signal)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  const code = await new Promise<number>((resolve, reject) => {
    child.on('close', (ended, signal) => {
      if (ended === null) reject(new Trouble(`The tests were stopped (${signal}).`))
      else resolve(ended)
    })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
  const counted = await count.ended()
  // tap also fails for what is no assertion: a file that timed out or wrote no plan, a line of the core not covered.
  return counted.failed === 0 && code !== 0 ? { ...counted, failed: 1 } : counted
}
