/**
 * Webhooks: another program is told of the course of calls. PostgreSQL has the list of what is unsent, filled in the
 * transactions that write the record; one BullMQ job delivers it, on whichever node, and only that it runs on time is the
 * job's. Messages of a call leave in their order; those of several calls at once. A message that is refused holds up its own
 * call; a receiver that is away is asked with one message at a time, at growing pauses.
 */
import { DelayedError, Queue, Worker, type Job } from 'bullmq'
import type { Logger } from 'pino'
import { awayMs, givenUpAfterMs, isRefusal, pauseAfter } from '../../city/webhooks/backoff.ts'
import { publishedTypes } from '../../city/webhooks/published-events.ts'
import type { Millis } from '../../core/ids.ts'
import { NewerVersion } from '../../core/versions.ts'
import { ask, type Answer } from '../../documents/exchange.ts'
import { sign } from '../../documents/webhook.ts'
import type { Database } from '../../ledger/database.ts'
import { watchChannel } from '../../ledger/notifications.ts'
import {
  addReceiver,
  bringAllForward,
  dueRows,
  nextDueAt,
  putOff,
  removeReceivers,
  takeOff,
  unsentCounts,
  type Unsent,
  type UnsentCounts,
} from '../../ledger/webhooks/unsent.ts'
import { pause, untilDone } from '../../repeat.ts'
import { bringForward } from '../bring-forward.ts'
import { connectionsTo } from '../connections.ts'
import { messageOf, type WebhookMessage } from './message.ts'

export interface WebhookReceiver {
  readonly url: string
  /** `whsec_…` */
  readonly secret: string
  /** Whether messages have the caller's number. */
  readonly withNumber: boolean
}

export interface WebhookJobsOptions {
  readonly redisUrl: string
  /** Prefix of all Redis keys of these jobs. */
  readonly prefix: string
  readonly db: Database
  /** URL of the same database, for a connection that listens. */
  readonly databaseUrl: string
  readonly receiver: WebhookReceiver
  readonly log: Logger
  readonly now: () => Millis
  readonly sweepEveryMs?: number
  /** Pause before a sweep that has failed is tried again. */
  readonly againAfterMs?: number
  readonly answerWithinMs?: number
}

export interface WebhookCounts {
  delivered: number
  /** Tries that failed. */
  failed: number
  /** Messages given up after a week. Each is an alarm. */
  gaveUp: number
}

const queueName = 'webhooks'
/** The one receiver that the settings name. */
const receiverId = 'default'
const jobId = 'deliver'
/** A job of a dead node passes to another node, or to the next start, within seconds, however often that happens. */
const takeover = { lockDuration: 10_000, stalledInterval: 3_000, maxStalledCount: 10 } as const
const batchMax = 200
/** Calls whose messages are on their way at once. */
const callsAtOnce = 4
/** Pause between two messages of a lane while a backlog is delivered: the node may carry calls at the same time. */
const backlogPauseMs = 20
/** So many failures in a row, whichever messages they are of: the receiver is away. */
const awayAfter = 3
/** Counting reads the whole list. */
const countEveryMs = 10_000
/** A row that this release cannot read waits for a newer node. */
const newerPauseMs = 60_000

type DeliveryJob = Job<Record<string, never>>

export class WebhookDeliveries {
  readonly counts: WebhookCounts = { delivered: 0, failed: 0, gaveUp: 0 }
  /** As it was counted last. */
  undelivered: UnsentCounts = { unsent: 0, late: 0, oldestAt: null }
  readonly #options: Required<WebhookJobsOptions>
  readonly #queue: Queue<Record<string, never>>
  readonly #worker: Worker<Record<string, never>>
  readonly #stopping = new AbortController()
  #sweeping: Promise<void> = Promise.resolve()
  #isKnown = false
  #countedAt = -Infinity
  #failuresInARow = 0
  /** Until then the receiver is not asked, and after it with one message; null: it answers. */
  #awayUntil: Millis | null = null
  #probes = 0
  #newerReported = false

