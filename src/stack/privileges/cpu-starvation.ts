/** Detects a starved process from the kernel's scheduling statistics of its main thread. */
import { readFileSync } from 'node:fs'
import { stateOf } from './process-state.ts'

/**
 * Starved: waiting for a processor two thirds of the time in six consecutive samples. This detects a surge, but not the
 * two or three seconds of a hundred simultaneous calls or of a takeover beside conversations.
 */
const shortShare = 2 / 3
const shortLooks = 6
const enoughShare = 1 / 10
const enoughLooks = 30

export interface Standing {
  /** CPU time since its start. */
  readonly computedMs: number
  /** Time runnable without a processor. The kernel adds a wait when it ends. */
  readonly waitedMs: number
  /** Runnable now: running or waiting. */
  readonly isReady: boolean
}

export class Starvation {
  readonly #everyMs: number
  #before: (Standing & { readonly atMs: number }) | null = null
  /** Consecutive samples that contradict `#short`; a late sample counts for the missed ones. */
  #against = 0
  #short = false

  /** `everyMs`: interval of the samples. */
  constructor(everyMs: number) {
    this.#everyMs = everyMs
  }

  look(standing: Standing, atMs: number): boolean {
    const { computedMs, waitedMs, isReady } = standing
    const before = this.#before
    // A wait is in progress; the next sample sees all of it.
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

/** Null when the process has ended or the kernel has no statistics. */
export function standingOf(pid: number): Standing | null {
  try {
    const [computedNs, waitedNs] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')
    const isReady = stateOf(pid)?.[0] === 'R'
    return { computedMs: Number(computedNs) / 1e6, waitedMs: Number(waitedNs) / 1e6, isReady }
  } catch {
    return null
  }
}
