/**
 * Which phones can ring, and which have calls of their own, from Asterisk's contact and channel events.
 *
 * A phone can ring once it has answered a qualify: Asterisk dials no contact that has not. Asterisk itself qualifies a
 * contact that is new and alone at once, every other one within 30 s. A phone that registers anew after it was silent
 * (switched off, Asterisk restarted) would stay unreachable that long, so each such registration is qualified here. No
 * contact event announces it: Asterisk reports its authentication.
 */
import { offerOfLeg } from '../../core/ids.ts'
import type { Device } from '../../core/offer.ts'
import type { PbxEvent } from '../../acd/ports.ts'
import { QualifyQueue } from './qualify-queue.ts'
import { endpointOf, phoneOf, phoneOfChannel } from '../config/phones-file.ts'

export interface ContactReport {
  readonly endpoint: string
  readonly uri: string
  /**
   * Asterisk's status: Reachable, Unreachable, Removed; NonQualified (by other releases Created, Updated, Unknown)
   * before the first qualify. Reported when it changes, not when a registration is renewed.
   */
  readonly status: string
}
export interface ChannelReport {
  readonly id: string
  /** `PJSIP/agent01-0000002a` */
  readonly name: string
}
interface Meanwhile {
  readonly contacts: ContactReport[]
  readonly channels: (ChannelReport & { readonly up: boolean })[]
}
export type PhoneFacts = Extract<PbxEvent, { type: 'PhoneChanged' | 'OwnCallsChanged' }>

export interface PhoneWatchDeps {
  readonly tell: (fact: PhoneFacts) => void
  /** Has Asterisk qualify the endpoint's contacts now; rejects when Asterisk may not have got the request. */
  readonly qualify: (endpoint: string) => Promise<void>
  readonly after: (waitMs: number, act: () => void) => void
}

/** A phone that did not ring although it should have. */
interface Doubt {
  /** How many times in a row. */
  readonly inARow: number
  /** Whether it counts as unreachable. */
  open: boolean
}

const trunk = 'trunk'

/** A qualify without an answer makes a contact `Unreachable` after 3 s (`phones-file.ts`). */
const qualifiedMs = 3_500
/** A phone that answers each qualify and never rings is offered calls at growing intervals, up to this. */
const doubtMaxMs = 60_000

export class PhoneWatch {
  /** Whether each contact has answered its last qualify, by endpoint and URI. */
  #contacts: Contacts = new Map()
  #ownCalls = new Map<string, Set<string>>()
  readonly #doubts = new Map<string, Doubt>()
  /** Events since AMI was asked for the lists, in order; null: no list is pending. */
  #meanwhile: Meanwhile | null = null
  readonly #deps: PhoneWatchDeps

  readonly #qualifies: QualifyQueue

  constructor(deps: PhoneWatchDeps) {
    this.#deps = deps
    this.#qualifies = new QualifyQueue({ ask: (endpoint) => void this.ask(endpoint), after: deps.after })
  }

  /** AMI is asked for the lists: events from now on may be newer than they are. */
  listingBegins(): void {
    this.#meanwhile = { contacts: [], channels: [] }
  }
  listingFailed(): void {
    this.#meanwhile = null
  }

  contact(report: ContactReport): void {
    const { endpoint } = report
    if (endpoint === '' || endpoint === trunk) return
    this.#meanwhile?.contacts.push(report)
    const before = this.reachable(endpoint)
    // Another phone, or the same one after a restart.
    if (note(this.#contacts, report)) this.#doubts.delete(endpoint)
    this.#tell(endpoint, before)
    // Also after a failed qualify: the phone may have registered anew while it was under way.
    this.#askIfSilent(endpoint)
  }

  /** A request of the endpoint was authenticated: it registers, perhaps after an absence. */
  authenticated(endpoint: string): void {
    this.#askIfSilent(endpoint)
  }

  /** An offer's leg ended, or was refused, before the phone rang: it counts as unreachable until it answers again. */
  didNotRing(endpoint: string): void {
    if (!this.#contacts.has(endpoint)) return
    const before = this.reachable(endpoint)
    const doubt: Doubt = { inARow: (this.#doubts.get(endpoint)?.inARow ?? 0) + 1, open: true }
    this.#doubts.set(endpoint, doubt)
    this.#tell(endpoint, before)
    void this.#settle(endpoint, doubt)
  }

  /** The phone rings or has answered. */
  rang(endpoint: string): void {
    const before = this.reachable(endpoint)
    if (this.#doubts.delete(endpoint)) this.#tell(endpoint, before)
  }

  /** Has the phone qualified; only a change is reported. Whether Asterisk has surely taken the request. */
  ask(endpoint: string): Promise<boolean> {
    // Without an answer from AMI, Asterisk's own qualify follows within 30 s.
    return this.#deps.qualify(endpoint).then(
      () => true,
      () => false,
    )
  }

  stop(): void {
    this.#doubts.clear()
    this.#qualifies.clear()
  }

  /** Asterisk reports only the failure of a qualify, so its absence is awaited. */
  async #settle(endpoint: string, doubt: Doubt): Promise<void> {
    const asked = await this.ask(endpoint)
    this.#deps.after(Math.min(qualifiedMs * 2 ** (doubt.inARow - 1), doubtMaxMs), () => {
      if (this.#doubts.get(endpoint) !== doubt) return
      if (asked) {
        const before = this.reachable(endpoint)
        doubt.open = false
        this.#tell(endpoint, before)
      } else void this.#settle(endpoint, doubt)
    })
  }

  #askIfSilent(endpoint: string): void {
    const isSilent = (): boolean => {
      const answers = this.#contacts.get(endpoint)
      return answers !== undefined && ![...answers.values()].includes(true)
    }
    if (isSilent()) this.#qualifies.add(endpoint, isSilent)
  }

  channelUp(report: ChannelReport): void {
    this.#meanwhile?.channels.push({ ...report, up: true })
    this.#channelUp(report)
  }

  #channelUp(report: ChannelReport): void {
    const phone = phoneOfChannel(report.name)
    if (phone === null || offerOfLeg(report.id) !== null) return
    const { username } = phone
    const calls = this.#ownCalls.get(username) ?? new Set()
    if (calls.has(report.id)) return
    calls.add(report.id)
    this.#ownCalls.set(username, calls)
    this.#deps.tell({ type: 'OwnCallsChanged', username, ownCalls: calls.size })
  }

  channelGone(report: ChannelReport): void {
    this.#meanwhile?.channels.push({ ...report, up: false })
    const phone = phoneOfChannel(report.name)
    if (phone !== null) this.#callGone(phone.username, report.id)
  }

  #callGone(username: string, id: string): void {
    const calls = this.#ownCalls.get(username)
    if (calls?.delete(id) !== true) return
    if (calls.size === 0) this.#ownCalls.delete(username)
    this.#deps.tell({ type: 'OwnCallsChanged', username, ownCalls: calls.size })
  }

