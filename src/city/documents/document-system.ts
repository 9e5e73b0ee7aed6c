/**
 * The city's document system, which treats requests by its standard procedures (docs/rules/announcement.md: "preluate pentru
 * rezolvare de SI de management al documentelor în timp real"). It is an external system: it may be unavailable,
 * slow or wrong. One adapter and one fake pass the same suite in `test/contract`.
 */
import type { Day } from '../day.ts'
import type { MessageId } from './message.ts'
import type { DocumentState } from './status-update.ts'

export interface DocumentSystem {
  /**
   * Delivers one message. Resolves within `deliverWithinMs`, or at once when `stopping` aborts. The receiver
   * recognises duplicates by the id.
   */
  deliver(message: SealedMessage, stopping: AbortSignal): Promise<Delivery>
  /**
   * Asks whether messages would be taken, by one of the type `ping` that changes nothing. Resolves within `pingWithinMs`.
   */
  ping(): Promise<Delivery>
  /** Looks up a document that was filed over the counter. Resolves within `findWithinMs`. */
  find(asked: AskedDocument): Promise<FindResult>
  /** Verifies signature and age of a received webhook; its content is not validated. */
  open(received: Received): Opened
}

export const deliverWithinMs = 10_000
/** Somebody waits for it before a page. */
export const pingWithinMs = 5_000
/** Short, because the citizen waits on the phone. */
export const findWithinMs = 2_000

export interface SealedMessage {
  readonly id: MessageId
  /** The same bytes in every try. */
  readonly body: string
}

/** Why there was no usable answer. */
export type Unreached =
  | 'no connection'
  | 'no answer in time'
  /** The wait was aborted by us. */
  | 'stopped'
  | 'answer not understood'
  /** This city's document system has no look-up. */
  | 'not offered'

export type Delivery =
  | { readonly outcome: 'delivered' }
  /** It answered and rejected the message. */
  | { readonly outcome: 'refused'; readonly status: number }
  | { readonly outcome: 'unreachable'; readonly why: Unreached }

/** As the caller reads it from their paper. All three must match, so that a number alone reveals nothing. */
export interface AskedDocument {
  readonly number: string
  readonly date: Day
  readonly name: string
}

export interface FiledDocument {
  readonly number: string
  readonly date: Day
  readonly state: DocumentState
  readonly department: string
  /** The day by which it is to be answered; null when the document system has none. */
  readonly deadline: Day | null
}

export type FindResult =
  | { readonly outcome: 'found'; readonly document: FiledDocument }
  /** No document has this number, this day and this name. */
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'unreachable'; readonly why: Unreached }

/** A request with the headers of Standard Webhooks, not yet verified. */
export interface Received {
  readonly id: string
  /** Seconds since the epoch, as written. */
  readonly timestamp: string
  readonly signature: string
  /** As received, because the signature covers the bytes. */
  readonly body: Uint8Array
}

export type Opened =
  | { readonly ok: true; readonly content: unknown }
  /** `not genuine`: unsigned, signed with another key, altered, or older than five minutes. */
  | { readonly ok: false; readonly why: 'not genuine' | 'not JSON' }
