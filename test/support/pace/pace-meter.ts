/**
 * Whether the processor keeps its pace, by how long the same piece of arithmetic takes: it needs no memory and waits
 * for nothing, so in a program that goes before all others nothing but the processor itself can make it slow for long.
 * On a shared host the processors may run at a tenth of their speed for tens of milliseconds (docs/measurements/2026-11-27-host-pace.md).
 */

/** From when until when, in milliseconds. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** One in which a processor was slow, or stood still. */
export type Slow = Span

/** Slower by so much counts. A busy second thread of the same core makes less of a difference. */
const slowTimes = 3
/** One slow sample may have met an interrupt; so many in a row have not. */
const inARow = 3
/** What is usual is the median of so many samples, found anew each time that half of them have come. */
const usualOf = 256

export class PaceMeter {
  readonly #sampleOf: (boundMs: number) => number
  #usualMs: number
  #recent: number[] = []
  #slowFrom = 0
  #slowSamples = 0

  /** `sampleOf`: does the arithmetic, or a part of it once it takes longer than the bound; milliseconds. */
  constructor(sampleOf = arithmetic) {
    this.#sampleOf = sampleOf
    this.#usualMs = median(Array.from({ length: usualOf }, () => sampleOf(Infinity)))
  }

  /** To be called every few milliseconds. The slow stretch until `now`; null: there is none. */
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

/** A standstill that is shorter than this is not told: interrupts take as long. */
const stillMinMs = 1

/**
 * Whether a processor stood still, by a thread that goes before all others on it and is woken every few milliseconds: one
 * that wakes late although nobody kept it waiting was not even reached by its timer's interrupt. What the kernel does
 * for long with its interrupts open is not taken for it: the interrupt comes, and the thread waits.
 */
export class StillMeter {
  #waitedMs: number

  /** `waitedMs`: for how long this thread has waited for the processor since it began. */
  constructor(waitedMs: number) {
    this.#waitedMs = waitedMs
  }

  /** Was due then, woke up now. */
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
/** So that nobody can leave the arithmetic out. */
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

/** In order, and no two at the same time: what several processors have told. */
export function merged(slow: readonly Slow[]): readonly Slow[] {
  const all: Slow[] = []
  for (const { from, to } of slow.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1)
    if (last === undefined || from > last.to) all.push({ from, to })
    else all[all.length - 1] = { from: last.from, to: Math.max(last.to, to) }
  }
  return all
}

/** How much of the time between these two moments such stretches, in order, have taken. */
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
 * The same stretches with the time in which what has piled up is done: where two fifths of a processor are in use, as
 * under the crowd of `make chaos`, two thirds of a stretch; as long again is granted.
 */
export const withCatchingUp = (slow: readonly Slow[]): readonly Slow[] =>
  slow.map(({ from, to }) => ({ from, to: to + (to - from) }))
