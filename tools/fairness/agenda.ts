/** Simulated time: steps run in the order of their times, those of one time in the order in which they were planned. */
import { Sorted } from '../../src/core/sorted.ts'
import type { Millis } from '../../src/core/ids.ts'

interface Step {
  readonly at: Millis
  readonly order: number
  readonly act: () => void
}

export class Agenda {
  readonly #steps = new Sorted<Step>((a, b) => a.at - b.at || a.order - b.order)
  #order = 0
  #now: Millis

  constructor(from: Millis) {
    this.#now = from
  }

  get now(): Millis {
    return this.#now
  }

  at(at: Millis, act: () => void): void {
    this.#steps.add({ at: Math.max(at, this.#now), order: this.#order++, act })
  }

  after(waitMs: Millis, act: () => void): void {
    this.at(this.#now + waitMs, act)
  }

  run(until: Millis): void {
    const steps = this.#steps.items
    while (steps[0] !== undefined && steps[0].at <= until) {
      const step = steps.shift()
      if (step === undefined) return
      this.#now = step.at
      step.act()
    }
    this.#now = until
  }
}
