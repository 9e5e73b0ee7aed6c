/** Report of `make bench`: tables on the terminal, all values in a JSON file, and a chart. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { say } from '../../../src/stack/terminal.ts'
import { slowMs } from '../../../test/support/pace/pace-meter.ts'
import { paceSentence, type Slow } from '../../../test/support/pace/pace.ts'
import { chart } from './chart.ts'
import { figuresOf, meetsBudget, table, type Row } from './figures.ts'
import type { Recorded } from '../measures/call-records.ts'
import { machine } from '../measures/machine.ts'
import { missingRecordings } from '../measures/recordings.ts'
import { outcomeText, type Outcome } from '../comparison/outcome.ts'
import type { Loaded, Steady } from '../comparison/load.ts'
import type { Limit, QueuedWait } from '../comparison/phases.ts'
import type { Sizes } from '../sizes.ts'
import type { System } from '../comparison/systems.ts'
import type { Turn } from '../comparison/comparison.ts'

export interface Result {
  readonly system: System['name']
  readonly rows: readonly Row[]
  readonly queued: QueuedWait | null
  readonly steady: Steady | null
  readonly limit: Limit | null
  /** Outcomes of all phases except the limit's. */
  readonly outcomes: readonly Outcome[]
  readonly turns: readonly Turn[]
}

/** Measures that belong to no single system. */
export interface Beside {
  readonly growth: readonly Growth[]
  readonly city: readonly Row[]
  /** Stretches during which the machine itself was slow; null: not measured. */
  readonly slow: readonly Slow[] | null
}

/** Budgets: Linia's processor time per call ÷ app_queue's; a decision among a thousand ÷ one among ten. */
const ratioMax = 2
const growthMax = 2

/** Routing decisions with `size` agents free and as many callers waiting. */
export interface Growth {
  readonly size: number
  readonly durations: readonly number[]
}

export async function report(
  folder: string,
  sizes: Sizes,
  results: readonly Result[],
  { growth, city, slow }: Beside,
): Promise<readonly string[]> {
  if (growth.length > 0) say(growthText(growth))
  if (city.length > 0) say(`\nThe city half\n${table(city)}`)
  for (const result of results) say(textOf(result, slow))
  const ratio = processorRatio(results)
  if (ratio !== null) {
    const verdict = ratio <= ratioMax ? 'kept' : 'MISSED'
    const shown = Number.isNaN(ratio) ? 'not measured' : `×${ratio.toFixed(2)}`
    say(`\nprocessor per call, Linia ÷ app_queue: ${shown}   budget ≤ ${ratioMax}: ${verdict}`)
  }
  const file = join(folder, `${new Date().toISOString().replaceAll(':', '-')}.json`)
  const figures = ({ name, durations, timings, budget }: Row) => ({
    name,
    budget,
    ...figuresOf(durations),
    ...(timings === undefined ? { durations } : { timings }),
  })
  const written = results.map(({ rows, ...rest }) => ({ ...rest, figures: rows.map(figures) }))
  const grown = growth.map(({ size, durations }) => ({ size, ...figuresOf(durations) }))
  const all = {
    machine: await machine(),
    sizes,
    growth: grown,
    city: city.map(figures),
    processorRatio: ratio,
    slow,
    results: written,
  }
  await writeFile(file, JSON.stringify(all, null, 2))
  await writeFile(file.replace('.json', '.svg'), chartOf(results))
  say(`written: ${file} and the same as .svg`)
  const missed = missedOf(results, growth, city, ratio)
  if (missed.length > 0) say(`MISSED: ${missed.join('; ')}`)
  return missed
}

/** Names of the missed budgets. */
function missedOf(
  results: readonly Result[],
  growth: readonly Growth[],
  city: readonly Row[],
  ratio: number | null,
): readonly string[] {
  const ours = results.filter(({ system }) => system === 'Linia')
  const rows = [...city, ...ours.flatMap((result) => result.rows)].filter(({ durations, budget }) => {
    const { p50, p99 } = figuresOf(durations)
    return budget !== null && !meetsBudget(budget, p50, p99)
  })
  const unheard = ours
    .flatMap(({ steady }) => [steady?.atHalf?.ledger, steady?.loaded.ledger])
    .flatMap((ledger) => (ledger == null ? [] : missingRecordings(ledger.sound)))
  return [
    ...rows.map(({ name }) => name),
    ...unheard,
    // NaN (not measured) also counts as missed.
    ...(growth.length === 0 || growthTimes(growth) <= growthMax ? [] : ['growth of the decision']),
    ...(ratio === null || ratio <= ratioMax ? [] : ['processor per call']),
  ]
}

function growthText(growth: readonly Growth[]): string {
  const rows = growth.map(({ size, durations }) => ({
    name: `routing decision, ${size} agents free and ${size} callers waiting`,
    durations,
    budget: null,
  }))
  const times = growthTimes(growth)
  return `\nCore and Redis alone\n${table(rows, 3)}\ngrowth: ×${times.toFixed(2)}   budget ≤ ${growthMax}: ${times <= growthMax ? 'kept' : 'MISSED'}`
}

