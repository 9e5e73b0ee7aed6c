/** Joins the events of callers and agents' phones: when a phone rang, how long after which event, and complete talks. */
import type { Timing } from '../report/figures.ts'
import type { SippEvent } from './sipp.ts'

/** Progress of one caller. Callers and phones report through two pipes, which are read in no fixed order. */
interface CallProgress {
  calledAt: number | null
  /** When a phone first rang for this caller. */
  invitedAt: number | null
  /** The agent hung up at the end of the talk. */
  agentHungUp: boolean
  /** The system hung up on the caller. */
  hungUpBySystem: boolean
}

export class CallMonitor {
  /** From an agent's BYE to the next INVITE at the same phone. */
  readonly handovers: Timing[] = []
  /** From a caller's INVITE to the INVITE at an agent. */
  readonly reached: Timing[] = []
  /** Errors of the callers' SIPp. */
  complaints = 0
  /** Errors of the phones' SIPp, and calls whose end no phone reported. */
  phoneComplaints = 0
  /** SIPp's message. */
  firstComplaint: string | null = null
  /** Offers that the PBX withdrew in the moment in which their phone answered: a phone that was too slow for it. */
  withdrawn = 0
  called = 0
  /** Callers who talked for their whole talk time and were then hung up. */
  served = 0
  readonly #hungUpAt = new Map<string, number>()
  /** By number: callers not yet served. */
  readonly #inProgress = new Map<string, CallProgress>()
  readonly #busy = new Set<string>()
  readonly #rung = new Set<string>()

  readonly onCallerEvent = ({ what, at, details }: SippEvent): void => {
    const [number = ''] = details
    if (what === 'calling') {
      this.called += 1
      const known = this.#inProgress.get(number)
      // Numbers repeat after a thousand callers: an entry that has already called belongs to an unserved one.
      const progress = known?.calledAt === null ? known : this.#start(number)
      progress.calledAt = at
      this.#noteReached(progress)
    } else if (what === 'bye') {
      const progress = this.#progress(number)
      progress.hungUpBySystem = true
      this.#finishIfServed(number, progress)
    }
  }

  readonly onPhoneEvent = ({ what, at, details }: SippEvent): void => {
    const [agent = '', number = ''] = details
    const progress = this.#progress(number)
    if (what === 'hung-up') {
      this.#busy.delete(agent)
      this.#hungUpAt.set(agent, at)
      progress.agentHungUp = true
      this.#finishIfServed(number, progress)
      return
    }
    this.#busy.add(agent)
    this.#rung.add(agent)
    const before = this.#hungUpAt.get(agent)
    if (before !== undefined) this.handovers.push({ ms: at - before, at })
    if (progress.invitedAt !== null) return
    progress.invitedAt = at
    this.#noteReached(progress)
  }

  readonly onComplaint = (line: string): void => {
    this.complaints += 1
    this.firstComplaint ??= line
  }
  readonly onPhoneComplaint = (line: string): void => {
    if (line.includes('unexpected CANCEL')) {
      this.withdrawn += 1
      return
    }
    this.phoneComplaints += 1
    this.firstComplaint ??= line
  }

  #progress(number: string): CallProgress {
    return this.#inProgress.get(number) ?? this.#start(number)
  }

  #start(number: string): CallProgress {
    const progress = { calledAt: null, invitedAt: null, agentHungUp: false, hungUpBySystem: false }
    this.#inProgress.set(number, progress)
    return progress
  }

  #noteReached({ calledAt, invitedAt }: CallProgress): void {
    if (calledAt !== null && invitedAt !== null)
      this.reached.push({ ms: invitedAt - calledAt, at: invitedAt })
  }

  #finishIfServed(number: string, { agentHungUp, hungUpBySystem }: CallProgress): void {
    if (!agentHungUp || !hungUpBySystem) return
    this.served += 1
    this.#inProgress.delete(number)
  }

  /** Counts calls whose end no phone has reported as errors. */
  giveUpOnBusy(): void {
    this.phoneComplaints += this.#busy.size
    this.#busy.clear()
  }

  get busy(): number {
    return this.#busy.size
  }

  /** Of `agents` agents: those whose phone has not rung, or not again within `boundMs` after its last call. */
  idleFor(agents: number, boundMs: number): number {
    const now = Date.now()
    const idle = [...this.#rung].filter(
      (agent) => !this.#busy.has(agent) && now - (this.#hungUpAt.get(agent) ?? now) > boundMs,
    )
    return agents - this.#rung.size + idle.length
  }
}
