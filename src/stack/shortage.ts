/** Whether a part gets too little of the processor, by what the kernel says of its first thread each second. */
import { readFileSync } from 'node:fs'

/**
 * In the queue for a processor for a third of the time, three looks running: a surge, not the second or two in which
 * it takes a line over.
 */
const shortShare = 1 / 3
const shortLooks = 3
const enoughShare = 1 / 10
const enoughLooks = 30

export class Shortage {
  #before: { readonly waitedMs: number; readonly atMs: number } | null = null
  /** How many looks in a row have said the opposite of `#short`. */
  #against = 0
  #short = false

  /** `waitedMs`: in all since it was started, as of `atMs`. */
  look(waitedMs: number, atMs: number): boolean {
    const before = this.#before
    this.#before = { waitedMs, atMs }
    if (before === null || atMs <= before.atMs) return this.#short
    const share = (waitedMs - before.waitedMs) / (atMs - before.atMs)
    const isAgainst = this.#short ? share < enoughShare : share >= shortShare
    this.#against = isAgainst ? this.#against + 1 : 0
    if (this.#against >= (this.#short ? enoughLooks : shortLooks)) {
      this.#short = !this.#short
      this.#against = 0
    }
    return this.#short
  }
}

/** How long a process's first thread has been ready to compute and had no processor. Null: it is gone, or nobody knows. */
export function waitedMs(pid: number): number | null {
  try {
    const [, waitedNs] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')
    return Number(waitedNs) / 1e6
  } catch {
    return null
  }
}
