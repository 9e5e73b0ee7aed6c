/**
 * `make mutants`: breaks the source in a hundred places, one after the other, and prints those for which no test
 * fails. `node tools/mutants/main.ts --compare A B` compares the results of two runs (docs/mutants.md).
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runMain, say, UserError } from '../../src/stack/terminal.ts'
import { nearestTests } from './nearest-tests.ts'
import { readImports } from '../../test/support/run/import-graph.ts'
import { mutantsOf, parses, type Mutant } from './mutants-of.ts'
import {
  compare,
  comparisonLines,
  lineOf,
  readResults,
  summaryOf,
  writeResults,
  type Results,
} from './report.ts'
import { sample } from './sample.ts'
import { removeDeadSandboxes, Sandbox } from './sandbox.ts'
import { Trials, type Place, type Tried } from './try-mutant.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = join(root, 'var/mutants')

const rooms = 'core,acd,http,jobs,ledger,stack'
/** Tests of the source's text, which any change may break. */
const ofText = 'house'
/** Whole systems and long searches: a minute for each file. */
const whole = ['e2e', 'hardening', 'asterisk', 'tools']
/** Each sandbox has a PostgreSQL, and tests that wait for timers fail on a busy machine. */
const jobsMax = 2

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

await runMain(async () => {
  const [command, ...files] = process.argv.slice(2)
  if (command === '--compare') return compareFiles(files)
  if (command !== undefined) throw new UserError('usage: node tools/mutants/main.ts [--compare A B]')
  const ending = new AbortController()
  const end = (signal: NodeJS.Signals): void => ending.abort(new UserError(`Stopped by ${signal}.`))
  for (const signal of signals) process.once(signal, end)
  await run(ending.signal)
  return 0
})

async function compareFiles([one, other]: readonly string[]): Promise<number> {
  if (one === undefined || other === undefined)
    throw new UserError('usage: --compare A B, two files of var/mutants/')
  const compared = compare(await readResults(one), await readResults(other))
  for (const line of comparisonLines(compared)) say(line)
  return compared.lost.length === 0 ? 0 : 1
}

async function run(ending: AbortSignal): Promise<void> {
  const seed = wholeNumber('SEED', 969)
  const withinS = wholeNumber('FILE_SECONDS', 120)
  const trials = new Trials(wholeNumber('CPU_SECONDS', 30))
  const leftOut = process.env['WHOLE'] === '1' ? [] : whole
  const isAsked = (test: string): boolean => ![ofText, ...leftOut].includes(test.split('/')[1] ?? '')
  const graph = readImports(root)
  const at = process.env['AT']
  const mutants = at === undefined ? sample(sources(), seed, wholeNumber('MUTANTS', 100)) : mutantsAt(at)
  const left = [...mutants]
  const tried: Tried[] = []
  const results = (): Results => ({
    seed,
    leftOut,
    failing: trials.failing,
    mutants: inOrder(tried, mutants),
  })
  const path = join(folder, `${seed}.json`)

  const lane = async (number: number): Promise<void> => {
    const sandbox = await Sandbox.make(root, folder, number)
    const place: Place = {
      root: sandbox.root,
      env: sandbox.env,
      withinS,
      ending,
      withMutant: (mutant, work) => sandbox.withMutant(mutant, work),
      dropLeft: () => sandbox.dropLeft(),
    }
    try {
      for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
        const one = await trials.try(
          mutant,
          nearestTests(graph, mutant.file, mutant.before).filter(isAsked),
          place,
        )
        tried.push(one)
        say(lineOf(one))
        // After each of them, so that a run that is stopped keeps what it has found.
        if (at === undefined) await writeResults(path, results())
      }
    } finally {
      await sandbox.remove()
    }
  }
  await removeDeadSandboxes(folder)
  const jobs = Math.min(jobsMax, wholeNumber('JOBS', jobsMax), mutants.length)
  say(`${at ?? `Seed ${seed}`}: ${mutants.length} mutants, ${jobs} at a time`)
  const ended = await Promise.allSettled(Array.from({ length: jobs }, (_, index) => lane(index + 1)))
  for (const line of summaryOf(results())) say(line)
  for (const one of ended) if (one.status === 'rejected') throw one.reason
}

function sources(): ReadonlyMap<string, string> {
  const named = (process.env['ROOMS'] ?? rooms).split(',')
  const paths = named.flatMap((room) => globSync(`src/${room}/**/*.ts`, { cwd: root })).sort()
  if (paths.length === 0) throw new UserError(`There is no source in ROOMS=${named.join(',')}.`)
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}

/** All mutants of one place: `src/core/call.ts:12`. @throws {UserError} when it has none. */
function mutantsAt(place: string): readonly Mutant[] {
  const [file = '', line] = place.split(':')
  const text = existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : ''
  const found = mutantsOf(file, text).filter((one) => String(one.line) === line && parses(text, one))
  if (found.length === 0)
    throw new UserError(`AT=${place} has no mutant: it is a file and a line, src/core/call.ts:12.`)
  return found
}

function inOrder(tried: readonly Tried[], mutants: readonly { readonly id: string }[]): readonly Tried[] {
  const byId = new Map(tried.map((one) => [one.id, one]))
  return mutants.flatMap(({ id }) => byId.get(id) ?? [])
}

/** @throws {UserError} unless it is a whole number from 1. */
function wholeNumber(name: string, otherwise: number): number {
  const text = process.env[name]
  const value = text === undefined || text === '' ? otherwise : Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new UserError(`${name}=${text} is not a whole number from 1.`)
  return value
}
