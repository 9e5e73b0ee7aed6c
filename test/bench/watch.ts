/** What callers and agents see, joined: whose phone rang when, and how long after what. */
import type { Moment } from './sipp.ts'

export interface Talk {
  readonly caller: string
  readonly agent: string
  readonly invitedAt: number
}

export class Watch {
  /** From an agent's BYE to the next INVITE at the same phone, while somebody waited. */
  readonly handovers: number[] = []
  /** From a caller's INVITE to the INVITE at an agent. */
  readonly reached: number[] = []
  complaints = 0
  called = 0
  talks = 0
  ended = 0
  readonly #hungUpAt = new Map<string, number>()
  /** Callers who have not reached an agent yet, and when they called. */
  readonly #calling = new Map<string, number>()
  readonly #busy = new Set<string>()

  readonly caller = ({ what, at, details }: Moment): void => {
    const [number = ''] = details
    if (what === 'calling') {
      this.called += 1
      this.#calling.set(number, at)
    } else if (what === 'bye') this.ended += 1
  }

  readonly agent = ({ what, at, details }: Moment): void => {
    const [agent = '', number = ''] = details
    if (what === 'hung-up') {
      this.#busy.delete(agent)
      this.#hungUpAt.set(agent, at)
      return
    }
    this.#busy.add(agent)
    this.talks += 1
    const before = this.#hungUpAt.get(agent)
    if (before !== undefined) this.handovers.push(at - before)
    const calledAt = this.#calling.get(number)
    this.#calling.delete(number)
    if (calledAt !== undefined) this.reached.push(at - calledAt)
  }

  /** Calls whose end no phone tells any more. */
  giveUpOnBusy(): void {
    this.complaints += this.#busy.size
    this.#busy.clear()
  }

  get busy(): number {
    return this.#busy.size
  }

  get waiting(): number {
    return this.#calling.size
  }
}
