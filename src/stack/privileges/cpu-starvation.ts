/** Detects a starved process from the kernel's scheduling statistics of its main thread. */
import { readFileSync } from 'node:fs'
import { stateOf } from './process-state.ts'

/**
 * Starved: waiting for a processor two thirds of the time in six consecutive samples. This detects a surge, but not
 * the two or three seconds of a hundred simultaneous calls or of a takeover beside conversations. Starvation ends after
 * thirty consecutive samples with less than a tenth.
 */
const starvedShare = 2 / 3
const starvedSamples = 6
const sufficientShare = 1 / 10
const sufficientSamples = 30

export interface SchedulingSample {
  /** CPU time since its start. */
  readonly computedMs: number
  /** Time runnable without a processor. The kernel adds a wait when it ends. */
  readonly waitedMs: number
  /** Runnable now: running or waiting. */
  readonly isReady: boolean
}

export class Starvation {
  readonly #everyMs: number
  #previous: (SchedulingSample & { readonly atMs: number }) | null = null
  /** Consecutive samples that contradict `#starved`; a late sample counts for the missed ones. */
  #contrary = 0
  #starved = false

  /** `everyMs`: interval of the samples. */
  constructor(everyMs: number) {
    this.#everyMs = everyMs
  }

  /** Whether the process is starved, this sample included. */
  add(sample: SchedulingSample, atMs: number): boolean {
    const { computedMs, waitedMs, isReady } = sample
    const previous = this.#previous
    // A wait is in progress; the sample after its end contains all of it.
    if (previous !== null && isReady && computedMs === previous.computedMs) return this.#starved
    this.#previous = { ...sample, atMs }
    if (previous === null) return this.#starved
    const spanMs = atMs - previous.atMs
    const share = (waitedMs - previous.waitedMs) / spanMs
    const isContrary = this.#starved ? share < sufficientShare : share >= starvedShare
    this.#contrary = isContrary ? this.#contrary + Math.max(1, Math.round(spanMs / this.#everyMs)) : 0
    if (this.#contrary >= (this.#starved ? sufficientSamples : starvedSamples)) {
      this.#starved = !this.#starved
      this.#contrary = 0
    }
    return this.#starved
  }
}

/** Null when the process has ended or the kernel has no statistics. */
export function schedulingSampleOf(pid: number): SchedulingSample | null {
  try {
    const [computedNs, waitedNs] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')
    const isReady = stateOf(pid)?.[0] === 'R'
    return { computedMs: Number(computedNs) / 1e6, waitedMs: Number(waitedNs) / 1e6, isReady }
  } catch {
    return null
  }
}