  /** Takes over the lists after a connect, with the events that came meanwhile; reports only differences. */
  replaceAll(contacts: readonly ContactReport[], channels: readonly ChannelReport[]): void {
    const meanwhile = this.#meanwhile ?? { contacts: [], channels: [] }
    this.#meanwhile = null
    const known = this.#contacts
    const reachableBefore = new Set([...known.keys()].filter((endpoint) => this.reachable(endpoint)))
    const fresh: Contacts = new Map()
    for (const report of [...contacts, ...meanwhile.contacts]) {
      if (report.endpoint === trunk) continue
      const before = known.get(report.endpoint)?.get(report.uri)
      if (before !== undefined) put(fresh, report, before)
      note(fresh, report)
    }
    this.#contacts = fresh
    for (const endpoint of new Set([...known.keys(), ...fresh.keys()]))
      this.#tell(endpoint, reachableBefore.has(endpoint))
    for (const endpoint of fresh.keys()) this.#askIfSilent(endpoint)

    const present = new Map(channels.map((channel) => [channel.id, channel]))
    for (const channel of meanwhile.channels) {
      if (channel.up) present.set(channel.id, channel)
      else present.delete(channel.id)
    }
    for (const [username, calls] of this.#ownCalls) {
      for (const id of calls) if (!present.has(id)) this.#callGone(username, id)
    }
    for (const channel of present.values()) this.#channelUp(channel)
  }

  reachable(endpoint: string): boolean {
    if (this.#doubts.get(endpoint)?.open === true) return false
    return [...(this.#contacts.get(endpoint)?.values() ?? [])].includes(true)
  }

  /** Whether a phone of ours is registered from this address. */
  isAt(address: string): boolean {
    for (const contacts of this.#contacts.values())
      for (const uri of contacts.keys()) if (hostIn(uri) === address) return true
    return false
  }

  ownCalls(username: string): number {
    return this.#ownCalls.get(username)?.size ?? 0
  }

  /** Every user with a known phone or call. */
  all(): readonly { username: string; desk: boolean; web: boolean; ownCalls: number }[] {
    const usernames = new Set([
      ...[...this.#contacts.keys()].map((endpoint) => phoneOf(endpoint).username),
      ...this.#ownCalls.keys(),
    ])
    const is = (username: string, device: Device) => this.reachable(endpointOf(username, device))
    return [...usernames].map((username) => ({
      username,
      desk: is(username, 'desk'),
      web: is(username, 'web'),
      ownCalls: this.ownCalls(username),
    }))
  }

  #tell(endpoint: string, before: boolean): void {
    const reachable = this.reachable(endpoint)
    if (reachable !== before) this.#deps.tell({ type: 'PhoneChanged', ...phoneOf(endpoint), reachable })
  }
}

/** `sip:ana@192.0.2.7:5060;transport=tcp` → `192.0.2.7`; IPv6 addresses are in brackets. */
function hostIn(uri: string): string {
  const groups = /^sips?:(?:[^@]*@)?(?:\[(?<v6>[^\]]*)\]|(?<host>[^:;>]*))/.exec(uri)?.groups
  return groups?.['v6'] ?? groups?.['host'] ?? ''
}

type Contacts = Map<string, Map<string, boolean>>

/** Answers whether the endpoint has another contact now, or none. */
function note(contacts: Contacts, report: ContactReport): boolean {
  const answers = contacts.get(report.endpoint)
  const answered = answers?.get(report.uri)
  if (report.status === 'Removed') {
    answers?.delete(report.uri)
    if (answers?.size === 0) contacts.delete(report.endpoint)
    return !contacts.has(report.endpoint)
  }
  // An endpoint has one contact: the phone at the old address is gone, and a leg that rings there is lost.
  if (answered === undefined) contacts.delete(report.endpoint)
  put(contacts, report, isAnswer(report.status) ?? answered ?? false)
  return answered === undefined
}

/** Whether the last qualify was answered; null: the status tells nothing about that. */
function isAnswer(status: string): boolean | null {
  if (status === 'Reachable') return true
  return status === 'Unreachable' ? false : null
}

function put(contacts: Contacts, { endpoint, uri }: ContactReport, answers: boolean): void {
  const all = contacts.get(endpoint) ?? new Map<string, boolean>()
  all.set(uri, answers)
  contacts.set(endpoint, all)
}