  constructor(options: WebhookJobsOptions) {
    this.#options = { sweepEveryMs: 60_000, againAfterMs: 5_000, answerWithinMs: 10_000, ...options }
    const { redisUrl, prefix, log } = this.#options
    const { asking, working } = connectionsTo(redisUrl)
    this.#queue = new Queue(queueName, { ...asking, prefix })
    this.#worker = new Worker(queueName, (job, token) => this.#work(job, token), {
      ...working,
      prefix,
      autorun: false,
      ...takeover,
    })
    this.#queue.on('error', (err) => log.debug({ err }, 'the webhooks’ queue'))
    this.#worker.on('error', (err) => log.debug({ err }, 'the webhooks’ worker'))
    // While the job was there, another one could not be added: a row may have come in its last moment.
    this.#worker.on('completed', () => this.#sweepSoon())
    this.#worker.on('failed', (_job, err) => {
      if (this.#stopping.signal.aborted) return
      log.warn({ err }, 'webhooks could not be delivered; trying again')
      this.#sweepSoon(this.#options.againAfterMs)
    })
  }

  /** Delivers what is unsent at once, and what is recorded later when its transaction has committed. */
  start(): void {
    const { databaseUrl, log, sweepEveryMs: everyMs } = this.#options
    const { signal } = this.#stopping
    this.#worker.run().catch((err: unknown) => log.error({ err }, 'webhooks have stopped'))
    this.#sweeping = watchChannel({ databaseUrl, channel: 'webhooks', signal, log, everyMs }, () =>
      this.#sweepUntilDone(),
    )
  }

  /** Has the job run if anything is due. */
  async sweep(): Promise<void> {
    const { db, now } = this.#options
    if (!this.#isKnown) {
      await addReceiver(db, receiverId, publishedTypes)
      this.#isKnown = true
    }
    await this.#count()
    const nextAt = await nextDueAt(db, receiverId)
    if (nextAt === null) return
    const startAt = Math.max(nextAt, this.#awayUntil ?? 0)
    const delay = Math.max(0, startAt - now())
    const job = await this.#queue.add(
      'deliver',
      {},
      { jobId, delay, removeOnComplete: true, removeOnFail: true },
    )
    if (delay === 0) await bringForward(job)
  }

  async close(): Promise<void> {
    this.#stopping.abort()
    await this.#sweeping
    try {
      await this.#worker.close()
    } finally {
      await this.#queue.close()
    }
  }

  #sweepUntilDone(): Promise<void> {
    const { log, againAfterMs } = this.#options
    return untilDone(() => this.sweep(), {
      everyMs: againAfterMs,
      signal: this.#stopping.signal,
      failed: (err, inARow) => {
        if (inARow === 1) log.warn({ err }, 'unsent webhooks cannot be looked for')
      },
    })
  }

  /** Errors are left to the sweep of the next minute. */
  #sweepSoon(afterMs = 0): void {
    const { signal } = this.#stopping
    void (async () => {
      if (afterMs > 0) await pause(afterMs, signal)
      if (!signal.aborted) await this.sweep()
    })().catch((err: unknown) => this.#options.log.debug({ err }, 'a sweep for webhooks'))
  }

  async #work(job: DeliveryJob, token: string | undefined): Promise<void> {
    const nextAt = await this.#deliverAll()
    if (nextAt === null) return
    await job.moveToDelayed(Date.now() + Math.max(0, nextAt - this.#options.now()), token)
    // Nobody could bring the job forward while it ran.
    this.#sweepSoon()
    throw new DelayedError()
  }

  /** Returns when something is to be tried again; null: nothing is left. */
  async #deliverAll(): Promise<Millis | null> {
    const { db, now } = this.#options
    while (!this.#stopping.signal.aborted) {
      if (this.#awayUntil !== null && now() < this.#awayUntil) return this.#awayUntil
      const rows = await dueRows(db, receiverId, now(), this.#awayUntil === null ? batchMax : 1)
      if (rows.length === 0) return nextDueAt(db, receiverId)
      await this.#deliverBatch(rows)
    }
    throw new Error('this node is stopping')
  }

  async #deliverBatch(rows: readonly Unsent[]): Promise<void> {
    const calls = Map.groupBy(rows, ({ call }) => call).values()
    const how = { isProbe: this.#awayUntil !== null, pauseMs: rows.length < batchMax ? 0 : backlogPauseMs }
    const lane = async (): Promise<void> => {
      // The lanes take turns at one iterator.
      for (const ofCall of calls) await this.#deliverInOrder(ofCall, how)
    }
    const lanes = await Promise.allSettled(Array.from({ length: callsAtOnce }, lane))
    for (const result of lanes) if (result.status === 'rejected') throw result.reason
  }

  async #deliverInOrder(
    ofCall: readonly Unsent[],
    { isProbe, pauseMs }: { readonly isProbe: boolean; readonly pauseMs: number },
  ): Promise<void> {
    for (const row of ofCall.toSorted((one, other) => one.place - other.place)) {
      // Messages of other calls have found the receiver away meanwhile.
      if (!isProbe && this.#awayUntil !== null) return
      if (this.#stopping.signal.aborted || !(await this.#deliver(row, isProbe))) return
      if (pauseMs > 0) await pause(pauseMs, this.#stopping.signal)
    }
  }

  /** False: the later messages of the call wait for this one. */
  async #deliver(row: Unsent, isProbe: boolean): Promise<boolean> {
    const { db, receiver } = this.#options
    let message: WebhookMessage | null
    try {
      message = await messageOf(db, row, receiver)
    } catch (err) {
      if (!(err instanceof NewerVersion)) throw err
      return this.#leaveToNewer(row, err)
    }
    if (message === null) {
      await takeOff(db, row)
      return true
    }
    const answer = await this.#send(message)
    if (answer.reached && answer.status >= 200 && answer.status < 300) {
      await this.#delivered(row, message)
      return true
    }
    // The next start sends it again.
    if (!this.#stopping.signal.aborted) await this.#failed(row, message, answer, isProbe)
    return false
  }

  #send({ id, body }: WebhookMessage): Promise<Answer> {
    const { receiver, now, answerWithinMs } = this.#options
    const headers = { ...sign(receiver.secret, id, body, now()) }
    const stopping = this.#stopping.signal
    return ask({ url: receiver.url, headers, body, withinMs: answerWithinMs, stopping })
  }

  async #delivered(row: Unsent, { id, type }: WebhookMessage): Promise<void> {
    const { db, log, now } = this.#options
    await takeOff(db, row)
    this.counts.delivered += 1
    log.debug({ webhook: id, type, call: row.call, tries: row.tries + 1 }, 'webhook delivered')
    this.#failuresInARow = 0
    if (this.#awayUntil === null) return
    this.#awayUntil = null
    log.info('the receiver of webhooks takes them again')
    await bringAllForward(db, receiverId, now())
  }

  async #failed(row: Unsent, { id, type }: WebhookMessage, answer: Answer, isProbe: boolean): Promise<void> {
    const { db, log, now } = this.#options
    const about = { webhook: id, type, call: row.call, tries: row.tries + 1 }
    const why = answer.reached ? { status: answer.status } : { why: answer.why }
    this.counts.failed += 1
    this.#failuresInARow += 1
    if (this.#failuresInARow >= awayAfter) this.#setAway(isProbe)
    if (now() - row.recordedAt >= givenUpAfterMs) {
      await takeOff(db, row)
      this.counts.gaveUp += 1
      log.error({ ...about, ...why }, 'a webhook was given up after a week')
      return
    }
    const refused = answer.reached && isRefusal(answer.status)
    await putOff(db, row, now() + pauseAfter(row.tries + 1, refused))
    // A receiver that is away for a day is no thousand lines.
    if (this.#failuresInARow === 1) log.warn({ ...about, ...why }, 'a webhook was not taken; trying again')
  }

  #setAway(isProbe: boolean): void {
    const { log, now } = this.#options
    if (this.#awayUntil === null) {
      log.warn('the receiver of webhooks is away; what happens is kept for it')
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

  async #count(): Promise<void> {
    const { db, now, log } = this.#options
    if (Math.abs(now() - this.#countedAt) < countEveryMs) return
    const before = this.undelivered
    this.undelivered = await unsentCounts(db, now())
    this.#countedAt = now()
    const { unsent, late } = this.undelivered
    if (late > 0 && before.late === 0)
      log.error({ unsent, late }, 'webhooks are late by more than ten minutes')
  }
}

/** Without a receiver nothing is listed any longer; retried until PostgreSQL is there. */
export async function withoutReceiver(
  { db, log }: Pick<WebhookJobsOptions, 'db' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const dropped = await removeReceivers(db)
      if (dropped > 0) log.warn({ dropped }, 'WEBHOOK_URL is not set any longer: unsent webhooks are dropped')
      return
    } catch (err) {
      log.debug({ err }, 'the list of webhooks')
      await pause(5_000, signal)
    }
  }
}
