/** Statistics of a series of durations, and the table that shows them. */

export interface Figures {
  readonly n: number
  readonly mean: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

/** Nearest-rank percentile: the smallest value that at least `share` of the values do not exceed. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN
}

export function figuresOf(durations: readonly number[]): Figures {
  const sorted = durations.toSorted((a, b) => a - b)
  const mean = sorted.reduce((sum, each) => sum + each, 0) / sorted.length
  return {
    n: sorted.length,
    mean,
    p50: percentile(sorted, 0.5),
    p90: percentile(sorted, 0.9),
    p99: percentile(sorted, 0.99),
    max: sorted.at(-1) ?? NaN,
  }
}

/** One duration in milliseconds, and the wall clock time of its end. */
export interface Timing {
  readonly ms: number
  readonly at: number
}

export interface Row {
  readonly name: string
  readonly durations: readonly number[]
  /** The durations with the times of their ends, where these are known. */
  readonly timings?: readonly Timing[]
  /** From `docs/budgets.md`; null: none, or a ratio (`ratios.ts`). A measure without a single value misses its budget. */
  readonly budget: Budget | null
}

/** Milliseconds; a percentile that is left out is not judged. */
export interface Budget {
  readonly p50?: number
  readonly p90?: number
  readonly p99?: number
}

export function table(rows: readonly Row[], decimals = 1): string {
  const wide = Math.max(...rows.map((row) => row.name.length))
  const titles = ['n', 'mean', 'p50', 'p90', 'p99', 'max'].map((each) => each.padStart(9)).join('')
  const head = `${'milliseconds'.padEnd(wide)}${titles}   budget`
  return [head, ...rows.map((row) => lineOf(row, wide, decimals))].join('\n')
}

function lineOf({ name, durations, budget }: Row, wide: number, decimals: number): string {
  const ms = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(decimals)).padStart(9)
  const { n, mean, p50, p90, p99, max } = figuresOf(durations)
  const figures = [mean, p50, p90, p99, max].map(ms).join('')
  return `${name.padEnd(wide)}${String(n).padStart(9)}${figures}${budget === null ? '' : `   ${promised(budget, figuresOf(durations))}`}`
}

/** One row in a line of its own, for while the others are still being measured. */
export function rowText({ name, durations, budget }: Row, decimals = 1): string {
  const ms = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(decimals))
  const { n, mean, p50, p90, p99, max } = figuresOf(durations)
  const figures = `n ${n}, mean ${ms(mean)}, p50 ${ms(p50)}, p90 ${ms(p90)}, p99 ${ms(p99)}, max ${ms(max)} ms`
  return `${name}: ${figures}${budget === null ? '' : `; ${promised(budget, figuresOf(durations))}`}`
}

const judged = ['p50', 'p90', 'p99'] as const

function promised(budget: Budget, figures: Figures): string {
  const bounds = judged.filter((by) => budget[by] !== undefined).map((by) => `${by} ≤ ${budget[by]}`)
  const verdict = meetsBudget(budget, figures) ? 'kept' : 'MISSED'
  return `${bounds.join(', ')}: ${figures.n === 0 ? 'nothing measured: ' : ''}${verdict}`
}

export const meetsBudget = (budget: Budget, figures: Figures): boolean =>
  judged.every((by) => budget[by] === undefined || figures[by] <= budget[by])
