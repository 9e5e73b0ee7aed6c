/**
 * Delivers the messages that are unsent to one receiver, in lanes. A message that is refused holds up its own call; a receiver that is
 * away is asked with one message at a time, at growing pauses, and delays no other receiver.
 */
import type { Logger } from 'pino'
import { awayMs, givenUpAfterMs, isRefusal, pauseAfter } from '../../city/webhooks/backoff.ts'
import type { DeliveryFailure } from '../../city/webhooks/delivery.ts'
import { isWanted, type WebhookType } from '../../city/webhooks/published-events.ts'
import type { Millis } from '../../core/ids.ts'
import { NewerVersion } from '../../core/versions.ts'
import type { Unreached } from '../../city/documents/document-system.ts'
import { ask } from '../../documents/exchange.ts'
import { sign } from '../../documents/webhook.ts'
import type { Database } from '../../ledger/database.ts'
import { recordFailed, recordLast, type DeliveryTry } from '../../ledger/webhooks/deliveries.ts'
import {
  bringAllForward,
  dueRows,
  nextDueAt,
  putOff,
  takeOff,
  type Unsent,
} from '../../ledger/webhooks/unsent.ts'
import { pause } from '../../repeat.ts'
import { messageOf, type WebhookMessage } from './message.ts'

export interface WebhookReceiver {
  readonly url: string
  /** `whsec_…`; null: it was sealed with another FACTOR_KEY, and nothing can be signed. */
  readonly secret: string | null
  /** Whether messages have the caller's number. */
  readonly withNumber: boolean
  readonly types: readonly WebhookType[]
}

export interface WebhookCounts {
  delivered: number
  /** Tries that failed. */
  failed: number
  /** Messages given up after a week. Each is an alarm. */
  gaveUp: number
}

export interface ReceiverDeliveriesOptions {
  /** As the list has it. */
  readonly id: string
  /** As it is set now; null: it has ended. Asked before each message, so that an earlier secret signs none. */
  readonly current: () => Promise<WebhookReceiver | null>
  readonly db: Database
  readonly log: Logger
  readonly now: () => Millis
  readonly answerWithinMs: number
  /** Of all receivers. */
  readonly counts: WebhookCounts
  readonly stopping: AbortSignal
}

const batchMax = 200
/** Calls whose messages are on their way at once. */
const callsAtOnce = 4
/** Pause between two messages of a lane while a backlog is delivered: the node may carry calls at the same time. */
const backlogPauseMs = 20
/** So many failures in a row, whichever messages they are of: the receiver is away. */
const awayAfter = 3
/** A row that this release cannot read waits for a newer node. */
const newerPauseMs = 60_000

/** Without an answer in full, because this node stops, a message was not tried. */
type Tried = Pick<DeliveryTry, 'status' | 'why' | 'durationMs'>

export class ReceiverDeliveries {
  readonly #options: ReceiverDeliveriesOptions
  #failuresInARow = 0
  /** Until then the receiver is not asked, and after it with one message; null: it answers. */
  #awayUntil: Millis | null = null
  #probes = 0
  #newerReported = false

  constructor(options: ReceiverDeliveriesOptions) {
    this.#options = options
  }

