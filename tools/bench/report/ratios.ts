/**
 * The budgets that are ratios within one run (docs/budgets.md): to app_queue, to the bare loop, or to the optimum. A ratio
 * exists as soon as both of its sides are measured.
 */
import { figuresOf, type Figures, type Row } from './figures.ts'
import { arrivalName, bridgedName, handOverName, type Result } from './result.ts'

export interface Ratio {
  readonly name: string
  /** NaN: a side could not be measured, which misses the budget. */
  readonly value: number
  readonly bound: { readonly max: number } | { readonly min: number }
}

/** Routing decisions with `size` agents free and as many callers waiting. */
export interface Growth {
  readonly size: number
  readonly durations: readonly number[]
}

const max = (value: number) => ({ max: value })
const min = (value: number) => ({ min: value })

export function ratiosOf(results: readonly Result[], growth: readonly Growth[]): readonly Ratio[] {
  const of = (system: Result['system']) => results.find((result) => result.system === system)
  const [ours, queue, bare] = [of('Linia'), of('app_queue'), of('bare loop')]
  const row = (name: string, by: 'p50' | 'p90', a: Result | undefined, b: Result | undefined) =>
    quotient(figure(a, name, by), figure(b, name, by))
  const [few, many] = growth.map(({ durations }) => figuresOf(durations).p50)
  const all: readonly [string, number | null, Ratio['bound']][] = [
    [`${handOverName}, median ÷ the bare loop’s`, row(handOverName, 'p50', ours, bare), max(2)],
    [`${handOverName}, p90 ÷ the bare loop’s`, row(handOverName, 'p90', ours, bare), max(3)],
    [`${handOverName}, app_queue’s median ÷ ours`, row(handOverName, 'p50', queue, ours), min(40)],
    [`${arrivalName}, median ÷ app_queue’s`, row(arrivalName, 'p50', ours, queue), max(1.5)],
    [`${bridgedName}, median ÷ the bare loop’s`, row(bridgedName, 'p50', ours, bare), max(2)],
    [`${bridgedName}, p90 ÷ the bare loop’s`, row(bridgedName, 'p90', ours, bare), max(2)],
    ['mean wait ÷ the optimum for these callers', waitRatio(ours), max(1.05)],
    [
      'processor per call before compression ÷ app_queue’s',
      processor(ours, queue, ['compression']),
      max(1.3),
    ],
    ['processor per call ÷ app_queue’s', processor(ours, queue, []), max(1.5)],
    ['highest rate without a failure ÷ app_queue’s', limitRatio(ours, queue), min(0.8)],
    ['a decision among 1,000 ÷ one among 10', quotient(many ?? null, few ?? null), max(2)],
  ]
  return all.flatMap(([name, value, bound]) => (value === null ? [] : [{ name, value, bound }]))
}

export function isKept({ value, bound }: Ratio): boolean {
  return 'max' in bound ? value <= bound.max : value >= bound.min
}

export function ratioText(ratio: Ratio): string {
  const { name, value, bound } = ratio
  const wanted = 'max' in bound ? `≤ ${bound.max}` : `≥ ${bound.min}`
  const shown = Number.isNaN(value) ? 'not measured' : `×${value.toFixed(2)}`
  return `${name}: ${shown}   budget ${wanted}: ${isKept(ratio) ? 'kept' : 'MISSED'}`
}

const quotient = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a / b

/** Null: not measured yet. */
function figure(result: Result | undefined, name: string, by: keyof Figures): number | null {
  const found: Row | undefined = result?.rows.find((row) => row.name === name)
  return found === undefined ? null : figuresOf(found.durations)[by]
}

function waitRatio(ours: Result | undefined): number | null {
  const queued = ours?.queued ?? null
  return queued === null ? null : queued.meanWaitMs / queued.idealWaitMs
}

/** Processor time per call of all processes but those `without`. */
function processor(
  ours: Result | undefined,
  queue: Result | undefined,
  without: readonly string[],
): number | null {
  const used = (result: Result | undefined): number | null => {
    const loaded = result?.loaded ?? null
    if (loaded === null) return null
    if (loaded.cpuPerCall === null) return NaN
    const counted = Object.entries(loaded.cpuPerCall).filter(([name]) => !without.includes(name))
    return counted.reduce((sum, [, seconds]) => sum + seconds, 0)
  }
  return quotient(used(ours), used(queue))
}

function limitRatio(ours: Result | undefined, queue: Result | undefined): number | null {
  const rate = (result: Result | undefined): number | null => {
    const limit = result?.limit ?? null
    return limit === null || limit.isCutShort ? null : limit.keptPerSecond
  }
  return quotient(rate(ours), rate(queue))
}
