/** `make test`: installs missing packages, runs every test on real services, and prints the count. */
import { spawn } from 'node:child_process'
import { createWriteStream, existsSync, globSync, writeFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { constants, setPriority, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { provideAsterisk } from '../../src/stack/install/asterisk-tree.ts'
import { withoutBeingKilled } from '../../src/stack/command.ts'
import { installMissing } from '../../src/stack/install/packages.ts'
import { writableFolder } from '../../src/stack/files.ts'
import { runMain, say, UserError } from '../../src/stack/terminal.ts'
import { buildUi } from '../../src/stack/install/ui-build.ts'
import { printAttacks, type Attack } from './attack.ts'
import { printFailures, type Failure } from './failures.ts'
import { endLeftProcesses } from './left-processes.ts'
import { heldCluster, testCluster } from './postgres.ts'
import { compileServer } from './stack.ts'
import { TestCount, type Count } from './test-count.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const results = join(root, 'var/test/results')
/** Node's compile cache of the test files and of the modules that they import. */
const compiledTests = join(root, 'var/test/compiled-tests')

/** A group of test files or patterns, each file in its own process; `withinS` bounds each file. */
interface Part {
  readonly jobs: number
  readonly withinS: number
  readonly files?: readonly string[]
}
const parts = {
  /** As many as the CI machine has cores: with more of them, all together only take longer, and phones ring too late. */
  together: { jobs: 2, withinS: 1_800 },
  /** Tests under full load, whose order and timing other tests must not disturb. */
  alone: {
    jobs: 1,
    withinS: 1_800,
    files: [
      'test/tools/chaos/chaos.test.ts',
      // The older release has bounds of its own for the start of its parts.
      'test/tools/chaos/update.test.ts',
      'test/tools/soak/soak.test.ts',
      'test/e2e/line/crowd.test.ts',
    ],
  },
  /**
   * Pure computation in simulated time. It runs from the start, while the other files wait for services and ringing
   * phones, and takes long when they rarely wait.
   */
  simulated: { jobs: 1, withinS: 5_100, files: ['test/tools/simulation/simulation.test.ts'] },
  /** Simulation on a real Redis, the longest file first. */
  beside: {
    jobs: 2,
    withinS: 5_100,
    files: ['real-scripts', 'planted'].map((name) => `test/tools/simulation/${name}.test.ts`),
  },
  /**
   * Whole systems and telephones that mostly wait: for an installation, a minute's anchor, bounds of the fallback,
   * networks that are cut. The longest come first, so that none is left alone at the end.
   */
  waiting: {
    jobs: 2,
    withinS: 1_800,
    files: [
      'test/tools/fresh/short.test.ts',
      'test/e2e/city/journal.test.ts',
      'test/e2e/city/retention.test.ts',
      'test/e2e/line/browser-trouble.test.ts',
      'test/asterisk/fallback-bounds.test.ts',
      'test/hardening/malformed.test.ts',
      'test/hardening/sip.test.ts',
      'test/e2e/line/rescued.test.ts',
      'test/e2e/line/stopped.test.ts',
      'test/e2e/line/bad-calls.test.ts',
      'test/asterisk/returning-phone.test.ts',
      'test/asterisk/fallback.test.ts',
      'test/asterisk/watchdog.test.ts',
      'test/asterisk/*.test.ts',
    ],
  },
} satisfies Record<string, Part>

const lowPriorityParts: ReadonlySet<keyof typeof parts> = new Set(['simulated', 'beside'])

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Marks all processes of this run. */
const runMark = String(process.pid)
const failures: Failure[] = []
const attacks: (Attack & { readonly held: boolean })[] = []

const noCount: Count = { passed: 0, failed: 0, skipped: 0 }

const isOfCore = (file: string): boolean => file.startsWith('test/core/')

await runMain(async () => {
  await writableFolder(results, 'where the results of the tests are kept')
  await rm(compiledTests, { recursive: true, force: true })
  const all = testFiles(['test/**/*.test.ts'])
  const files = process.argv.length > 2 ? testFiles(process.argv.slice(2)) : all
  const core = files.filter(isOfCore)
  const others = files.filter((file) => !isOfCore(file))
  const counts = await inOwnTemporaryFolder(() => runAll({ all, core, others }))
  const sum = (what: keyof Count): number => counts.reduce((all, count) => all + count[what], 0)
  const failed = sum('failed')
  printAttacks(attacks, say)
  printFailures(failures, say)
  if (failed > 0) say(`Complete output: ${results}`)
  if (sum('skipped') > 0) say(`${sum('skipped')} skipped on this machine`)
  say(`${sum('passed')} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
})

/** Removes the temporary folders that interrupted files leave. Processes of other users write to the folder too. */
async function inOwnTemporaryFolder<Value>(work: () => Promise<Value>): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'linia-test-'))
  await chmod(folder, 0o1777)
  process.env['TMPDIR'] = folder
  try {
    return await work()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Files {
  readonly all: readonly string[]
  readonly core: readonly string[]
  readonly others: readonly string[]
}

/** When one part fails to run, the others are ended, and the services after them. */
async function runAll({ all, core, others }: Files): Promise<readonly Count[]> {
  const ending = new AbortController()
  const running: Promise<Count>[] = []
  const begin = (part: keyof typeof parts, env: NodeJS.ProcessEnv): Promise<Count> => {
    ending.signal.throwIfAborted()
    const counted = run(part, others, env, ending.signal)
    // Prevents an unhandled rejection until all parts are awaited.
    counted.catch(() => undefined)
    running.push(counted)
    return counted
  }
  const leaves: (() => unknown)[] = []
  try {
    const simulated = begin('simulated', process.env)
    // Coverage is measured only when all tests of the core run. They need nothing that is provided.
    const counted = runCore(core, core.length === all.filter(isOfCore).length, ending.signal)
    running.push(counted)
    const [ofCore, tree] = await Promise.all([counted, provideAll()])
    const env = { ...process.env, LINIA_ASTERISK_TREE: tree }
    const cluster = others.length > 0 && testCluster({ teardown: (leave) => leaves.push(leave) })
    const rest = { ...env, ...(cluster === false ? {} : { [heldCluster]: cluster.adminUrl }) }
    const inTurn = async (): Promise<Count[]> => [
      await begin('alone', rest),
      ...(await Promise.all([begin('waiting', rest), begin('together', rest)])),
    ]
    const [inOrder, ...besides] = await Promise.all([inTurn(), begin('beside', rest), simulated])
    return [ofCore, ...inOrder, ...besides]
  } finally {
    ending.abort()
    await Promise.allSettled(running)
    // Processes of files that were ended before they could clean up.
    for (const { file, command } of await endLeftProcesses(runMark))
      say(`${file} left a process, now killed: ${command}`)
    for (const leave of leaves) leave()
  }
}

/** Installs and builds everything that the tests need. Returns Asterisk's tree, or '' for the system's Asterisk. */
async function provideAll(): Promise<string> {
  let tree = ''
  const steps = [
    () => installMissing('test', say),
    async () => {
      tree = (await provideAsterisk(say)).tree ?? ''
    },
    () => buildUi(say),
    compileServer,
  ]
  for (const each of steps) await withoutBeingKilled(each)
  return tree
}

/** Without the compile cache, with which coverage is less accurate. */
async function runCore(files: readonly string[], measured: boolean, ending: AbortSignal): Promise<Count> {
  if (files.length === 0) return noCount
  const how = ['--reporter=tap', ...(measured ? [] : ['--disable-coverage'])]
  const args = [join(root, 'node_modules/tap/dist/esm/run.mjs'), 'run', ...how, ...files]
  return count('core', args, process.env, undefined, ending)
}

/** Runs those of the files that belong to the part. */
async function run(
  part: keyof typeof parts,
  files: readonly string[],
  env: NodeJS.ProcessEnv,
  ending?: AbortSignal,
): Promise<Count> {
  const { jobs, withinS, files: named }: Part = parts[part]
  const placed = Object.values(parts).flatMap(({ files: named }: Part) => testFiles(named ?? []))
  const inside =
    named === undefined
      ? spread(files.filter((file) => !placed.includes(file)))
      : [...new Set(testFiles(named))].filter((file) => files.includes(file))
  if (inside.length === 0) return noCount
  const args = [join(import.meta.dirname, 'run-files.ts'), runMark, String(jobs), String(withinS), ...inside]
  const began = lowPriorityParts.has(part) ? lowerPriority : undefined
  return count(part, args, { ...env, NODE_COMPILE_CACHE: compiledTests }, began, ending)
}

/**
 * Spreads each folder's files evenly over the run, so that files that wait for ringing phones run beside files that
 * compute.
 */
function spread(files: readonly string[]): string[] {
  const folders = Map.groupBy(files, dirname)
  const placed = [...folders.values()].flatMap((inside) =>
    inside.map((file, index) => ({ file, place: index / inside.length })),
  )
  return placed.toSorted((one, other) => one.place - other.place).map(({ file }) => file)
}

/** @throws {UserError} when a pattern matches no file. */
function testFiles(patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => {
    const found = globSync(pattern, { cwd: root })
    if (found.length === 0) throw new UserError(`There is no test ${pattern}.`)
    return found
  })
}

/**
 * Gives a session the lowest priority. Nice values act within a session, so its autogroup is changed too (sched(7)).
 */
function lowerPriority(session: number): void {
  try {
    setPriority(session, constants.priority.PRIORITY_LOW)
    const ofSession = `/proc/${session}/autogroup`
    if (existsSync(ofSession)) writeFileSync(ofSession, String(constants.priority.PRIORITY_LOW))
  } catch (error) {
    say(`The simulator runs with the same priority as the other tests (${String(error)}).`)
  }
}

/**
 * Runs a program that prints TAP, in a session of its own: Linux shares the processor between sessions, the systems that the tests
 * start have theirs, and in the session of `make check` the tests themselves would come too short. `ending` stops it.
 */
async function count(
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  began?: (session: number) => void,
  ending?: AbortSignal,
): Promise<Count> {
  const tests = new TestCount(say)
  const child = spawn(process.execPath, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  if (child.pid !== undefined) began?.(child.pid)
  child.stdout.pipe(createWriteStream(join(results, `${name}.tap`)))
  child.stdout.pipe(tests.input)
  const stop = (signal: NodeJS.Signals): void => {
    if (child.pid !== undefined) signalGroup(child.pid, signal)
  }
  const end = (): void => stop('SIGTERM')
  for (const signal of signals) process.on(signal, stop)
  ending?.addEventListener('abort', end)
  let code = 0
  try {
    code = await new Promise<number>((resolve, reject) => {
      child.on('close', (ended, signal) => {
        if (ended === null) reject(new UserError(`The tests were stopped (${signal}).`))
        else resolve(ended)
      })
    })
  } finally {
    for (const signal of signals) process.off(signal, stop)
    ending?.removeEventListener('abort', end)
    // When another process has killed it, the processes that it started remain.
    end()
  }
  const counted = await tests.ended()
  // tap also fails without a failed assertion: a file that timed out or has no plan, a line of the core not covered.
  failures.push(...tests.failures)
  attacks.push(...tests.attacks)
  if (counted.failed > 0 || code === 0) return counted
  failures.push({ file: null, name: `the tests "${name}" ended with code ${code}, and none of them failed` })
  return { ...counted, failed: 1 }
}

/** The group has no process left after a normal end. */
function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
