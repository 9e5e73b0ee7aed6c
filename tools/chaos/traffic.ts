/**
 * Simulated callers and agents' phones, with their own observations of every call: the reference for the ledger.
 * Neither side hangs up unless told to, so a call that ends otherwise was lost.
 */
import { randomUUID } from 'node:crypto'
import { openExchange, type Exchange, type Report } from '../demo/calls/exchange.ts'
import type { SippEvent } from '../bench/load-generator/sipp.ts'
import type { Linia } from '../../test/support/stack.ts'
import { until } from '../../test/support/until.ts'
import type { MediaEndpoints } from './media-endpoints.ts'
import { openPhones, type Phones } from './phones.ts'

/** One ringing or conversation at a phone. Times are wall clock milliseconds. */
export interface Talk {
  readonly callId: string
  readonly agent: string
  readonly invitedAt: number
  talkingAt: number | null
  endedAt: number | null
}

export interface Caller {
  readonly number: string
  readonly callId: string
  /** Port of the caller's media endpoint. */
  readonly leg: number
  calledAt: number
  /** When the network answered; music counts. */
  answeredAt: number | null
  /** Phones of serving agents that rang for this caller, in order. */
  readonly talks: Talk[]
  /** The same of a consulted colleague and a supervisor. */
  readonly others: Talk[]
  endedAt: number | null
  ending: 'bye' | 'hung-up' | 'cancelled' | 'refused' | 'aborted' | null
  /** The side told to hang up; null: neither, so the call should still be up. */
  hangUpBy: 'agent' | 'caller' | null
  /** When that side was told; Infinity before. */
  hangUpAt: number
  /** Asterisk was killed during the call. */
  fell: boolean
}

export interface Traffic {
  /** Calls in progress, and all calls since the last `forget`. */
  readonly callers: readonly Caller[]
  talking(): readonly Caller[]
  waiting(): readonly Caller[]
  /** Places a call. */
  call(): Promise<Caller>
  /** Makes the agent in this conversation hang up. */
  endTalk(caller: Caller): void
  /** Makes the caller hang up. */
  hangUp(caller: Caller): void
  /** Makes the phone in this talk hang up, such as a colleague's. */
  leave(talk: Talk): void
  /** Media endpoint of somebody's phone, by username. */
  legOf(username: string): number
  /** Drops the ended calls. */
  forget(): void
  stop(): Promise<void>
}

export const isTalking = (caller: Caller): boolean => talkOf(caller) !== null
const talkOf = ({ talks, endedAt }: Caller): Talk | null =>
  endedAt !== null
    ? null
    : (talks.findLast((talk) => talk.talkingAt !== null && talk.endedAt === null) ?? null)

/** Whether the caller has talked with an agent. */
export const hasTalked = ({ talks }: Caller): boolean => talks.some(({ talkingAt }) => talkingAt !== null)

export async function openTraffic(
  linia: Linia,
  media: MediaEndpoints,
  agents: readonly string[],
  /** Usernames of those who are never serving agents. */
  others: readonly string[] = [],
): Promise<Traffic> {
  const exchange = await openExchange(linia.trunk, linia.sip)
  const traffic = new SimulatedTraffic(exchange, media, new Set(others))
  const accounts = [...agents, ...others].map((agent) => linia.account(agent))
  try {
    traffic.phones = await openPhones(linia.sip, accounts, media, (event) => traffic.onPhoneEvent(event))
  } catch (error) {
    await traffic.stop()
    throw error
  }
  return traffic
}

/** Minimum gap between calls, so that their order of arrival is unambiguous. */
export const callerGapMs = 40

let serial = Math.floor(Math.random() * 1_000_000)

class SimulatedTraffic implements Traffic {
  callers: Caller[] = []
  phones: Phones | null = null
  readonly #exchange: Exchange
  readonly #media: MediaEndpoints
  readonly #others: ReadonlySet<string>
  readonly #byNumber = new Map<string, Caller>()
  /** The call whose audio a phone's endpoint carries: the next INVITE may precede the previous call's BYE. */
  readonly #callOnEndpoint = new Map<number, string>()