  /** When something may be sent; null: nothing is unsent. */
  async nextAt(): Promise<Millis | null> {
    const { db, id } = this.#options
    const nextAt = await nextDueAt(db, id)
    return nextAt === null ? null : Math.max(nextAt, this.#awayUntil ?? 0)
  }

  /** Returns when something is to be tried again; null: nothing is left. */
  async deliverAll(): Promise<Millis | null> {
    const { db, id, now, stopping } = this.#options
    while (!stopping.aborted) {
      if (this.#awayUntil !== null && now() < this.#awayUntil) return this.#awayUntil
      const rows = await dueRows(db, id, now(), this.#awayUntil === null ? batchMax : 1)
      if (rows.length === 0) return nextDueAt(db, id)
      if (!(await this.#deliverBatch(rows))) return null
    }
    throw new Error('this node is stopping')
  }

  /** False: the receiver has ended. */
  async #deliverBatch(rows: readonly Unsent[]): Promise<boolean> {
    const calls = Map.groupBy(rows, ({ call }) => call).values()
    const how = { isProbe: this.#awayUntil !== null, pauseMs: rows.length < batchMax ? 0 : backlogPauseMs }
    let isOpen = true
    const lane = async (): Promise<void> => {
      // The lanes take turns at one iterator.
      for (const ofCall of calls) {
        if (!isOpen) return
        isOpen = (await this.#deliverInOrder(ofCall, how)) !== 'ended'
      }
    }
    const lanes = await Promise.allSettled(Array.from({ length: callsAtOnce }, lane))
    for (const result of lanes) if (result.status === 'rejected') throw result.reason
    return isOpen
  }

  async #deliverInOrder(
    ofCall: readonly Unsent[],
    { isProbe, pauseMs }: { readonly isProbe: boolean; readonly pauseMs: number },
  ): Promise<'ended' | 'open'> {
    const { current, stopping } = this.#options
    for (const row of ofCall.toSorted((one, other) => one.place - other.place)) {
      // Messages of other calls have found the receiver away meanwhile.
      if (!isProbe && this.#awayUntil !== null) return 'open'
      if (stopping.aborted) return 'open'
      const receiver = await current()
      if (receiver === null) return 'ended'
      if (!(await this.#deliver(row, receiver, isProbe))) return 'open'
      if (pauseMs > 0) await pause(pauseMs, stopping)
    }
    return 'open'
  }

  /** False: the later messages of the call wait for this one. */
  async #deliver(row: Unsent, receiver: WebhookReceiver, isProbe: boolean): Promise<boolean> {
    const { db } = this.#options
    let message: WebhookMessage | null
    try {
      const isPublished = row.replay || isWanted(row.what, receiver.types)
      message = isPublished ? await messageOf(db, row, receiver) : null
    } catch (err) {
      if (!(err instanceof NewerVersion)) throw err
      return this.#leaveToNewer(row, err)
    }
    // An event may have been listed before the receiver's types were changed; a replay is asked for by name.
    if (message === null || !(row.replay || receiver.types.includes(message.type))) {
      await takeOff(db, row)
      return true
    }
    const tried = await this.#send(row, message, receiver)
    // The next start sends it again.
    if (tried === null) return false
    if (tried.status !== null && tried.status >= 200 && tried.status < 300) {
      await this.#delivered(row, message, tried)
      return true
    }
    await this.#failed(row, message, tried, isProbe)
    return false
  }

  async #send(
    { replay }: Unsent,
    { id, body }: WebhookMessage,
    { url, secret }: WebhookReceiver,
  ): Promise<Tried | null> {
    const { now, answerWithinMs, stopping } = this.#options
    if (secret === null) return { status: null, why: 'no secret', durationMs: 0 }
    const headers = { ...sign(secret, id, body, now()), ...(replay ? { 'webhook-replay': 'true' } : {}) }
    const sentAt = performance.now()
    const answer = await ask({ url, headers, body, withinMs: answerWithinMs, stopping })
    const durationMs = Math.round(performance.now() - sentAt)
    if (answer.reached) return { status: answer.status, why: null, durationMs }
    return stopping.aborted ? null : { status: null, why: failureOf(answer.why), durationMs }
  }

  async #delivered(row: Unsent, { id, type }: WebhookMessage, tried: Tried): Promise<void> {
    const { db, log, now, counts, id: receiver } = this.#options
    await recordLast(db, row, { receiver, message: id, type, at: now(), ...tried }, 'delivered')
    counts.delivered += 1
    log.debug({ receiver, webhook: id, type, call: row.call, tries: row.tries + 1 }, 'webhook delivered')
    this.#failuresInARow = 0
    if (this.#awayUntil === null) return
    this.#awayUntil = null
    log.info({ receiver }, 'the receiver of webhooks takes them again')
    await bringAllForward(db, receiver, now())
  }

  async #failed(row: Unsent, { id, type }: WebhookMessage, tried: Tried, isProbe: boolean): Promise<void> {
    const { db, log, now, counts, id: receiver } = this.#options
    const about = { receiver, webhook: id, type, call: row.call, tries: row.tries + 1 }
    const { status, why, durationMs } = tried
    const one: DeliveryTry = { receiver, message: id, type, at: now(), status, why, durationMs }
    const answered = status === null ? { why } : { status }
    counts.failed += 1
    this.#failuresInARow += 1
    // Other lanes fail while this one is written down.
    const isFirst = this.#failuresInARow === 1
    if (this.#failuresInARow >= awayAfter) this.#setAway(isProbe)
    if (now() - row.recordedAt >= givenUpAfterMs) {
      await recordLast(db, row, one, 'given up')
      counts.gaveUp += 1
      log.error({ ...about, ...answered }, 'a webhook was given up after a week')
      return
    }
    const refused = status !== null && isRefusal(status)
    await recordFailed(db, row, one, now() + pauseAfter(row.tries + 1, refused))
    // A receiver that is away for a day is no thousand lines.
    if (isFirst) log.warn({ ...about, ...answered }, 'a webhook was not taken; trying again')
  }

  #setAway(isProbe: boolean): void {
    const { log, now, id: receiver } = this.#options
    if (this.#awayUntil === null) {
      log.warn({ receiver }, 'the receiver of webhooks is away; what happens is kept for it')
      this.#probes = 0
    } else if (isProbe) this.#probes += 1
    this.#awayUntil = now() + awayMs(this.#probes)
  }

  async #leaveToNewer(row: Unsent, err: NewerVersion): Promise<false> {
    const { db, log, now } = this.#options
    if (!this.#newerReported) log.warn({ err }, 'a webhook waits for a node of a newer release')
    this.#newerReported = true
    await putOff(db, row, now() + newerPauseMs)
    return false
  }
}

/** The other ones are another exchange's. */
const failureOf = (why: Unreached): DeliveryFailure =>
  why === 'no answer in time' || why === 'answer not understood' ? why : 'no connection'
