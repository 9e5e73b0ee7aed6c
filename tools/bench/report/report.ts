/** Report of `make bench`: tables on the terminal, all values in a JSON file, and a chart. */
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Say } from '../../../src/stack/terminal.ts'
import { slowMs } from '../../../test/support/pace/pace-meter.ts'
import { paceSentence, type Slow } from '../../../test/support/pace/pace.ts'
import { chart } from './chart.ts'
import { figuresOf, meetsBudget, rowText, table, type Row } from './figures.ts'
import type { Recorded } from '../measures/call-records.ts'
import { machine } from '../measures/machine.ts'
import { missingRecordings } from '../measures/recordings.ts'
import { outcomeText } from '../comparison/outcome.ts'
import type { QueuedWait } from '../comparison/phases.ts'
import type { Sizes } from '../sizes.ts'
import type { Turn } from '../comparison/comparison.ts'
import { isKept, ratiosOf, ratioText, type Growth, type Ratio } from './ratios.ts'
import type { Result } from './result.ts'

/**
 * Prints each row as soon as it is measured and writes all of them anew to the run's file, so that a run that is
 * stopped keeps what it has. `end` prints the tables.
 */
export class Report {
  readonly #file: string
  readonly #say: Say
  readonly #head: Readonly<Record<string, unknown>>
  readonly #growth: Growth[] = []
  readonly #city: Row[] = []
  readonly #results = new Map<string, Result>()
  readonly #printed = new Set<string>()
  readonly #skipped: string[] = []
  /** Stretches during which the machine itself was slow; null: not measured. */
  #slow: readonly Slow[] | null = null

  private constructor(file: string, say: Say, head: Readonly<Record<string, unknown>>) {
    this.#file = file
    this.#say = say
    this.#head = head
  }

  static async begin(folder: string, sizes: Sizes, say: Say): Promise<Report> {
    const file = join(folder, `${new Date().toISOString().replaceAll(':', '-')}.json`)
    return new Report(file, say, { machine: await machine(), sizes })
  }

  async decision(growth: Growth): Promise<void> {
    this.#growth.push(growth)
    await this.#tell('core and Redis', [rowText(decisionRow(growth), 3)])
    await this.#tellRatios()
  }

