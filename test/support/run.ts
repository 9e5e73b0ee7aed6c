/**
 * `make test`: provides what tests need, runs them on real services in a few lanes, and prints the count.
 * Arguments: test files or patterns; none: all. CHANGED=1: those that the uncommitted change, else the last commit, can reach.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { provideAsterisk } from '../../src/stack/install/asterisk-tree.ts'
import { withoutBeingKilled } from '../../src/stack/command.ts'
import { installMissing } from '../../src/stack/install/packages.ts'
import { writableFolder } from '../../src/stack/files.ts'
import { runMain, say, UserError } from '../../src/stack/terminal.ts'
import { buildUi } from '../../src/stack/install/ui-build.ts'
import { printAttacks } from './attack.ts'
import { runCore } from './run/core.ts'
import { changedFiles, testsOf } from './run/changed.ts'
import { readDurations, writeDurations, type Duration } from './run/durations.ts'
import { printFailures } from './run/failures.ts'
import { readImports } from './run/import-graph.ts'
import { makeRunFolder, removeFolder } from './run/folder.ts'
import { runInLanes, type LaneOptions } from './run/lanes.ts'
import { endLeftProcesses } from './run/left-processes.ts'
import { plan, type PlannedFile } from './run/plan.ts'
import { byFolder, processorS } from './run/processor.ts'
import type { Count, FileResult } from './run/test-count.ts'
import {
  mergedResults,
  readUnsteady,
  unsteadyOf,
  whyRed,
  writeUnsteady,
  type Unsteady,
} from './run/unsteady.ts'
import { heldCluster } from './cluster.ts'
import { testCluster } from './postgres.ts'
import { compileServer, startedSystems, systemsFolder } from './stack.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const ofTests = join(root, 'var/test')
const results = join(ofTests, 'results')
const durations = join(ofTests, 'durations.tsv')
const unsteadyList = join(root, 'test/unsteady.json')

/**
 * Of files with a browser, and as many of the others beside them: a browser takes most of a core, a system without one mostly
 * waits, for phones that ring and for speech. More lanes fill the processor and end no sooner.
 */
const lanesPerCore = 1
/** Bound of one file. */
const withinS = 900

/** Marks all processes of this run. */
const runMark = String(process.pid)

await runMain(async () => {
  const began = performance.now()
  await writableFolder(results, 'where the results of the tests are kept')
  const graph = readImports(root)
  const took = await readDurations(durations)
  const all = testFiles(['test/**/*.test.ts'])
  const files = plan(root, graph, chosen(all, graph, took), took)
  const folder = await makeRunFolder(runMark)
  process.env['TMPDIR'] = folder
  process.env[systemsFolder] = folder
  const systems = join(folder, 'systems')
  process.env[startedSystems] = systems
  try {
    const { found, unsteady } = await runAll(files, all)
    for (const result of found) if (result.file !== null) took.set(result.file, result)
    await writeDurations(durations, took)
    const before = await readUnsteady(unsteadyList)
    if (unsteady.length > 0) await writeUnsteady(unsteadyList, before, unsteady)
    report(found, unsteady, whyRed(before, unsteady), began, linesOf(systems).length)
    return found.some(({ failed }) => failed > 0) || whyRed(before, unsteady).length > 0 ? 1 : 0
  } finally {
    removeFolder(folder)
  }
})

interface Outcome {
  readonly found: readonly FileResult[]
  readonly unsteady: readonly Unsteady[]
}

