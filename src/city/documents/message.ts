/**
 * What the document system is told of a request. The messages of one request are numbered from 1, whatever they
 * tell: a receiver that has seen a higher version ignores a lower one, so that a message which comes late or twice
 * changes nothing.
 */
import type { Millis } from '../../core/ids.ts'
import type { Day } from '../day.ts'

declare const brand: unique symbol
/** `msg_` and 32 hexadecimal digits: the `webhook-id`, the same in every try, by which a receiver knows doubles. */
export type MessageId = string & { readonly [brand]: 'MessageId' }
export const MessageId = (text: string): MessageId => text as MessageId

export const messageTypes = ['request.registered', 'request.status'] as const
export type MessageType = (typeof messageTypes)[number]

/** A request as it was registered: all that the other side needs to treat it by its standard procedures. */
export interface RequestRegistered {
  readonly type: 'request.registered'
  /** The registration number without the date, as in addresses: `CC2026-000123`. */
  readonly request: string
  readonly at: Millis
  readonly content: RegisteredContent
}

export interface RegisteredContent {
  /** As the citizen hears it: `CC2026-000123/24.11.2026`. */
  readonly number: string
  readonly registeredOn: Day
  /** complaint, notice, request, suggestion or proposal. */
  readonly kind: string
  /** As people read it: "Iluminat public defect". */
  readonly category: string | null
  readonly department: string
  /** To the head of the department: a complaint that nobody there has answered. */
  readonly toHead: boolean
  readonly text: string
  /** The category's own fields, as labels and values. */
  readonly fields: readonly { readonly name: string; readonly value: string }[]
  /** Where it is; null when it is about no place. */
  readonly place: string | null
  /** Null when anonymous. */
  readonly person: {
    readonly name: string
    readonly phone: string | null
    readonly email: string | null
    readonly address: string | null
  } | null
  /** The day that the citizen was told, and the last one that the law allows (cityhall.md 1). */
  readonly announcedOn: Day
  readonly legalEnd: Day
  /** A complaint about an unanswered request: which one, and whether its number is proven or only read from a paper. */
  readonly about: {
    readonly number: string
    readonly verified: boolean
    readonly lateness: 'due' | 'overdue'
  } | null
}

/** A new status that our side gave: an extension, a redirection, a reopening, an answer. */
export interface RequestStatus {
  readonly type: 'request.status'
  readonly request: string
  readonly at: Millis
  readonly content: {
    /** What was done: in progress, extended, redirected, joined, answered, filed or reopened. */
    readonly status: string
    /** Where it stands after that. */
    readonly department: string
    readonly toHead: boolean
    readonly announcedOn: Day
    readonly legalEnd: Day
    /** The authority that a redirected one went to. */
    readonly authority: string | null
    /** The request that answers for both. */
    readonly joinedTo: string | null
    readonly note: string | null
  }
}

export type DocumentMessage = RequestRegistered | RequestStatus

/** The body as it is signed and sent, byte for byte the same in every try (Standard Webhooks, "Payload structure"). */
export function bodyOf({ type, request, at, content }: DocumentMessage, version: number): string {
  return JSON.stringify({
    type,
    timestamp: new Date(at).toISOString(),
    data: { request, version, ...content },
  })
}
