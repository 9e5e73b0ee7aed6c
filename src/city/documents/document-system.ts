/**
 * The city's document system, which treats requests by its standard procedures (seed-ro.md: "preluate pentru
 * rezolvare de SI de management al documentelor în timp real"). It is another one's: it may be away, slow, wrong, or
 * of another make. One adapter and one fake, held equal by `test/contract`.
 */
import type { Day } from '../day.ts'
import type { MessageId } from './message.ts'
import type { DocumentState } from './status-update.ts'

export interface DocumentSystem {
  /**
   * Hands one message over; the answer comes within `deliverWithinMs`, or at once when `stopping` aborts. Doubles are
   * theirs to know by the id.
   */
  deliver(message: SealedMessage, stopping: AbortSignal): Promise<Delivery>
  /** Asks for a document that was filed over the counter; the answer comes within `findWithinMs`. */
  find(asked: AskedDocument): Promise<FindResult>
  /** Whether what came in is from the document system and fresh; its content is not looked at. */
  open(received: Received): Opened
}

export const deliverWithinMs = 10_000
/** A citizen waits on the line. */
export const findWithinMs = 2_000

export interface SealedMessage {
  readonly id: MessageId
  /** The same bytes in every try. */
  readonly body: string
}

/** Why there was no answer that says anything. */
export type Unreached =
  | 'no connection'
  | 'no answer in time'
  /** We stopped waiting for our own reasons. */
  | 'stopped'
  | 'answer not understood'
  /** This city's document system has no such question. */
  | 'not offered'

export type Delivery =
  | { readonly outcome: 'delivered' }
  /** It answered, and did not take the message. */
  | { readonly outcome: 'refused'; readonly status: number }
  | { readonly outcome: 'unreachable'; readonly why: Unreached }

/** As the caller reads it from his paper. All three must match, so that a number alone tells nobody anything. */
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
  /** The day by which it is to be answered; null when the document system knows none. */
  readonly deadline: Day | null
}

export type FindResult =
  | { readonly outcome: 'found'; readonly document: FiledDocument }
  /** No document has this number, this day and this name. */
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'unreachable'; readonly why: Unreached }

/** A request with the headers of Standard Webhooks, before anything is believed. */
export interface Received {
  readonly id: string
  /** Seconds since the epoch, as written. */
  readonly timestamp: string
  readonly signature: string
  /** As it came over the wire: a signature is over bytes, not over what they mean. */
  readonly body: Uint8Array
}

export type Opened =
  | { readonly ok: true; readonly content: unknown }
  /** `not genuine`: unsigned, signed by somebody else, changed on the way, or older than five minutes. */
  | { readonly ok: false; readonly why: 'not genuine' | 'not JSON' }
