/**
 * Recording jobs in BullMQ, one per finished call, and one that compresses while the line is quiet. A job that finds files or ledger incomplete is retried with growing
 * pauses. A periodic sweep makes jobs again for calls whose job was lost.
 */
import { readdir } from 'node:fs/promises'
import { Queue, Worker, type Job } from 'bullmq'
import type { Logger } from 'pino'
import { CallId, type Millis } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import { callsWithoutRecording } from '../../ledger/recordings/recordings.ts'
import type { RecordingJobs } from '../../acd/ports.ts'
import { unlessMissing } from '../../missing-file.ts'
import { bringForward } from '../bring-forward.ts'
import { connectionsTo } from '../connections.ts'
import { endOriginals, IdleCompression, type CompressOptions } from './compress-idle.ts'
import { Encoder } from './encoder.ts'
import { finishRecording, NotYet } from './finish-recording.ts'
import { doneFolder, isFolderName } from './folder-name.ts'

export interface RecordingJobsOptions {
  readonly redisUrl: string
  /** Prefix of all Redis keys of these jobs. */
  readonly prefix: string
  readonly db: Database
  readonly recordings: string
  readonly recordingKeys: string
  readonly log: Logger
  readonly now: () => Millis
  readonly concurrency?: number
  /** Delay after the end of the call; an earlier try would precede the ledger's row. */
  readonly firstTryMs?: number
  /** Tries per call; the pauses double from `firstRetryMs`. */
  readonly attempts?: number
  readonly firstRetryMs?: number
  /** As `CompressOptions` has them. */
  readonly compression?: Pick<CompressOptions, 'restMs' | 'lateMs' | 'keepMs' | 'quietCallsMax'>
}

export interface RecordingCounts {
  kept: number
  /** Conversations whose audio was lost. Each is an alarm. */
  lost: number
  /** Jobs that gave up; the sweep makes them again. Each is an alarm. */
  gaveUp: number
}

const queueName = 'recordings'

/** Null: compress what waits for it. */
interface Work {
  readonly call: CallId | null
}

/** A job of a dead node passes to another node within seconds, however often that happens. */
const takeover = { lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 10 } as const
const sweepBackMs = 24 * 3_600_000
/** A call that ended less than this ago still has its own job. */
const sweepGraceMs = 2 * 60_000
const sweepMax = 500
const compressJob = 'compress'
/** Bound of one run of compression. */
const compressRunMs = 10 * 60_000

export class RecordingQueue implements RecordingJobs {
  readonly counts: RecordingCounts = { kept: 0, lost: 0, gaveUp: 0 }
  readonly #options: Required<RecordingJobsOptions>
  readonly #queue: Queue<Work>
  readonly #worker: Worker<Work>
  readonly #encoder = new Encoder()
  readonly #compression: IdleCompression
  readonly #closed = new AbortController()
  #closing: Promise<void> | null = null

