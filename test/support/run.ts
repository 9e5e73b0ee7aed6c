/** `make test`: installs what is missing, runs every test on real services, and says how many passed. */
import { spawn } from 'node:child_process'
import { createWriteStream, existsSync, globSync, writeFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { constants, setPriority, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { provideAsterisk } from '../../src/stack/install/asterisk-tree.ts'
import { withoutBeingKilled } from '../../src/stack/command.ts'
import { installMissing } from '../../src/stack/install/packages.ts'
import { runMain, say, UserError } from '../../src/stack/terminal.ts'
import { buildUi } from '../../src/stack/install/ui-build.ts'
import { tellFailures, type Failure } from './failures.ts'
import { endLeft } from './left-processes.ts'
import { heldCluster, testCluster } from './postgres.ts'
import { compileServer } from './stack.ts'
import { TestCount, type Count } from './test-count.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const results = join(root, 'var/test/results')
/** What Node has compiled of the tests and of what they try in their own process. */
const compiledTests = join(root, 'var/test/compiled-tests')

/** Files in processes of their own; the bound is each file's. */
interface Part {
  readonly jobs: number
  readonly withinS: number
  readonly files?: readonly string[]
}
const parts = {
  /** One more than the cores that we build for: most of them wait for telephones to ring. */
  together: { jobs: 3, withinS: 600 },
  /** Full lines, on whose order and timing others must not lean. */
  alone: {
    jobs: 1,
    withinS: 600,
    files: ['test/tools/chaos/chaos.test.ts', 'test/tools/soak/soak.test.ts', 'test/e2e/line/crowd.test.ts'],
  },
  /**
   * Nothing but computing, in simulated time: from the start, while the others wait for what they run on and for
   * telephones to ring, and long where they seldom do.
   */
  simulated: { jobs: 1, withinS: 2_400, files: ['test/tools/simulation/simulation.test.ts'] },
  /** The same, on a real Redis. The longest first. */
  beside: {
    jobs: 2,
    withinS: 2_400,
    files: ['real-scripts', 'planted'].map((name) => `test/tools/simulation/${name}.test.ts`),
  },
  /** Machines of their own, each with a first start: beside tests that wait for telephones. */
  fresh: { jobs: 1, withinS: 1_200, files: ['test/tools/fresh/short.test.ts'] },
} satisfies Record<string, Part>

const givesWay: ReadonlySet<keyof typeof parts> = new Set(['simulated', 'beside'])

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Of all processes that this run starts. */
const runMark = String(process.pid)
const failures: Failure[] = []

const noCount: Count = { passed: 0, failed: 0, skipped: 0 }

const isOfCore = (file: string): boolean => file.startsWith('test/core/')

await runMain(async () => {
  await mkdir(results, { recursive: true })
  await rm(compiledTests, { recursive: true, force: true })
  const all = testFiles(['test/**/*.test.ts'])
  const files = process.argv.length > 2 ? testFiles(process.argv.slice(2)) : all
  const core = files.filter(isOfCore)
  const others = files.filter((file) => !isOfCore(file))
  const counts = await inOwnTemporaryFolder(() => runAll({ all, core, others }))
  const sum = (what: keyof Count): number => counts.reduce((all, count) => all + count[what], 0)
  const failed = sum('failed')
  tellFailures(failures, say)
  if (failed > 0) say(`Everything that was said: ${results}`)
  if (sum('skipped') > 0) say(`${sum('skipped')} left out here`)
  say(`${sum('passed')} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
})

/** Files that are cut short leave folders in it; parts of other users write to it too. */
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

/** When one part cannot go on, the others are ended, and what they run on after them. */
async function runAll({ all, core, others }: Files): Promise<readonly Count[]> {
  const ending = new AbortController()
  const running: Promise<Count>[] = []
  const begin = (part: keyof typeof parts, env: NodeJS.ProcessEnv): Promise<Count> => {
    ending.signal.throwIfAborted()
    const counted = run(part, others, env, ending.signal)
    // Until all are waited for.
    counted.catch(() => undefined)
    running.push(counted)
    return counted
  }
  const leaves: (() => unknown)[] = []
  try {
    const simulated = begin('simulated', process.env)
    const env = { ...process.env, LINIA_ASTERISK_TREE: await provideAll() }
    // Measured only when all of its tests run.
    const ofCore = await runCore(core, core.length === all.filter(isOfCore).length, env)
    const cluster = others.length > 0 && testCluster({ teardown: (leave) => leaves.push(leave) })
    const rest = { ...env, ...(cluster === false ? {} : { [heldCluster]: cluster.adminUrl }) }
    const inTurn = async (): Promise<Count[]> => [
      await begin('alone', rest),
      ...(await Promise.all([begin('fresh', rest), begin('together', rest)])),
    ]
    const [inOrder, ...besides] = await Promise.all([inTurn(), begin('beside', rest), simulated])
    return [ofCore, ...inOrder, ...besides]
  } finally {
    ending.abort()
    await Promise.allSettled(running)
    // Of files that were ended before they could do it themselves.
    for (const { file, command } of await endLeft(runMark))
      say(`${file} left a process, now killed: ${command}`)
    for (const leave of leaves) leave()
  }
}

/** All that the tests run on; Asterisk's tree, '' for the system's own. */
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

/** From the source: what was compiled before says less of what ran. */
async function runCore(files: readonly string[], measured: boolean, env: NodeJS.ProcessEnv): Promise<Count> {
  if (files.length === 0) return noCount
  const how = ['--reporter=tap', ...(measured ? [] : ['--disable-coverage'])]
  return count('core', [join(root, 'node_modules/tap/dist/esm/run.mjs'), 'run', ...how, ...files], env)
}

/** Those of the files that belong to the part. */
async function run(
  part: keyof typeof parts,
  files: readonly string[],
  env: NodeJS.ProcessEnv,
  ending?: AbortSignal,
): Promise<Count> {
  const { jobs, withinS, files: named }: Part = parts[part]
  const placed = testFiles([
    ...parts.alone.files,
    ...parts.simulated.files,
    ...parts.beside.files,
    ...parts.fresh.files,
  ])
  const inside =
    named?.filter((file) => files.includes(file)) ?? spread(files.filter((file) => !placed.includes(file)))
  if (inside.length === 0) return noCount
  const args = [join(import.meta.dirname, 'run-files.ts'), runMark, String(jobs), String(withinS), ...inside]
  const began = givesWay.has(part) ? giveWay : undefined
  return count(part, args, { ...env, NODE_COMPILE_CACHE: compiledTests }, began, ending)
}

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

/** @throws {UserError} when there is none of a name. */
function testFiles(patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => {
    const found = globSync(pattern, { cwd: root })
    if (found.length === 0) throw new UserError(`There is no test ${pattern}.`)
    return found
  })
}

/** Every other process goes first: Linux counts a session's together, and what is nice within one only there. */
function giveWay(session: number): void {
  try {
    setPriority(session, constants.priority.PRIORITY_LOW)
    const ofSession = `/proc/${session}/autogroup`
    if (existsSync(ofSession)) writeFileSync(ofSession, String(constants.priority.PRIORITY_LOW))
  } catch (error) {
    say(`The simulator runs as fast as the other tests (${String(error)}).`)
  }
}

/** Runs a program that tells its tests as TAP; `began` has it in a session of its own, `ending` stops it. */
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
    detached: began !== undefined,
  })
  if (child.pid !== undefined) began?.(child.pid)
  child.stdout.pipe(createWriteStream(join(results, `${name}.tap`)))
  child.stdout.pipe(tests.input)
  const stop = (signal: NodeJS.Signals): void => {
    if (began === undefined || child.pid === undefined) child.kill(signal)
    else signalGroup(child.pid, signal)
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
    // Killed by another, it has left those that it had started.
    end()
  }
  const counted = await tests.ended()
  // tap also fails for what is no assertion: a file that timed out or wrote no plan, a line of the core not covered.
  failures.push(...tests.failures)
  if (counted.failed > 0 || code === 0) return counted
  failures.push({ file: null, name: `the tests "${name}" ended with code ${code}, and none of them failed` })
  return { ...counted, failed: 1 }
}

/** Nobody is left in it when all went well. */
function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
