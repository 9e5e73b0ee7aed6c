/** Calls that agents have had dialled within the last hour; another owner begins anew. */
import type { AgentId, Millis } from '../../core/ids.ts'
import type { Clock } from '../ports.ts'

const hourMs = 3_600_000

export class DialledLately {
  readonly #clock: Pick<Clock, 'now'>
  /** Oldest first. */
  #dialled: readonly { readonly by: AgentId; readonly at: Millis }[] = []

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  add(by: AgentId): void {
    this.#dialled = [...this.#lately(), { by, at: this.#clock.now() }]
  }

  count(by: AgentId): { readonly own: number; readonly all: number } {
    const lately = this.#lately()
    return { own: lately.filter((one) => one.by === by).length, all: lately.length }
  }

  #lately() {
    const since = this.#clock.now() - hourMs
    return this.#dialled.filter(({ at }) => at > since)
  }
}
