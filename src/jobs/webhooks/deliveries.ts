/**
 * Webhooks: other programs are told of the course of calls. PostgreSQL has the list of what is unsent, filled in the
 * transactions that write the record; a BullMQ job for each receiver delivers it, on whichever node, and only that it runs
 * on time is the job's. Messages of a call leave in their order; those of several calls at once.
 */
import { DelayedError, Queue, Worker, type Job } from 'bullmq'
import type { Logger } from 'pino'
import { eventTypesOf, webhookTypes } from '../../city/webhooks/published-events.ts'
import { settingsReceiver } from '../../city/webhooks/receiver-limits.ts'
import type { Millis } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import { watchChannel } from '../../ledger/notifications.ts'
import { openReceiver, openReceivers } from '../../ledger/webhooks/receivers.ts'
import {
  dropUnlisted,
  listFor,
  listNoMore,
  listedReceivers,
  unsentCounts,
  type UnsentCounts,
} from '../../ledger/webhooks/unsent.ts'
import { pause, untilDone } from '../../repeat.ts'
import { bringForward } from '../bring-forward.ts'
import { connectionsTo } from '../connections.ts'
import { ReceiverDeliveries, type WebhookCounts, type WebhookReceiver } from './receiver-deliveries.ts'

/** The receiver that the settings name. */
export interface SettingsReceiver {
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
  /** Null: the settings name none. */
  readonly receiver: SettingsReceiver | null
  /** Opens the secret of a receiver of the register; null: it was sealed with another key. */
  readonly openSecret: (sealed: Buffer, receiver: string) => string | null
  readonly log: Logger
  readonly now: () => Millis
  readonly sweepEveryMs?: number
  /** Pause before a sweep that has failed is tried again. */
  readonly againAfterMs?: number
  readonly answerWithinMs?: number
}

const queueName = 'webhooks'
/** A job of a dead node passes to another node, or to the next start, within seconds, however often that happens. */
const takeover = { lockDuration: 10_000, stalledInterval: 3_000, maxStalledCount: 10 } as const
/** More jobs than receivers are allowed: none waits for another one's timeout. */
const receiversAtOnce = 20
/** Counting reads the whole list. */
const countEveryMs = 10_000

/** Without `receiver`: of a release that knew the receiver of the settings alone. */
interface DeliveryData {
  readonly receiver?: string
}
type DeliveryJob = Job<DeliveryData>

export class WebhookDeliveries {
  readonly counts: WebhookCounts = { delivered: 0, failed: 0, gaveUp: 0 }
  /** As it was counted last. */
  undelivered: UnsentCounts = { unsent: 0, late: 0, oldestAt: null }
  readonly #options: Required<WebhookJobsOptions>
  readonly #queue: Queue<DeliveryData>
  readonly #worker: Worker<DeliveryData>
  readonly #stopping = new AbortController()
  readonly #receivers = new Map<string, ReceiverDeliveries>()
  #sweeping: Promise<void> = Promise.resolve()
  #isListed = false
  #countedAt = -Infinity

  constructor(options: WebhookJobsOptions) {
    this.#options = { sweepEveryMs: 60_000, againAfterMs: 5_000, answerWithinMs: 10_000, ...options }
    const { redisUrl, prefix, log } = this.#options
    const { asking, working } = connectionsTo(redisUrl)
    this.#queue = new Queue(queueName, { ...asking, prefix })
    this.#worker = new Worker(queueName, (job, token) => this.#work(job, token), {
      ...working,
      prefix,
      autorun: false,
      concurrency: receiversAtOnce,
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

  /** Has the job of each receiver run to whom anything is due. */
  async sweep(): Promise<void> {
    const { db } = this.#options
    if (!this.#isListed) {
      await this.#list()
      this.#isListed = true
    }
    await this.#count()
    const listed = await listedReceivers(db)
    for (const id of this.#receivers.keys()) if (!listed.includes(id)) this.#receivers.delete(id)
    for (const id of listed) await this.#haveRun(id)
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

  /** Another release may have listed other events of the record; the settings may name a receiver, or none any longer. */
  async #list(): Promise<void> {
    const { db, receiver, log } = this.#options
    for (const { id, types } of await openReceivers(db)) await listFor(db, id, eventTypesOf(types))
    if (receiver !== null) return listFor(db, settingsReceiver, eventTypesOf(webhookTypes))
    const dropped = await listNoMore(db, settingsReceiver)
    if (dropped > 0) log.warn({ dropped }, 'WEBHOOK_URL is not set any longer: unsent webhooks are dropped')
  }

  async #haveRun(receiver: string): Promise<void> {
    const nextAt = await this.#of(receiver).nextAt()
    if (nextAt === null) return
    const delay = Math.max(0, nextAt - this.#options.now())
    // As an earlier release named it: two nodes during an update do not deliver to one receiver at once.
    const jobId = receiver === settingsReceiver ? 'deliver' : `deliver-${receiver}`
    const job = await this.#queue.add(
      'deliver',
      { receiver },
      { jobId, delay, removeOnComplete: true, removeOnFail: true },
    )
    if (delay === 0) await bringForward(job)
  }

  #of(id: string): ReceiverDeliveries {
    const known = this.#receivers.get(id)
    if (known !== undefined) return known
    const { db, log, now, answerWithinMs } = this.#options
    const { counts } = this
    const stopping = this.#stopping.signal
    const current = () => this.#current(id)
    const made = new ReceiverDeliveries({ id, current, db, log, now, answerWithinMs, counts, stopping })
    this.#receivers.set(id, made)
    return made
  }

  async #current(id: string): Promise<WebhookReceiver | null> {
    const { db, receiver, openSecret } = this.#options
    if (id === settingsReceiver) return receiver === null ? null : { ...receiver, types: webhookTypes }
    const open = await openReceiver(db, id)
    if (open === null) return null
    const { url, types, secret } = open
    // An administrator enters it, who sees no numbers of citizens (decision 15).
    return { url, types, secret: openSecret(secret, id), withNumber: false }
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
    const nextAt = await this.#of(job.data.receiver ?? settingsReceiver).deliverAll()
    if (nextAt === null) return
    await job.moveToDelayed(Date.now() + Math.max(0, nextAt - this.#options.now()), token)
    // Nobody could bring the job forward while it ran.
    this.#sweepSoon()
    throw new DelayedError()
  }

  async #count(): Promise<void> {
    const { db, now, log } = this.#options
    if (Math.abs(now() - this.#countedAt) < countEveryMs) return
    await dropUnlisted(db)
    const before = this.undelivered
    this.undelivered = await unsentCounts(db, now())
    this.#countedAt = now()
    const { unsent, late } = this.undelivered
    if (late > 0 && before.late === 0)
      log.error({ unsent, late }, 'webhooks are late by more than ten minutes')
  }
}