  constructor(exchange: Exchange, media: MediaEndpoints, others: ReadonlySet<string>) {
    this.#exchange = exchange
    this.#media = media
    this.#others = others
  }

  talking(): readonly Caller[] {
    return this.callers.filter(isTalking)
  }

  waiting(): readonly Caller[] {
    return this.callers.filter((caller) => caller.endedAt === null && !isTalking(caller))
  }

  async call(): Promise<Caller> {
    const leg = await this.#media.open(this.#exchange.from)
    serial = (serial + 1) % 100_000_000
    const number = `07${String(serial).padStart(8, '0')}`
    const callId = `chaos-${randomUUID()}`
    const caller: Caller = {
      number,
      callId,
      leg,
      calledAt: 0,
      answeredAt: null,
      talks: [],
      others: [],
      endedAt: null,
      ending: null,
      hangUpBy: null,
      hangUpAt: Infinity,
      fell: false,
    }
    this.callers.push(caller)
    this.#byNumber.set(number, caller)
    const fromHeader = `<sip:${number}@${this.#exchange.from}>`
    this.#exchange.call({ callId, number: '969', fromHeader, rtpPort: leg }, (report) =>
      this.#onReport(caller, report),
    )
    await until(() => caller.calledAt > 0)
    return caller
  }

  endTalk(caller: Caller): void {
    const talk = talkOf(caller)
    if (talk === null) return
    caller.hangUpBy ??= 'agent'
    caller.hangUpAt = Date.now()
    this.phones?.hangUp(talk.callId)
  }

  hangUp(caller: Caller): void {
    if (caller.endedAt !== null) return
    caller.hangUpBy ??= 'caller'
    caller.hangUpAt = Date.now()
    this.#exchange.hangUp(caller.callId)
  }

  leave({ callId }: Talk): void {
    this.phones?.hangUp(callId)
  }

  legOf(username: string): number {
    return this.phones?.legOf(username) ?? 0
  }

  forget(): void {
    this.callers = this.callers.filter(({ endedAt }) => endedAt === null)
  }

  async stop(): Promise<void> {
    await this.#exchange.close()
    await this.phones?.stop()
  }

  #onReport(caller: Caller, report: Report): void {
    const [host, port] = report.detail
    if (host !== undefined && port !== undefined)
      this.#media.startSending(caller.leg, { host, port: Number(port) })
    switch (report.what) {
      case 'calling':
        caller.calledAt = report.at
        return
      case 'ringing':
      case 'progress':
        return
      case 'answered':
        caller.answeredAt = report.at
        return
      case 'bye':
      case 'hung-up':
      case 'cancelled':
      case 'refused':
      case 'aborted':
        caller.ending = report.what
        caller.endedAt = report.at
        this.#media.close(caller.leg)
    }
  }

  onPhoneEvent({ at, what, callId, details }: SippEvent): void {
    const [agent = '', number = '', host, port] = details
    const caller = this.#byNumber.get(number)
    const talks = this.#others.has(agent) ? caller?.others : caller?.talks
    const talk = talks?.find((one) => one.callId === callId)
    const leg = this.legOf(agent)
    if (what === 'invited') {
      talks?.push({ callId, agent, invitedAt: at, talkingAt: null, endedAt: null })
      if (host === undefined || port === undefined) return
      this.#media.stopSending(leg)
      this.#media.startSending(leg, { host, port: Number(port) })
      this.#callOnEndpoint.set(leg, callId)
    } else if (what === 'talking') {
      if (talk !== undefined) talk.talkingAt = at
    } else {
      if (talk !== undefined) talk.endedAt = at
      if (this.#callOnEndpoint.get(leg) === callId) this.#media.stopSending(leg)
    }
  }
}
