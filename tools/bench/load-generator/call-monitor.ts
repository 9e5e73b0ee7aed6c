/** What callers and agents see, joined: whose phone rang when, how long after what, and who talked to the end. */
import type { Timing } from '../report/figures.ts'
import type { SippEvent } from './sipp.ts'

/** One caller's way. Callers and phones tell through two pipes: which of them is read first is chance. */
interface CallProgress {
  calledAt: number | null
  /** When a phone rang for him first. */
  invitedAt: number | null
  /** His agent hung up when the talk was over. */
  talkedOut: boolean
  /** The line hung up on him. */
  left: boolean
}

export class CallMonitor {
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
  readonly #ways = new Map<string, CallProgress>()
  readonly #busy = new Set<string>()
  readonly #rung = new Set<string>()

  readonly onCallerEvent = ({ what, at, details }: SippEvent): void => {
    const [number = ''] = details
    if (what === 'calling') {
      this.called += 1
      const told = this.#ways.get(number)
      // Whoever stands here with a call of his own was not served: numbers come again after a thousand callers.
      const progress = told?.calledAt === null ? told : this.#newWay(number)
      progress.calledAt = at
      this.#reach(progress)
    } else if (what === 'bye') {
      const progress = this.#progress(number)
      progress.left = true
      this.#finish(number, progress)
    }
  }

  readonly onPhoneEvent = ({ what, at, details }: SippEvent): void => {
    const [agent = '', number = ''] = details
    const progress = this.#progress(number)
    if (what === 'hung-up') {
      this.#busy.delete(agent)
      this.#hungUpAt.set(agent, at)
      progress.talkedOut = true
      this.#finish(number, progress)
      return
    }
    this.#busy.add(agent)
    this.#rung.add(agent)
    const before = this.#hungUpAt.get(agent)
    if (before !== undefined) this.handovers.push({ ms: at - before, at })
    if (progress.invitedAt !== null) return
    progress.invitedAt = at
    this.#reach(progress)
  }

  readonly onComplaint = (line: string): void => {
    this.complaints += 1
    this.firstComplaint ??= line
  }
  readonly onPhoneComplaint = (line: string): void => {
    this.phoneComplaints += 1
    this.firstComplaint ??= line
  }

  #progress(number: string): CallProgress {
    return this.#ways.get(number) ?? this.#newWay(number)
  }

  #newWay(number: string): CallProgress {
    const progress = { calledAt: null, invitedAt: null, talkedOut: false, left: false }
    this.#ways.set(number, progress)
    return progress
  }

  #reach({ calledAt, invitedAt }: CallProgress): void {
    if (calledAt !== null && invitedAt !== null)
      this.reached.push({ ms: invitedAt - calledAt, at: invitedAt })
  }

  #finish(number: string, { talkedOut, left }: CallProgress): void {
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
