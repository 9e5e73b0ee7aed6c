/** Whether a part gets too little of the processor, by what the kernel says of its first thread. */
import { readFileSync } from 'node:fs'
import { stateOf } from './process-state.ts'

/**
 * In the queue for a processor for two thirds of the time, six looks running: a surge, and not the two or three seconds in which
 * a hundred callers come or go at once, or it takes a line over beside people who talk.
 */
const shortShare = 2 / 3
const shortLooks = 6
const enoughShare = 1 / 10
const enoughLooks = 30

export interface Standing {
  /** Since it was started. */
  readonly computedMs: number
  /** Ready to compute, and without a processor. The kernel adds a wait when it is over. */
  readonly waitedMs: number
  /** Ready now: it computes, or waits. */
  readonly isReady: boolean
}

export class Starvation {
  readonly #everyMs: number
  #before: (Standing & { readonly atMs: number }) | null = null
  /** For how many looks in a row the opposite of `#short` has been seen; one that comes late counts for those missed. */
  #against = 0
  #short = false

  /** `everyMs`: between two looks. */
  constructor(everyMs: number) {
    this.#everyMs = everyMs
  }

  look(standing: Standing, atMs: number): boolean {
    const { computedMs, waitedMs, isReady } = standing
    const before = this.#before
    // In the middle of a wait: the next look sees all of it.
    if (before !== null && isReady && computedMs === before.computedMs) return this.#short
    this.#before = { ...standing, atMs }
    if (before === null) return this.#short
    const spanMs = atMs - before.atMs
    const share = (waitedMs - before.waitedMs) / spanMs
    const isAgainst = this.#short ? share < enoughShare : share >= shortShare
    this.#against = isAgainst ? this.#against + Math.max(1, Math.round(spanMs / this.#everyMs)) : 0
    if (this.#against >= (this.#short ? enoughLooks : shortLooks)) {
      this.#short = !this.#short
      this.#against = 0
    }
    return this.#short
  }
}

/** Null: the process is gone, or this kernel does not say. */
export function standingOf(pid: number): Standing | null {
  try {
    const [computedNs, waitedNs] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')
    const isReady = stateOf(pid)?.[0] === 'R'
    return { computedMs: Number(computedNs) / 1e6, waitedMs: Number(waitedNs) / 1e6, isReady }
  } catch {
    return null
  }
}
