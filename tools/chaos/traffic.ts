/**
 * All citizens and all agents' phones, and what they saw of every call themselves: the measure for what the
 * ledger says. Nobody hangs up unless told to, so that whoever goes without was lost.
 */
import { randomUUID } from 'node:crypto'
import { openExchange, type Exchange, type Report } from '../demo/exchange.ts'
import type { SippEvent } from '../bench/load-generator/sipp.ts'
import type { Linia } from '../../test/support/stack.ts'
import { until } from '../../test/support/until.ts'
import type { MediaEndpoints } from './media-endpoints.ts'
import { openPhones, type Phones } from './phones.ts'

/** Times are the wall clock's, in milliseconds. */
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
  /** His mouth and ear. */
  readonly leg: number
  calledAt: number
  /** When the network answered, with music or more. */
  answeredAt: number | null
  /** At whose phones it rang, in order. */
  readonly talks: Talk[]
  endedAt: number | null
  ending: 'bye' | 'hung-up' | 'cancelled' | 'refused' | 'aborted' | null
  /** Who was told to hang up; null: nobody, so he should still be there. */
  told: 'agent' | 'caller' | null
  /** Infinity before. */
  toldAt: number
  /** Asterisk itself was killed under him. */
  fell: boolean
}

export interface Traffic {
  /** Everybody who has called since the last `forget`. */
  readonly callers: readonly Caller[]
  talking(): readonly Caller[]
  waiting(): readonly Caller[]
  /** A citizen calls. */
  call(): Promise<Caller>
  /** The agent who talks with him hangs up. */
  endTalk(caller: Caller): void
  hangUp(caller: Caller): void
  forget(): void
  stop(): Promise<void>
}

export const isTalking = (caller: Caller): boolean => talkOf(caller) !== null
const talkOf = ({ talks, endedAt }: Caller): Talk | null =>
  endedAt !== null
    ? null
    : (talks.findLast((talk) => talk.talkingAt !== null && talk.endedAt === null) ?? null)

/** He has talked with somebody. */
export const hasTalked = ({ talks }: Caller): boolean => talks.some(({ talkingAt }) => talkingAt !== null)

export async function openTraffic(
  linia: Linia,
  media: MediaEndpoints,
  agents: readonly string[],
): Promise<Traffic> {
  const exchange = await openExchange(linia.trunk, linia.sip)
  const traffic = new SimulatedTraffic(exchange, media)
  const accounts = agents.map((agent) => linia.account(agent))
  traffic.phones = await openPhones(linia.sip, accounts, media, (event) => traffic.onPhoneEvent(event))
  return traffic
}

/** So many callers a second, at most: each comes clearly after the one before. */
export const callerGapMs = 40

let serial = Math.floor(Math.random() * 1_000_000)

class SimulatedTraffic implements Traffic {
  callers: Caller[] = []
  phones: Phones | null = null
  readonly #exchange: Exchange
  readonly #media: MediaEndpoints
  readonly #byNumber = new Map<string, Caller>()
  /** Whose sound a phone's leg carries: the next INVITE may come before the BYE of the call before it. */
  readonly #speaksIn = new Map<number, string>()

  constructor(exchange: Exchange, media: MediaEndpoints) {
    this.#exchange = exchange
    this.#media = media
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
      endedAt: null,
      ending: null,
      told: null,
      toldAt: Infinity,
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
    caller.told ??= 'agent'
    caller.toldAt = Date.now()
    this.phones?.hangUp(talk.callId)
  }

  hangUp(caller: Caller): void {
    if (caller.endedAt !== null) return
    caller.told ??= 'caller'
    caller.toldAt = Date.now()
    this.#exchange.hangUp(caller.callId)
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
    if (host !== undefined && port !== undefined) this.#media.speak(caller.leg, { host, port: Number(port) })
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
    const talk = caller?.talks.find((one) => one.callId === callId)
    const leg = this.phones?.legOf(agent) ?? 0
    if (what === 'invited') {
      caller?.talks.push({ callId, agent, invitedAt: at, talkingAt: null, endedAt: null })
      if (host === undefined || port === undefined) return
      this.#media.rest(leg)
      this.#media.speak(leg, { host, port: Number(port) })
      this.#speaksIn.set(leg, callId)
    } else if (what === 'talking') {
      if (talk !== undefined) talk.talkingAt = at
    } else {
      if (talk !== undefined) talk.endedAt = at
      if (this.#speaksIn.get(leg) === callId) this.#media.rest(leg)
    }
  }
}
