/**
 * Whether the processor keeps its pace, by how long the same piece of arithmetic takes: it needs no memory and waits
 * for nothing, so in a program that goes before all others nothing but the processor itself can make it slow. On a
 * shared host the processors may run at a tenth of their speed for tens of milliseconds (docs/bench.md).
 */

/** From when until when, in milliseconds. */
export interface Slow {
  readonly from: number
  readonly to: number
}

const rounds = 12_000
const warmUps = 2_000
/** Slower by so much counts. A busy second thread of the same core makes less of a difference. */
const slowTimes = 3
/** One slow sample may have met an interrupt; so many in a row have not. */
const inARow = 3

export class PaceMeter {
  /** The quickest of all: what it takes when nothing disturbs. */
  #quickestMs = Infinity
  #slowFrom = 0
  #slowSamples = 0
  /** So that nobody can leave the arithmetic out. */
  #result = 0

  constructor() {
    for (let each = 0; each < warmUps; each += 1)
      this.#quickestMs = Math.min(this.#quickestMs, this.#arithmetic())
  }

  /** To be called every few milliseconds. The slow stretch until now, by `performance.now`; null: there is none. */
  sample(): Slow | null {
    const tookMs = this.#arithmetic()
    this.#quickestMs = Math.min(this.#quickestMs, tookMs)
    if (tookMs < slowTimes * this.#quickestMs) {
      this.#slowSamples = 0
      return null
    }
    const to = performance.now()
    if (this.#slowSamples === 0) this.#slowFrom = to - tookMs
    this.#slowSamples += 1
    return this.#slowSamples < inARow ? null : { from: this.#slowFrom, to }
  }

  #arithmetic(): number {
    const began = performance.now()
    let x = 88_172_645 ^ this.#result
    for (let round = 0; round < rounds; round += 1) {
      x ^= x << 13
      x ^= x >>> 17
      x ^= x << 5
    }
    this.#result = x & 1
    return performance.now() - began
  }
}
