/**
 * Which phones can ring, and which have calls of their own, from Asterisk's contact and channel events. A contact that
 * has answered a qualify and then stops answering is unreachable. One that never answered any, as simple phones do, is
 * judged by its registration alone.
 */
import { offerOfLeg } from '../../core/ids.ts'
import type { Device } from '../../core/offer.ts'
import type { PbxEvent } from '../../acd/ports.ts'
import { endpointOf, phoneOf, phoneOfChannel } from '../config/phones-file.ts'

type ContactState = 'registered' | 'answering' | 'silent'
export interface ContactReport {
  readonly endpoint: string
  readonly uri: string
  /** Asterisk's status: Created, Updated, Reachable, Unreachable, NonQualified, Unknown, Removed. */
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

const trunk = 'trunk'

export class PhoneWatch {
  #contacts = new Map<string, Map<string, ContactState>>()
  #ownCalls = new Map<string, Set<string>>()
  /** Events since AMI was asked for the lists, in order; null: no list is pending. */
  #meanwhile: Meanwhile | null = null
  readonly #listener: (fact: PhoneFacts) => void

  constructor(listener: (fact: PhoneFacts) => void) {
    this.#listener = listener
  }

  /** AMI is asked for the lists: events from now on may be newer than they are. */
  listingBegins(): void {
    this.#meanwhile = { contacts: [], channels: [] }
  }
  listingFailed(): void {
    this.#meanwhile = null
  }

  contact(report: ContactReport): void {
    if (report.endpoint === '' || report.endpoint === trunk) return
    this.#meanwhile?.contacts.push(report)
    const before = this.reachable(report.endpoint)
    // Registered from another address: the phone at the old one is gone, and a leg that rings there is lost.
    const moved =
      before && report.status === 'Created' && this.#contacts.get(report.endpoint)?.has(report.uri) === false
    if (moved) this.#listener({ type: 'PhoneChanged', ...phoneOf(report.endpoint), reachable: false })
    note(this.#contacts, report)
    this.#tell(report.endpoint, before && !moved)
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
    this.#listener({ type: 'OwnCallsChanged', username, ownCalls: calls.size })
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
    this.#listener({ type: 'OwnCallsChanged', username, ownCalls: calls.size })
  }

  /** Takes over the lists after a connect, with the events that came meanwhile; reports only differences. */
  replaceAll(contacts: readonly ContactReport[], channels: readonly ChannelReport[]): void {
    const meanwhile = this.#meanwhile ?? { contacts: [], channels: [] }
    this.#meanwhile = null
    const known = this.#contacts
    const reachableBefore = new Set([...known.keys()].filter((endpoint) => this.reachable(endpoint)))
    const fresh = new Map<string, Map<string, ContactState>>()
    for (const report of [...contacts, ...meanwhile.contacts]) {
      if (report.endpoint === trunk) continue
      const before = known.get(report.endpoint)?.get(report.uri)
      if (before !== undefined) put(fresh, report, before)
      note(fresh, report)
    }
    this.#contacts = fresh
    for (const endpoint of new Set([...known.keys(), ...fresh.keys()]))
      this.#tell(endpoint, reachableBefore.has(endpoint))

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
    const states = this.#contacts.get(endpoint)?.values() ?? []
    return [...states].some((state) => state !== 'silent')
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
    if (reachable !== before) this.#listener({ type: 'PhoneChanged', ...phoneOf(endpoint), reachable })
  }
}

/** `sip:ana@192.0.2.7:5060;transport=tcp` → `192.0.2.7`; IPv6 addresses are in brackets. */
function hostIn(uri: string): string {
  const groups = /^sips?:(?:[^@]*@)?(?:\[(?<v6>[^\]]*)\]|(?<host>[^:;>]*))/.exec(uri)?.groups
  return groups?.['v6'] ?? groups?.['host'] ?? ''
}

type Contacts = Map<string, Map<string, ContactState>>

function note(contacts: Contacts, report: ContactReport): void {
  const before = contacts.get(report.endpoint)?.get(report.uri)
  switch (report.status) {
    case 'Removed':
      contacts.get(report.endpoint)?.delete(report.uri)
      if (contacts.get(report.endpoint)?.size === 0) contacts.delete(report.endpoint)
      return
    case 'Reachable':
      put(contacts, report, 'answering')
      return
    case 'Unreachable':
      put(contacts, report, before === 'answering' || before === 'silent' ? 'silent' : 'registered')
      return
    default:
      put(contacts, report, before ?? 'registered')
  }
}

function put(contacts: Contacts, { endpoint, uri }: ContactReport, state: ContactState): void {
  const states = contacts.get(endpoint) ?? new Map<string, ContactState>()
  states.set(uri, state)
  contacts.set(endpoint, states)
}
