/**
 * Simulated time. Every action is a step with a time; steps of the same time run in the order in which they were
 * scheduled. After each step all promises that can settle do so.
 */
import type { WorldTime } from '../../../test/support/pbx/fake-wire.ts'

/** A step that uses a real Redis returns a promise, which is awaited in real time. */
export type Act = () => unknown

interface Step {
  readonly at: number
  readonly order: number
  /** Null when cancelled. */
  act: Act | null
}

const isBefore = (a: Step, b: Step): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

/** 2026-11-25 10:00 in Bucharest. */
export const startOfTime = Date.UTC(2026, 10, 25, 8)

export class Schedule implements WorldTime {
  readonly #heap: Step[] = []
  #order = 0
  #elapsed = 0
  #steps = 0
  /** Sum of the wall clock's jumps so far. */
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

  /** `elapsed` is a monotonic time; a past one means now. */
  at(elapsed: number, act: Act): () => void {
    const step: Step = { at: Math.max(elapsed, this.#elapsed), order: this.#order++, act }
    this.#push(step)
    return () => {
      step.act = null
    }
  }

  /** Runs all steps up to this time, and `afterEach` after every step. */
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

/** Resolves when no promise can settle any more: Node runs the next tick only then. */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}