function growthTimes(growth: readonly Growth[]): number {
  const [few, many] = growth.map(({ durations }) => figuresOf(durations).p50)
  return (many ?? NaN) / (few ?? NaN)
}

function textOf(
  { system, rows, queued, steady, limit, outcomes, turns }: Result,
  slow: readonly Slow[] | null,
): string {
  const lines = [`\n${system}`, table(rows), ...outcomes.map(outcomeText)]
  if (queued !== null) lines.push(queuedText(queued))
  for (const ledger of [steady?.atHalf?.ledger, steady?.loaded.ledger])
    if (ledger != null) lines.push(recordText(ledger))
  if (steady !== null)
    lines.push(
      steady.loaded.cpuPerCall === null
        ? 'processor per call: a part restarted; not measured: MISSED'
        : `processor per call: ${milliseconds(steady.loaded.cpuPerCall)}`,
    )
  if (limit !== null) {
    const { keptPerSecond, failedPerSecond, why } = limit
    const end = failedPerSecond === null ? why : `at ${failedPerSecond}: ${why}`
    lines.push(`calls of 1 s until the first failure: ${keptPerSecond}/s kept, ${end}`)
  }
  for (const turn of turns) lines.push(turnText(turn, slow))
  if (slow !== null) {
    const atPace = rows.flatMap((row) => withoutSlow(row, slow))
    if (atPace.length > 0) lines.push(`without the time of slow stretches\n${table(atPace)}`)
  }
  return lines.join('\n')
}

function turnText({ part, from, to, hostTook }: Turn, slow: readonly Slow[] | null): string {
  const pace = slow === null ? '' : `; ${paceSentence(slow, { from, to })}`
  return `${part}: the host took ${(hostTook * 100).toFixed(1)} % of the processors’ time${pace}`
}

/** Durations minus the time during which the machine was slow. No budget: budgets apply to measured values. */
function withoutSlow({ name, timings }: Row, slow: readonly Slow[]): readonly Row[] {
  if (timings === undefined) return []
  const durations = timings.map(({ ms, at }) => ms - slowMs(slow, { from: at - ms, to: at }))
  return [{ name, durations, budget: null }]
}

function recordText({ calls, answered, sound }: Recorded): string {
  const missing = missingRecordings(sound)
  const { withoutRecording, lost, tooShort, lacksMs } = sound
  return (
    `recorded: ${calls} calls, ${answered} of them answered; ${withoutRecording} without recording, ${lost} lost, ` +
    `${tooShort} too short (by up to ${(lacksMs / 1000).toFixed(1)} s)   budget 0: ${missing.length === 0 ? 'kept' : 'MISSED'}`
  )
}

function queuedText({ calls, load, meanWaitMs, idealWaitMs, erlangMs }: QueuedWait): string {
  const ratio = (meanWaitMs / idealWaitMs).toFixed(2)
  return `mean wait of ${calls} callers at ${load * 100} % load: ${meanWaitMs.toFixed(0)} ms; ideal for these callers ${idealWaitMs.toFixed(0)} ms: ×${ratio} (Erlang C expects ${erlangMs.toFixed(0)} ms)`
}

const sumOf = (parts: Readonly<Record<string, number>>): number =>
  Object.values(parts).reduce((all, seconds) => all + seconds, 0)

/** Processor time per call of all Linia processes ÷ that of app_queue's. Null: not wanted; NaN: not measured. */
function processorRatio(results: readonly Result[]): number | null {
  const loadOf = (name: System['name']) => results.find(({ system }) => system === name)?.steady?.loaded
  const [ours, theirs] = [loadOf('Linia'), loadOf('app_queue')]
  if (ours === undefined || theirs === undefined) return null
  const used = ({ cpuPerCall }: Loaded): number => (cpuPerCall === null ? NaN : sumOf(cpuPerCall))
  return used(ours) / used(theirs)
}

function milliseconds(perCall: Readonly<Record<string, number>>): string {
  const named = Object.entries(perCall).map(([name, seconds]) => `${name} ${(seconds * 1000).toFixed(1)}`)
  return `${(sumOf(perCall) * 1000).toFixed(1)} ms (${named.join(', ')})`
}

/** Measures that every system has. */
function chartOf(results: readonly Result[]): string {
  const names = results[0]?.rows.map(({ name }) => name) ?? []
  const groups = names.map((name) => ({
    name,
    bars: results.map(({ system, rows }) => ({
      system,
      figures: figuresOf(rows.find((row) => row.name === name)?.durations ?? []),
    })),
  }))
  const measured = groups.filter(({ bars }) => bars.every(({ figures }) => figures.n > 0))
  return chart('Median / 99th percentile, milliseconds', measured)
}