  async city(rows: readonly Row[]): Promise<void> {
    this.#city.push(...rows)
    await this.#tell(
      'the city half',
      rows.map((row) => rowText(row)),
    )
  }

  /** Everything that is known of the system by now. */
  async system(result: Result): Promise<void> {
    this.#results.set(result.system, result)
    await this.#tell(result.system, [...result.rows.map((row) => rowText(row)), ...sentencesOf(result)])
    await this.#tellRatios()
  }

  /** What was left out because the time of the run was over. */
  async skipped(sentence: string): Promise<void> {
    this.#skipped.push(sentence)
    await this.#tell('left out', [sentence])
  }

  /** Prints the tables and returns the names of the missed budgets. */
  async end(slow: readonly Slow[] | null): Promise<readonly string[]> {
    this.#slow = slow
    const results = [...this.#results.values()]
    if (this.#growth.length > 0) this.#say(growthText(this.#growth))
    if (this.#city.length > 0) this.#say(`\nThe city half\n${table(this.#city)}`)
    for (const result of results) this.#say(textOf(result, slow))
    const ratios = this.#ratios()
    if (ratios.length > 0) this.#say(`\nRatios within this run\n${ratios.map(ratioText).join('\n')}`)
    for (const sentence of this.#skipped) this.#say(`left out: ${sentence}`)
    await this.#write()
    await writeFile(this.#file.replace('.json', '.svg'), chartOf(results))
    this.#say(`written: ${this.#file} and the same as .svg`)
    const missed = missedOf(results, this.#city, ratios)
    if (missed.length > 0) this.#say(`MISSED: ${missed.join('; ')}`)
    return missed
  }

  #ratios(): readonly Ratio[] {
    return ratiosOf([...this.#results.values()], this.#growth)
  }

  #tellRatios(): Promise<void> {
    return this.#tell('ratio', this.#ratios().map(ratioText))
  }

  async #tell(of: string, lines: readonly string[]): Promise<void> {
    for (const line of lines.map((line) => `  ${of}: ${line}`)) {
      if (!this.#printed.has(line)) this.#say(line)
      this.#printed.add(line)
    }
    await this.#write()
  }

  /** Into a file of its own first: a stop while writing leaves the file of the row before. */
  async #write(): Promise<void> {
    const results = [...this.#results.values()]
    const all = {
      ...this.#head,
      growth: this.#growth.map(({ size, durations }) => ({ size, ...figuresOf(durations) })),
      city: this.#city.map(kept),
      ratios: this.#ratios().map((ratio) => ({ ...ratio, kept: isKept(ratio) })),
      skipped: this.#skipped,
      slow: this.#slow,
      results: results.map(({ rows, ...rest }) => ({ ...rest, figures: rows.map(kept) })),
    }
    await writeFile(`${this.#file}.part`, JSON.stringify(all, null, 2))
    await rename(`${this.#file}.part`, this.#file)
  }
}

const kept = ({ name, durations, timings, budget }: Row) => ({
  name,
  budget,
  ...figuresOf(durations),
  ...(timings === undefined ? { durations } : { timings }),
})

/** Names of the missed budgets. */
function missedOf(
  results: readonly Result[],
  city: readonly Row[],
  ratios: readonly Ratio[],
): readonly string[] {
  const ours = results.filter(({ system }) => system === 'Linia')
  const rows = [...city, ...ours.flatMap((result) => result.rows)].filter(({ durations, budget }) => {
    return budget !== null && !meetsBudget(budget, figuresOf(durations))
  })
  const unheard = ours
    .flatMap(({ atHalf, loaded }) => [atHalf?.ledger, loaded?.ledger])
    .flatMap((ledger) => (ledger == null ? [] : missingRecordings(ledger.sound)))
  return [
    ...rows.map(({ name }) => name),
    ...unheard,
    ...ratios.filter((ratio) => !isKept(ratio)).map(({ name }) => name),
  ]
}

const decisionRow = ({ size, durations }: Growth): Row => ({
  name: `routing decision, ${size} agents free and ${size} callers waiting`,
  durations,
  budget: null,
})

function growthText(growth: readonly Growth[]): string {
  return `\nCore and Redis alone\n${table(growth.map(decisionRow), 3)}`
}

function textOf(result: Result, slow: readonly Slow[] | null): string {
  const { system, rows, turns } = result
  const lines = [`\n${system}`, table(rows), ...sentencesOf(result)]
  for (const turn of turns) lines.push(turnText(turn, slow))
  if (slow !== null) {
    const atPace = rows.flatMap((row) => withoutSlow(row, slow))
    if (atPace.length > 0) lines.push(`without the time of slow stretches\n${table(atPace)}`)
  }
  return lines.join('\n')
}

/** What is not a row: how the calls went, mean wait, records, processor time, the highest rate. */
function sentencesOf({ queued, atHalf, loaded, limit, outcomes }: Result): readonly string[] {
  const lines = outcomes.map(outcomeText)
  if (queued !== null) lines.push(queuedText(queued))
  for (const ledger of [atHalf?.ledger, loaded?.ledger]) if (ledger != null) lines.push(recordText(ledger))
  if (loaded !== null)
    lines.push(
      loaded.cpuPerCall === null
        ? 'processor per call: a part restarted; not measured: MISSED'
        : `processor per call: ${milliseconds(loaded.cpuPerCall)}`,
    )
  if (limit !== null) {
    const { keptPerSecond, failedPerSecond, why } = limit
    const end = failedPerSecond === null ? why : `at ${failedPerSecond}: ${why}`
    lines.push(`calls of 1 s until the first failure: ${keptPerSecond}/s kept, ${end}`)
  }
  return lines
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
