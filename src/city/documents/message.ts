/**
 * Messages to the document system about a request. Messages of one request are numbered from 1. A receiver ignores
 * a version lower than the highest one seen, so a late or repeated message changes nothing.
 */
import type { Millis } from '../../core/ids.ts'
import type { Day } from '../day.ts'

declare const brand: unique symbol
/** `msg_` and 32 hexadecimal digits: the `webhook-id`. It is the same in every try, so that the receiver recognises duplicates. */
export type MessageId = string & { readonly [brand]: 'MessageId' }
export const MessageId = (text: string): MessageId => text as MessageId

export const messageTypes = ['request.registered', 'request.status'] as const
export type MessageType = (typeof messageTypes)[number]

/** A request as registered, with everything that the document system's procedures need. */
export interface RequestRegistered {
  readonly type: 'request.registered'
  /** The registration number without the date, as in addresses: `CC2026-000123`. */
  readonly request: string
  readonly at: Millis
  readonly content: RegisteredContent
}

export interface RegisteredContent {
  /** As read out to the citizen: `CC2026-000123/24.11.2026`. */
  readonly number: string
  readonly registeredOn: Day
  /** complaint, notice, request, suggestion or proposal. */
  readonly kind: string
  /** The title for people: "Iluminat public defect". */
  readonly category: string | null
  readonly department: string
  /** Addressed to the head of the department: a complaint about a request without an answer. */
  readonly toHead: boolean
  readonly text: string
  /** The category's own fields, as labels and values. */
  readonly fields: readonly { readonly name: string; readonly value: string }[]
  /** The place; null when the request is about no place. */
  readonly place: string | null
  /** Null when anonymous. */
  readonly person: {
    readonly name: string
    readonly phone: string | null
    readonly email: string | null
    readonly address: string | null
  } | null
  /** The announced day, and the last day that the law allows (docs/rules/requests.md). */
  readonly announcedOn: Day
  readonly legalEnd: Day
  /** For a complaint about an unanswered request: that request, and whether its number was verified or only read from a paper. */
  readonly about: {
    readonly number: string
    readonly verified: boolean
    readonly lateness: 'due' | 'overdue'
  } | null
}

/** A status set on our side: an extension, a redirection, a reopening, an answer. */
export interface RequestStatus {
  readonly type: 'request.status'
  readonly request: string
  readonly at: Millis
  readonly content: {
    /** The action: in progress, extended, redirected, joined, answered, filed or reopened. */
    readonly status: string
    /** The state afterwards. */
    readonly department: string
    readonly toHead: boolean
    readonly announcedOn: Day
    readonly legalEnd: Day
    /** The authority to which it was redirected. */
    readonly authority: string | null
    /** The request whose answer serves both. */
    readonly joinedTo: string | null
    readonly note: string | null
  }
}

export type DocumentMessage = RequestRegistered | RequestStatus

/** The body of a message that asks for nothing but an answer: it is about no request. */
export const pingBody = (at: Millis): string =>
  JSON.stringify({ type: 'ping', timestamp: new Date(at).toISOString(), data: {} })

/** The body that is signed and sent, byte for byte the same in every try (Standard Webhooks, "Payload structure"). */
export function bodyOf({ type, request, at, content }: DocumentMessage, version: number): string {
  return JSON.stringify({
    type,
    timestamp: new Date(at).toISOString(),
    data: { request, version, ...content },
  })
}
