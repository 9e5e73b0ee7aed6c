/**
 * `make simulate SEEDS=10000`: runs seeds on every core, prints totals, and for the first failure
 * the shortest scenario that still fails. `SEED=17` runs one seed and prints its last events. `CRASH_TURN` restricts the
 * crashes to a part of their kinds, as `make test` does.
 */
import { availableParallelism } from 'node:os'
import { say } from '../../src/stack/terminal.ts'
import { crashEverywhere } from './crash-points.ts'
import { printed, scenarioOf, type Scenario, type ScenarioSize } from './scenario.ts'
import { runSeeds } from './seed-runner.ts'
import { minimise } from './minimise.ts'
import { simulate } from './simulate.ts'

const number = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise)

const size: ScenarioSize = { callers: number('CALLERS', 200), faults: number('FAULTS', 3) }
const lastLines = 40
/**
 * Minimum share of callers who talk in their own call; about 0.40 do, since some choose by key first, some are promised to be
 * called back, and some are blocked. Otherwise a bug that rejects most callers would pass as a run without violations. By its
 * agents and faults a seed has far more or less than another: of 25 seeds the share differs by 0.05. Not judged for few
 * callers, where chance decides.
 */
const talkedMin = (callers: number): number => (callers < 20_000 ? 0.2 : 0.34)
const judgedFrom = 4_000
/** Failures that are printed, and how much of each. */
const failuresMax = 20
const messageMax = 300
/** Time limit for minimising; the smallest scenario found so far is printed. */
const minimiseMs = 60_000

async function main(): Promise<boolean> {
  const seed = process.env['SEED']
  if (seed !== undefined) return runAndPrint(scenarioOf(Number(seed), size))
  const from = number('FROM', 1)
  const seeds = number('SEEDS', 2_000)
  const startedAt = performance.now()
  const cores = number('CORES', availableParallelism())
  const done = await runSeeds({ from, to: from + seeds, size, cores, bug: null, firstOnly: false })
  const seconds = (performance.now() - startedAt) / 1000
  const { failures, steps, transitions, talks } = done
  say(
    `${seeds} seeds × ${size.callers} calls × ${size.faults} faults in ${seconds.toFixed(1)} s on ${cores} cores: ` +
      `${transitions} transitions, ${Math.round(transitions / seconds)} a second; ` +
      `${steps} steps, ${Math.round(steps / seconds)} a second; ${failures.length} failures`,
  )
  const callers = talks.reduce((sum, one) => sum + one.callers, 0)
  const talked = talks.reduce((sum, one) => sum + one.talked, 0)
  const tooFew = callers >= judgedFrom && talked < talkedMin(callers) * callers
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
  say(
    `callers who talked: ${percent(talked / callers)}` +
      (tooFew
        ? `. BROKEN: at least ${percent(talkedMin(callers))} must talk for the run to be meaningful`
        : ''),
  )
  for (const [rule, count] of counted(failures.map((one) => one.rule))) say(`  ${count} × ${rule}`)
  for (const { seed: failed, rule, message } of failures.slice(0, failuresMax))
    say(`  SEED=${failed}  ${message.startsWith(rule) ? '' : `${rule}: `}${message.slice(0, messageMax)}`)
  const first = failures[0]
  if (first !== undefined)
    await runAndPrint(await minimise(scenarioOf(first.seed, size), first.rule, minimiseMs))
  return (await crashes()) && failures.length === 0 && !tooFew
}

/** Runs a crash at every await; true when no invariant was violated. */
async function crashes(): Promise<boolean> {
  const startedAt = performance.now()
  const turn = process.env['CRASH_TURN']
  const { kinds, deaths, failures } = await crashEverywhere(turn === undefined ? null : Number(turn))
  const seconds = (performance.now() - startedAt) / 1000
  say(
    `a crash at every await: ${deaths} deaths at ${kinds} kinds of message in ${seconds.toFixed(1)} s; ` +
      `${failures.length} failures`,
  )
  for (const { scenario, message } of failures.slice(0, 5))
    say(`  SEED=${scenario.seed} ${JSON.stringify(scenario.crashAt)}  ${message.slice(0, 300)}`)
  const first = failures[0]
  if (first !== undefined) await runAndPrint(await minimise(first.scenario, first.rule, minimiseMs))
  return failures.length === 0
}

/** Runs one scenario and prints it with its last events; true when all invariants held. */
async function runAndPrint(scenario: Scenario): Promise<boolean> {
  const lines: string[] = []
  const { violation } = await simulate(scenario, {
    trace(elapsed, text) {
      lines.push(`  ${elapsed.toFixed(1).padStart(9)} ms  ${text}`)
      if (lines.length > number('LINES', lastLines)) lines.shift()
    },
  })
  say(`${printed(scenario)}\nLast events:\n${lines.join('\n')}`)
  say(violation === null ? 'All invariants held.' : `BROKEN: ${violation.message}`)
  return violation === null
}

function counted(rules: readonly string[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const rule of rules) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])
}

process.exitCode = (await main()) ? 0 : 1
