/** What callers and agents see, joined: whose phone rang when, how long after what, and who talked to the end. */
import type { Timing } from '../report/figures.ts'
import type { Moment } from './sipp.ts'

/** One caller's way. Callers and phones tell through two pipes: which of them is read first is chance. */
interface Way {
  calledAt: number | null
  /** When a phone rang for him first. */
  invitedAt: number | null
  /** His agent hung up when the talk was over. */
  talkedOut: boolean
  /** The line hung up on him. */
  left: boolean
}

export class Watch {
  /** From an agent's BYE to the next INVITE at the same phone, while somebody waited. */
  readonly handovers: Timing[] = []
  /** From a caller's INVITE to the INVITE at an agent. */
  readonly reached: Timing[] = []
  /** Of the callers' SIPp. */
  complaints = 0
  /** Of the phones' SIPp, and calls whose end no phone told. */
  phoneComplaints = 0
  /** In SIPp's own words. */
  firstComplaint: string | null = null
  called = 0
  /** Callers who talked for as long as they wanted, and were hung up on then. */
  served = 0
  readonly #hungUpAt = new Map<string, number>()
  /** By number: callers who are not served yet. */
  readonly #ways = new Map<string, Way>()
  readonly #busy = new Set<string>()
  readonly #rung = new Set<string>()

  readonly caller = ({ what, at, details }: Moment): void => {
    const [number = ''] = details
    if (what === 'calling') {
      this.called += 1
      const told = this.#ways.get(number)
      // Whoever stands here with a call of his own was not served: numbers come again after a thousand callers.
      const way = told?.calledAt === null ? told : this.#newWay(number)
      way.calledAt = at
      this.#reach(way)
    } else if (what === 'bye') {
      const way = this.#way(number)
      way.left = true
      this.#finish(number, way)
    }
  }

  readonly agent = ({ what, at, details }: Moment): void => {
    const [agent = '', number = ''] = details
    const way = this.#way(number)
    if (what === 'hung-up') {
      this.#busy.delete(agent)
      this.#hungUpAt.set(agent, at)
      way.talkedOut = true
      this.#finish(number, way)
      return
    }
    this.#busy.add(agent)
    this.#rung.add(agent)
    const before = this.#hungUpAt.get(agent)
    if (before !== undefined) this.handovers.push({ ms: at - before, at })
    if (way.invitedAt !== null) return
    way.invitedAt = at
    this.#reach(way)
  }

  readonly complains = (line: string): void => {
    this.complaints += 1
    this.firstComplaint ??= line
  }
  readonly phoneComplains = (line: string): void => {
    this.phoneComplaints += 1
    this.firstComplaint ??= line
  }

  #way(number: string): Way {
    return this.#ways.get(number) ?? this.#newWay(number)
  }

  #newWay(number: string): Way {
    const way = { calledAt: null, invitedAt: null, talkedOut: false, left: false }
    this.#ways.set(number, way)
    return way
  }

  #reach({ calledAt, invitedAt }: Way): void {
    if (calledAt !== null && invitedAt !== null)
      this.reached.push({ ms: invitedAt - calledAt, at: invitedAt })
  }

  #finish(number: string, { talkedOut, left }: Way): void {
    if (!talkedOut || !left) return
    this.served += 1
    this.#ways.delete(number)
  }

  /** Calls whose end no phone tells any more. */
  giveUpOnBusy(): void {
    this.phoneComplaints += this.#busy.size
    this.#busy.clear()
  }

  get busy(): number {
    return this.#busy.size
  }

  /** Of so many agents: those whose phone has not rung at all, or not again for so long. */
  idleFor(agents: number, boundMs: number): number {
    const now = Date.now()
    const idle = [...this.#rung].filter(
      (agent) => !this.#busy.has(agent) && now - (this.#hungUpAt.get(agent) ?? now) > boundMs,
    )
    return agents - this.#rung.size + idle.length
  }
}
