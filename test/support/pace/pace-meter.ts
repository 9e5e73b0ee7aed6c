/**
 * Measures whether the processor runs at its usual speed, by the duration of a fixed piece of arithmetic. The
 * arithmetic needs no memory and no waiting, so in a process of the highest priority only the processor itself can
 * slow it for long. On a shared host the processors may run at a tenth of their speed for tens of milliseconds
 * (docs/measurements/2026-11-27-host-pace.md).
 */

/** A period, in milliseconds. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A period in which a processor was slow or stalled. */
export type Slow = Span

/** A sample that takes this many times as long as usual is slow. A busy sibling thread of the core costs less. */
const slowTimes = 3
/** A single slow sample may be due to an interrupt; this many in a row are not. */
const inARow = 3
/** The usual duration is the median of this many samples, updated after each half of them. */
const usualOf = 256

export class PaceMeter {
  readonly #sampleOf: (boundMs: number) => number
  #usualMs: number
  #recent: number[] = []
  #slowFrom = 0
  #slowSamples = 0

  /** `sampleOf`: does the arithmetic, only in part beyond the bound, and returns its duration in milliseconds. */
  constructor(sampleOf = arithmetic) {
    this.#sampleOf = sampleOf
    this.#usualMs = median(Array.from({ length: usualOf }, () => sampleOf(Infinity)))
  }

  /** Call it every few milliseconds. Returns the slow period that ends now, or null. */
  sample(now = () => performance.now()): Slow | null {
    const tookMs = this.#sampleOf(slowTimes * this.#usualMs)
    this.#remember(tookMs)
    if (tookMs < slowTimes * this.#usualMs) {
      this.#slowSamples = 0
      return null
    }
    const to = now()
    if (this.#slowSamples === 0) this.#slowFrom = to - tookMs
    this.#slowSamples += 1
    return this.#slowSamples < inARow ? null : { from: this.#slowFrom, to }
  }

  #remember(tookMs: number): void {
    this.#recent.push(tookMs)
    if (this.#recent.length < usualOf) return
    this.#usualMs = median(this.#recent)
    this.#recent = this.#recent.slice(usualOf / 2)
  }
}

/** Shorter stalls are not reported: an interrupt takes as long. */
const stillMinMs = 1

/**
 * Detects stalls of a processor with a thread of the highest priority that wakes every few milliseconds. A late wake-up
 * without waiting for the processor means that the timer's interrupt itself was late. Long kernel work with interrupts
 * enabled does not count as a stall: the interrupt arrives in time, and the thread waits.
 */
export class StillMeter {
  #waitedMs: number

  /** `waitedMs`: total time that this thread has waited for the processor. */
  constructor(waitedMs: number) {
    this.#waitedMs = waitedMs
  }

  /** Records a wake-up that was due at `due` and happened at `now`. */
  woke({ due, now, waitedMs }: { due: number; now: number; waitedMs: number }): Slow | null {
    const stillMs = now - due - (waitedMs - this.#waitedMs)
    this.#waitedMs = waitedMs
    return stillMs < stillMinMs ? null : { from: due, to: due + stillMs }
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

const parts = 12
const roundsOfPart = 1_000
/** Keeps the compiler from removing the arithmetic. */
let result = 0

function arithmetic(boundMs: number): number {
  const began = performance.now()
  let tookMs = 0
  for (let part = 0; part < parts && tookMs < boundMs; part += 1) {
    let x = 88_172_645 ^ result
    for (let round = 0; round < roundsOfPart; round += 1) {
      x ^= x << 13
      x ^= x >>> 17
      x ^= x << 5
    }
    result = x & 1
    tookMs = performance.now() - began
  }
  return tookMs
}

/** The slow periods of several processors, in order and without overlaps. */
export function merged(slow: readonly Slow[]): readonly Slow[] {
  const all: Slow[] = []
  for (const { from, to } of slow.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1)
    if (last === undefined || from > last.to) all.push({ from, to })
    else all[all.length - 1] = { from: last.from, to: Math.max(last.to, to) }
  }
  return all
}

/** Total duration of these periods, given in order, within a span. */
export function slowMs(slow: readonly Slow[], { from, to }: Slow): number {
  let sum = 0
  let counted = from
  for (const stretch of slow) {
    const begin = Math.max(stretch.from, counted)
    const end = Math.min(stretch.to, to)
    if (end <= begin) continue
    sum += end - begin
    counted = end
  }
  return sum
}

/**
 * The same periods, each extended by the time needed to work off the backlog. At a load of two fifths, as in `make
 * chaos`, that is two thirds of a period; the full length of the period is granted.
 */
export const withCatchingUp = (slow: readonly Slow[]): readonly Slow[] =>
  slow.map(({ from, to }) => ({ from, to: to + (to - from) }))