  constructor(options: RecordingJobsOptions) {
    // Pauses of 0.5 s, then 0.5 + 1 + 2 + … + 32 s: about a minute. Two jobs at once: one reads the disk while the
    // other encodes.
    this.#options = {
      compression: {},
      concurrency: 2,
      firstTryMs: 500,
      attempts: 8,
      firstRetryMs: 500,
      ...options,
    }
    const { redisUrl, prefix, log, concurrency } = this.#options
    this.#compression = new IdleCompression(this.#compressing())
    const { asking, working } = connectionsTo(redisUrl)
    this.#queue = new Queue(queueName, { ...asking, prefix })
    this.#worker = new Worker(
      queueName,
      ({ data, attemptsMade }) =>
        data.call === null ? this.#compress() : this.#finish(data.call, attemptsMade),
      {
        ...working,
        prefix,
        concurrency,
        autorun: false,
        ...takeover,
      },
    )
    this.#queue.on('error', (err) => log.debug({ err }, 'the recording jobs’ queue'))
    this.#worker.on('error', (err) => log.debug({ err }, 'the recording jobs’ worker'))
    this.#worker.on('failed', (job, err) => this.#failed(job?.data.call, job?.attemptsMade ?? 0, err))
  }

  start(): void {
    this.#encoder.start()
    this.#worker
      .run()
      .catch((err: unknown) => this.#options.log.error({ err }, 'recording jobs have stopped'))
  }

  async finish(call: CallId): Promise<void> {
    await this.#add(call)
  }

  /** Adds the call's job, or returns the existing one. */
  #add(call: CallId): Promise<Job<Work>> {
    const { firstTryMs, attempts, firstRetryMs } = this.#options
    return this.#queue.add(
      'finish',
      { call },
      {
        // BullMQ takes no colon in an id.
        jobId: call.replaceAll(':', '_'),
        delay: firstTryMs,
        attempts,
        backoff: { type: 'exponential', delay: firstRetryMs },
        removeOnComplete: true,
        removeOnFail: true,
      },
    )
  }

  /** Makes jobs for finished calls that still have a folder or lack a recording. Returns their number. */
  async sweep(): Promise<number> {
    const { db, now } = this.#options
    const left = await this.#foldersOfFinishedCalls()
    const before = now() - sweepGraceMs
    const missing = await callsWithoutRecording(
      db,
      { from: now() - sweepBackMs, endedBefore: before },
      sweepMax,
    )
    const calls = new Set([...left, ...missing])
    for (const call of calls) {
      // Its next try may have been set by a clock that has been put right since: by then it may be hours away.
      await bringForward(await this.#add(call))
    }
    // The farthest first: that is where a clock that was ahead has put them.
    for (const job of await this.#queue.getJobs('delayed', 0, sweepMax - 1)) {
      // Made or tried by a clock that was ahead: so was the end of its call, which the question above looks for in
      // the past.
      if (Math.max(job.timestamp, job.processedOn ?? 0) > now()) await bringForward(job)
    }
    return calls.size
  }

  /** Makes the job that compresses while the line is quiet. There is one at a time, whichever node it runs on. */
  async compress(): Promise<void> {
    const one = { jobId: compressJob, removeOnComplete: true, removeOnFail: true }
    await this.#queue.add(compressJob, { call: null }, one)
  }

  async #compress(): Promise<void> {
    const { log } = this.#options
    const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(compressRunMs)])
    const compressed = await this.#compression.run(signal)
    const ended = await endOriginals(this.#compressing())
    if (compressed + ended > 0) log.info({ compressed, ended }, 'recordings were compressed')
  }

  #compressing(): CompressOptions {
    return { ...this.#options, ...this.#options.compression, compress: this.#encoder.compress }
  }

  async close(): Promise<void> {
    this.#closed.abort()
    this.#closing ??= (async () => {
      try {
        await this.#worker.close()
        await this.#queue.close()
      } finally {
        await this.#encoder.close()
      }
    })()
    await this.#closing
  }

  async #finish(call: CallId, attemptsMade: number): Promise<void> {
    const { db, recordings, recordingKeys, attempts, log } = this.#options
    const lastTry = attemptsMade + 1 >= attempts
    const finished = await finishRecording(
      { db, recordings, recordingKeys, encode: this.#encoder.encode },
      call,
      lastTry,
    )
    if (finished === 'kept' || finished === 'kept in part') this.counts.kept += 1
    if (finished === 'lost' || finished === 'kept in part') {
      this.counts.lost += 1
      log.error({ call, finished }, 'audio of a conversation is lost')
    } else {
      log.info({ call, finished }, 'recording finished')
    }
  }

  #failed(call: CallId | null | undefined, attemptsMade: number, err: Error): void {
    const { attempts, log } = this.#options
    if (call === null) {
      log.warn({ err }, 'recordings are not compressed')
      return
    }
    if (attemptsMade < attempts) {
      if (!(err instanceof NotYet)) log.warn({ call, err }, 'a recording was not finished; trying again')
      return
    }
    this.counts.gaveUp += 1
    log.error({ call, err }, 'a recording was not finished; the next sweep tries again')
  }

  async #foldersOfFinishedCalls(): Promise<CallId[]> {
    const { recordings, db, now } = this.#options
    const names = (await readdir(recordings).catch(unlessMissing)) ?? []
    const folders = names.filter((name) => name !== doneFolder && isFolderName(name)).map(CallId)
    const finished: CallId[] = []
    for (let from = 0; from < folders.length && finished.length < sweepMax; from += sweepMax) {
      const rows = await db
        .selectFrom('calls')
        .select(['id', 'ended_at'])
        .where('id', 'in', folders.slice(from, from + sweepMax))
        .execute()
      finished.push(...rows.filter((row) => row.ended_at < now() - sweepGraceMs).map((row) => row.id))
    }
    return finished
  }
}
