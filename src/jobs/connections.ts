import type { QueueOptions, WorkerOptions } from 'bullmq'

/** Redis may hang and not close the connection: whoever asks then goes on without an answer. */
const answerMs = 5_000
/** One that is loading what it knew is asked again so soon; the client would believe its guess of up to ten seconds. */
const loading = { maxLoadingRetryTime: 500 }

/**
 * The two connections of one queue. Once connected, who asks is answered or refused within a bound; the worker waits
 * for Redis, however long it is away.
 */
export function connectionsTo(redisUrl: string): {
  readonly asking: Omit<QueueOptions, 'prefix'>
  readonly working: WorkerOptions
} {
  return {
    asking: {
      connection: {
        url: redisUrl,
        maxRetriesPerRequest: 1,
        enableOfflineQueue: false,
        commandTimeout: answerMs,
        ...loading,
      },
      // It would be asked once, when connecting; without an answer the queue would refuse everything for ever.
      skipVersionCheck: true,
    },
    working: { connection: { url: redisUrl, maxRetriesPerRequest: null, ...loading } },
  }
}
