/**
 * Simulated time. Everything that happens is a step with a moment; steps of one moment run in the order
 * in which they were set. After each, whatever it set free among promises runs to its end.
 */
import type { WorldTime } from '../../../test/support/fake-wire.ts'

/** A step may be waited for in real time, when it asks a real Redis. */
export type Act = () => unknown

interface Step {
  readonly at: number
  readonly order: number
  /** Null when it was called off. */
  act: Act | null
}

const isBefore = (a: Step, b: Step): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

/** 2026-11-25 10:00 in Bucharest. */
const startOfTime = Date.UTC(2026, 10, 25, 8)

export class Schedule implements WorldTime {
  readonly #heap: Step[] = []
  #order = 0
  #elapsed = 0
  #steps = 0
  /** By how much the wall clock has been set forward so far. */
  #jumpedMs = 0

  /** Monotonic, from 0. */
  get elapsed(): number {
    return this.#elapsed
  }
  get steps(): number {
    return this.#steps
  }

  /** The wall clock, which can jump. */
  now(): number {
    return startOfTime + Math.floor(this.#elapsed) + this.#jumpedMs
  }
  jump(ms: number): void {
    this.#jumpedMs += ms
  }

  after(waitMs: number, act: Act): () => void {
    return this.at(this.#elapsed + Math.max(0, waitMs), act)
  }

  /** `elapsed` is the monotonic moment; one that has passed is now. */
  at(elapsed: number, act: Act): () => void {
    const step: Step = { at: Math.max(elapsed, this.#elapsed), order: this.#order++, act }
    this.#push(step)
    return () => {
      step.act = null
    }
  }

  /** Runs everything up to this moment, and `afterEach` after every step. */
  async run(until: number, afterEach: () => void): Promise<void> {
    for (;;) {
      const next = this.#heap[0]
      if (next === undefined || next.at > until) break
      this.#pop()
      if (next.act === null) continue
      this.#elapsed = next.at
      this.#steps += 1
      const wait = next.act()
      if (wait instanceof Promise) await wait
      await settled()
      afterEach()
    }
    this.#elapsed = until
  }

  #push(step: Step): void {
    const heap = this.#heap
    let at = heap.length
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent]
      if (above === undefined || !isBefore(step, above)) break
      heap[at] = above
      at = parent
    }
    heap[at] = step
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      const right = heap[child + 1]
      let least = heap[child]
      if (least === undefined) break
      if (right !== undefined && isBefore(right, least)) {
        least = right
        child += 1
      }
      if (!isBefore(least, last)) break
      heap[at] = least
      at = child
    }
    heap[at] = last
  }
}

/** All promises that can go on have gone on: Node runs its next tick only when none is left. */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}