/** When one part fails to run, the others are ended, and the services after them. */
async function runAll(files: readonly PlannedFile[], all: readonly string[]): Promise<Outcome> {
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => ending.abort(new UserError(`The tests were stopped (${signal}).`)))
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_COMPILE_CACHE: join(ofTests, 'compiled-tests') }
  const cores = availableParallelism()
  const lanes = (name: string, count: number): LaneOptions => ({
    run: runMark,
    lanes: count,
    withinS,
    stuckS: 30,
    env,
    say,
    results,
    name,
    ending: ending.signal,
  })
  const of = (holds: (one: PlannedFile) => boolean): string[] => files.filter(holds).map(({ file }) => file)
  const core = of(({ file }) => file.startsWith('test/core/'))
  const wholeCore = core.length === all.filter((file) => file.startsWith('test/core/')).length
  const pure = of(({ file, kind }) => kind === 'pure' && !(wholeCore && core.includes(file)))
  const screens = of(({ kind, alone }) => kind === 'screens' && !alone)
  const others = of(({ kind, alone }) => kind !== 'pure' && kind !== 'screens' && !alone)
  const alone = of((one) => one.kind !== 'pure' && one.alone)
  const leaves: (() => unknown)[] = []
  const needsServices = screens.length + others.length + alone.length > 0
  try {
    const provided = needsServices
      ? provideAll(files.some(({ kind }) => kind === 'systems' || kind === 'screens'))
      : Promise.resolve('')
    // Until it is awaited.
    provided.catch(() => undefined)
    const found: FileResult[] = []
    // Coverage is measured only when all tests of the core run.
    if (wholeCore) found.push(...(await runCore(core, root, lanes('core', cores))))
    found.push(...(await runInLanes(pure, lanes('pure', cores))))
    env['LINIA_ASTERISK_TREE'] = await provided
    if (needsServices) env[heldCluster] = testCluster({ teardown: (leave) => leaves.push(leave) }).adminUrl
    const beside = lanesPerCore * cores
    const both = [runInLanes(screens, lanes('screen', beside)), runInLanes(others, lanes('lane', beside))]
    found.push(...(await Promise.all(both)).flat())
    found.push(...(await runInLanes(alone, lanes('alone', 1))))
    ending.signal.throwIfAborted()
    const ran = new Set(found.map(({ file }) => file))
    for (const { file } of files) if (!ran.has(file)) throw new Error(`${file} was to run and has no result`)
    const failed = found.flatMap(({ file, failed }) => (file !== null && failed > 0 ? [file] : []))
    if (failed.length > 0) say(`Once more, alone: ${failed.join(', ')}`)
    const again: FileResult[] = []
    for (const file of failed)
      again.push(...(await runInLanes([file], lanes(`again-${again.length + 1}`, 1))))
    const day = new Date().toISOString().slice(0, 10)
    return {
      found: mergedResults(found, again),
      unsteady: unsteadyOf(found, again, { day, commit: commitOf() }),
    }
  } finally {
    ending.abort()
    // Processes of files that were ended before they could clean up.
    for (const { file, command } of await endLeftProcesses(runMark))
      say(`${file} left a process, now killed: ${command}`)
    for (const leave of leaves) leave()
  }
}

/** Installs and builds what the tests need. Returns Asterisk's tree, or '' for the system's Asterisk. */
async function provideAll(forSystems: boolean): Promise<string> {
  let tree = ''
  const steps = [
    () => installMissing('test', say),
    async () => {
      if (forSystems) tree = (await provideAsterisk(say)).tree ?? ''
    },
    async () => {
      if (forSystems) await buildUi(say)
    },
    async () => {
      if (forSystems) await compileServer()
    },
  ]
  for (const each of steps) await withoutBeingKilled(each)
  return tree
}

function report(
  found: readonly FileResult[],
  unsteady: readonly Unsteady[],
  red: readonly string[],
  began: number,
  systems: number,
): void {
  const sum = (what: keyof Count): number => found.reduce((all, one) => all + one[what], 0)
  const failures = found.flatMap((one) => one.failures)
  printAttacks(
    found.flatMap(({ attacks }) => attacks),
    say,
  )
  printFailures(failures, say)
  if (failures.length > 0) say(`Complete output: ${results}`)
  for (const { file, test, failure } of unsteady) say(`unsteady: ${file}, ${test}, ${failure}`)
  for (const reason of red) say(`Red: ${reason}`)
  for (const line of byFolder(found)) say(line)
  const minutes = ((performance.now() - began) / 60_000).toFixed(1)
  const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped on this machine` : ''
  say(`${minutes} min, ${processorS().toFixed(0)} s of processor, ${systems} systems started${skipped}`)
  say(`${sum('passed')} passed, ${sum('failed') + red.length} failed`)
}

/** '': a copy without git. */
function commitOf(): string {
  const asked = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' })
  return asked.status === 0 ? asked.stdout.trim() : ''
}

function linesOf(file: string): readonly string[] {
  // Absent: no system was started.
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
}

function chosen(
  all: readonly string[],
  graph: ReturnType<typeof readImports>,
  took: ReadonlyMap<string, Duration>,
): readonly string[] {
  if (process.argv.length > 2) return [...new Set(testFiles(process.argv.slice(2)))]
  if (process.env['CHANGED'] === undefined) return all
  return testsOf(graph, changedFiles(root), took, say)
}

/** A folder stands for all its tests. @throws {UserError} when a pattern matches no file. */
function testFiles(patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => {
    const found = globSync(pattern.endsWith('.ts') ? pattern : `${pattern}/**/*.test.ts`, { cwd: root })
    if (found.length === 0) throw new UserError(`There is no test ${pattern}.`)
    return found
  })
}
