/** Which agent talked last with each caller of the last time, so that who rings again gets the same agent if that one is free. */
import type { Call, LiveCall } from '../core/call.ts'
import type { AgentId, Millis } from '../core/ids.ts'

interface Spoke {
  readonly agent: AgentId
  readonly at: Millis
}

/** More callers than a line has in an hour. */
const rememberedMax = 5_000

/** In memory alone: a server that takes over begins without, and callers are served all the same. */
export class RecentCallers {
  readonly #forMs: number
  readonly #now: () => Millis
  /** By number, oldest end first. */
  readonly #spoke = new Map<string, Spoke>()

  /** `forMs`: how long after the end of a call; 0: never. */
  constructor(forMs: number, now: () => Millis) {
    this.#forMs = forMs
    this.#now = now
  }

  ended({ caller, lastAgent }: Call): void {
    if (this.#forMs === 0 || caller.number === null || lastAgent === null) return
    this.#spoke.delete(caller.number)
    this.#spoke.set(caller.number, { agent: lastAgent, at: this.#now() })
    const [oldest] = this.#spoke.keys()
    if (this.#spoke.size > rememberedMax && oldest !== undefined) this.#spoke.delete(oldest)
  }

  /** Undefined: whoever is next. A caller whom an agent has sent on is not sent back by this. */
  readonly agentOf = ({ caller, transfer }: LiveCall): AgentId | undefined => {
    if (caller.number === null || transfer !== null) return undefined
    const spoke = this.#spoke.get(caller.number)
    if (spoke === undefined) return undefined
    if (this.#now() - spoke.at <= this.#forMs) return spoke.agent
    this.#spoke.delete(caller.number)
    return undefined
  }
}
