/**
 * Delivery to the document system: one BullMQ job per unsent message. PostgreSQL holds what is unsent, the tries and the
 * time of the next one; a job only starts the try on time, and the next sweep replaces a lost job. All nodes sweep and
 * work: the job's id is the message's, so each message has one job, held by one worker.
 */
import { DelayedError, Queue, Worker, type Job } from 'bullmq'
import type { Logger } from 'pino'
import type { DocumentSystem } from '../../city/documents/document-system.ts'
import type { MessageId } from '../../city/documents/message.ts'
import type { Millis } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import {
  dueMessages,
  messageAfter,
  recordTry,
  restoreUnsent,
  sealedMessage,
  takeOff,
  undeliveredCounts,
  unsentMessage,
  type UndeliveredCounts,
  type UnsentMessage,
} from '../../ledger/documents/outbox.ts'
import { watchChannel } from '../../ledger/notifications.ts'
import { untilDone } from '../../repeat.ts'
import { bringForward } from '../bring-forward.ts'
import { connectionsTo } from '../connections.ts'

export interface DocumentJobsOptions {
  readonly redisUrl: string
  /** Prefix of all Redis keys of these jobs. */
  readonly prefix: string
  readonly db: Database
  /** URL of the same database, for a connection that listens. */
  readonly databaseUrl: string
  readonly system: DocumentSystem
  readonly log: Logger
  readonly now: () => Millis
  readonly concurrency?: number
  readonly sweepEveryMs?: number
  /** Pause before a sweep that has failed is tried again. */
  readonly againAfterMs?: number
}

export interface DeliveryCounts {
  delivered: number
  /** Tries that failed. */
  failed: number
  /** Messages given up after a week. Each is an alarm. */
  gaveUp: number
}

const queueName = 'documents'
/** A job of a dead node passes to another node within seconds, however often that happens. */
const takeover = { lockDuration: 15_000, stalledInterval: 5_000, maxStalledCount: 10 } as const
const sweepMax = 500
const nothingUnsent: UndeliveredCounts = { unsent: 0, late: 0, givenUp: 0 }

type MessageJob = Job<{ message: MessageId }>

export class DocumentDeliveries {
  readonly counts: DeliveryCounts = { delivered: 0, failed: 0, gaveUp: 0 }
  /** Counts of the last sweep. */
  undelivered: UndeliveredCounts = nothingUnsent
  readonly #options: Required<DocumentJobsOptions>
  readonly #queue: Queue<{ message: MessageId }>
  readonly #worker: Worker<{ message: MessageId }>
  readonly #stopping = new AbortController()
  #sweeping: Promise<void> = Promise.resolve()
  #restored = false

  constructor(options: DocumentJobsOptions) {
    this.#options = { concurrency: 4, sweepEveryMs: 60_000, againAfterMs: 5_000, ...options }
    const { redisUrl, prefix, log, concurrency } = this.#options
    const { asking, working } = connectionsTo(redisUrl)
    this.#queue = new Queue(queueName, { ...asking, prefix })
    this.#worker = new Worker(queueName, (job, token) => this.#work(job, token), {
      ...working,
      prefix,
      concurrency,
      autorun: false,
      ...takeover,
    })
    this.#queue.on('error', (err) => log.debug({ err }, 'the documents’ queue'))
    this.#worker.on('error', (err) => log.debug({ err }, 'the documents’ worker'))
    this.#worker.on('failed', (job, err) => {
      if (this.#stopping.signal.aborted) return
      log.warn(
        { message: job?.data.message, err },
        'the result of a delivery could not be recorded; it is repeated',
      )
    })
  }

  /** Delivers unsent messages at once, and each new one when its transaction has committed. */
  start(): void {
    const { databaseUrl, log, sweepEveryMs: everyMs } = this.#options
    const { signal } = this.#stopping
    this.#worker
      .run()
      .catch((err: unknown) => log.error({ err }, 'deliveries to the document system have stopped'))
    this.#sweeping = watchChannel({ databaseUrl, channel: 'outbox', signal, log, everyMs }, () =>
      this.#sweepUntilDone(),
    )
  }

  /** Makes jobs for the due messages; returns how many. */
  async sweep(): Promise<number> {
    const { db, now } = this.#options
    if (!this.#restored) {
      await restoreUnsent(db)
      this.#restored = true
    }
    const due = await dueMessages(db, now(), sweepMax)
    await this.#add(due)
    this.#report(await undeliveredCounts(db, now()))
    return due.length
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
        if (inARow === 1) log.warn({ err }, 'unsent messages to the document system cannot be looked for')
      },
    })
  }

  /** Adds the messages' jobs in one command, in their order, and brings those forward that exist. */
  async #add(messages: readonly MessageId[]): Promise<void> {
    const jobs = await this.#queue.addBulk(
      messages.map((message) => ({
        name: 'deliver',
        data: { message },
        opts: { jobId: message, removeOnComplete: true, removeOnFail: true },
      })),
    )
    await Promise.all(jobs.map(bringForward))
  }

  async #work(job: MessageJob, token: string | undefined): Promise<void> {
    const nextAt = await this.#deliver(job.data.message)
    if (nextAt === null) return
    await job.moveToDelayed(Date.now() + Math.max(0, nextAt - this.#options.now()), token)
    throw new DelayedError()
  }

  /** Time of the next try; null when this job is done with the message. */
  async #deliver(id: MessageId): Promise<Millis | null> {
    const { db, now, system, log } = this.#options
    const message = await unsentMessage(db, id)
    if (message === null || message.givenUp || message.behind) return null
    if (message.outcome === 'delivered') {
      await takeOff(db, id)
      return null
    }
    if (message.nextAt !== null && message.nextAt > now()) return message.nextAt
    const sealed = await sealedMessage(db, id)
    if (sealed === null) {
      log.error({ message: id }, 'an undelivered message has lost its body')
      return null
    }
    const { signal } = this.#stopping
    const delivery = await system.deliver(sealed, signal)
    // Not a failure of the document system, so it is not recorded as a try; the next sweep makes a new job.
    if (signal.aborted && delivery.outcome === 'unreachable') throw new Error('this node is stopping')
    const nextAt = await recordTry(db, message, delivery, now())
    if (delivery.outcome === 'delivered') await this.#delivered(message)
    else this.#failed(message, delivery, nextAt)
    return nextAt
  }

  async #delivered({ id, tries }: UnsentMessage): Promise<void> {
    const { db, log } = this.#options
    this.counts.delivered += 1
    log.info({ message: id, tries: tries + 1 }, 'delivered to the document system')
    const next = await messageAfter(db, id)
    if (next !== null) await this.#add([next])
  }

  #failed({ id, tries }: UnsentMessage, delivery: object, nextAt: Millis | null): void {
    const { log } = this.#options
    this.counts.failed += 1
    if (nextAt !== null) {
      log.warn({ message: id, tries: tries + 1, ...delivery }, 'the document system did not accept a message')
      return
    }
    this.counts.gaveUp += 1
    log.error({ message: id, ...delivery }, 'a message to the document system was given up after a week')
  }

  /** Logs one line when more messages are late than at the last sweep. */
  #report(now: UndeliveredCounts): void {
    const before = this.undelivered
    this.undelivered = now
    if (now.late > before.late)
      this.#options.log.error(now, 'messages to the document system are late by more than two hours')
  }
}
