import type { QueueOptions, WorkerOptions } from 'bullmq'

/** Bound of one command: a hung Redis keeps the connection open without answering. */
const answerMs = 5_000
/** While Redis loads its data, the client would wait for Redis's estimate of up to ten seconds. */
const loading = { maxLoadingRetryTime: 500 }

/**
 * Options of a queue's two connections. Commands of `asking` fail within a bound; `working`, for the worker, waits for
 * Redis however long it is away.
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
      // The check runs once, on connecting; without an answer the queue would reject everything for ever.
      skipVersionCheck: true,
    },
    working: { connection: { url: redisUrl, maxRetriesPerRequest: null, ...loading } },
  }
}
