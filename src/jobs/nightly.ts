/** A nightly job in BullMQ: scheduled once for all nodes, run by one of them. */
import { Queue, Worker } from 'bullmq'
import type { Logger } from 'pino'
import { timeZone } from '../core/local-time.ts'
import { connectionsTo } from './connections.ts'

export interface NightlyOptions {
  readonly name: string
  /** Cron pattern with seconds, in the city's time zone. */
  readonly pattern: string
  readonly redisUrl: string
  /** Prefix of all Redis keys of these jobs. */
  readonly prefix: string
  readonly log: Logger
  readonly work: () => Promise<void>
}

/** After this time the job of a dead node passes to another one. */
const lockMs = 60_000
/** Longer than a command may take: a queue that was never connected waits for Redis however long it is away. */
const askMs = 6_000

export class Nightly {
  readonly #options: NightlyOptions
  readonly #queue: Queue
  readonly #worker: Worker

  constructor(options: NightlyOptions) {
    this.#options = options
    const { name, redisUrl, prefix, log, work } = options
    const { asking, working } = connectionsTo(redisUrl)
    this.#queue = new Queue(name, { ...asking, prefix })
    this.#worker = new Worker(name, work, {
      ...working,
      prefix,
      autorun: false,
      lockDuration: lockMs,
    })
    this.#queue.on('error', (err) => log.debug({ err }, `the queue of ${name}`))
    this.#worker.on('error', (err) => log.debug({ err }, `the worker of ${name}`))
    this.#worker.on('failed', (_job, err) =>
      log.error({ err }, `${name} failed; it runs again tomorrow night`),
    )
  }

  start(): void {
    const { name, log } = this.#options
    this.#worker.run().catch((err: unknown) => log.error({ err }, `${name} has stopped`))
  }

  /** Idempotent. Called periodically, because a Redis that restarted empty has lost the schedule. */
  async plan(): Promise<void> {
    const { pattern } = this.#options
    const opts = { removeOnComplete: true, removeOnFail: true }
    // Without an answer the next call comes long before the night.
    await this.#ask(() => this.#queue.upsertJobScheduler('nightly', { pattern, tz: timeZone }, { opts }))
  }

  /** Once, besides the nights; one that waits or runs already is enough. Returns whether Redis has it. */
  async runNow(): Promise<boolean> {
    const { name } = this.#options
    const opts = { jobId: `${name}-now`, removeOnComplete: true, removeOnFail: true }
    return this.#ask(() => this.#queue.add('now', {}, opts))
  }

  /** Returns whether Redis has answered in time. */
  async #ask(ask: () => Promise<unknown>): Promise<boolean> {
    const { name, log } = this.#options
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new Error(`no answer within ${askMs} ms`)), askMs)
    try {
      await Promise.race([ask(), late.promise])
      return true
    } catch (err) {
      log.debug({ err }, `${name} could not be planned`)
      return false
    } finally {
      clearTimeout(timer)
    }
  }

  async stop(): Promise<void> {
    try {
      await this.#worker.close()
    } finally {
      await this.#queue.close()
    }
  }
}
