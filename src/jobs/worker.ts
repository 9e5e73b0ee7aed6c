/** Starts and stops all background jobs of a node. */
import { DocumentDeliveries, type DocumentJobsOptions } from './documents/deliveries.ts'
import { RecordingQueue, type RecordingCounts, type RecordingJobsOptions } from './recordings/recordings.ts'
import { WebhookDeliveries, type WebhookJobsOptions } from './webhooks/deliveries.ts'
import type { RecordingJobs } from '../acd/ports.ts'
import { repeat } from '../repeat.ts'

export interface JobsOptions extends RecordingJobsOptions {
  readonly sweepEveryMs?: number
  readonly compressEveryMs?: number
  /** Null: no document system is configured; messages wait in the outbox. */
  readonly documents?: Pick<DocumentJobsOptions, 'databaseUrl' | 'system'> | null
  /** Missing: this process delivers no webhooks. */
  readonly webhooks?: Pick<WebhookJobsOptions, 'databaseUrl' | 'receiver' | 'openSecret'>
}

export interface Jobs {
  readonly recordings: RecordingJobs
  readonly counts: { readonly recordings: Readonly<RecordingCounts> }
  readonly documents: DocumentDeliveries | null
  readonly webhooks: WebhookDeliveries | null
  /** Finishes running jobs; the others stay in Redis. */
  stop(): Promise<void>
}

export function startJobs(options: JobsOptions): Jobs {
  const recordings = new RecordingQueue(options)
  recordings.start()
  const stopping = new AbortController()
  const sweeping = sweepForEver(recordings, options, stopping.signal)
  const compressing = compressForEver(recordings, options, stopping.signal)
  const documents = deliveriesOf(options)
  documents?.start()
  const webhooks = webhooksOf(options)
  webhooks?.start()
  return {
    recordings,
    counts: { recordings: recordings.counts },
    documents,
    webhooks,
    async stop() {
      stopping.abort()
      await sweeping
      await compressing
      await recordings.close()
      await documents?.close()
      await webhooks?.close()
    },
  }
}

function deliveriesOf({ documents, redisUrl, prefix, db, log, now }: JobsOptions): DocumentDeliveries | null {
  if (documents === null || documents === undefined) return null
  return new DocumentDeliveries({ ...documents, redisUrl, prefix, db, log, now })
}

function webhooksOf({ webhooks, redisUrl, prefix, db, log, now }: JobsOptions): WebhookDeliveries | null {
  if (webhooks === undefined) return null
  return new WebhookDeliveries({ ...webhooks, redisUrl, prefix, db, log, now })
}

function sweepForEver(
  recordings: RecordingQueue,
  { sweepEveryMs: everyMs = 60_000, log }: JobsOptions,
  signal: AbortSignal,
): Promise<void> {
  const sweep = async () => {
    const found = await recordings.sweep()
    if (found > 0) log.info({ found }, 'calls without a finished recording')
  }
  const failed = (err: unknown, inARow: number) => {
    if (inARow === 1) log.warn({ err }, 'calls without a finished recording cannot be looked for')
  }
  return repeat(sweep, { everyMs, signal, failed })
}

function compressForEver(
  recordings: RecordingQueue,
  { compressEveryMs: everyMs = 5 * 60_000, log }: JobsOptions,
  signal: AbortSignal,
): Promise<void> {
  const failed = (err: unknown, inARow: number) => {
    if (inARow === 1) log.warn({ err }, 'the job that compresses recordings cannot be made')
  }
  return repeat(() => recordings.compress(), { everyMs, signal, failed })
}
