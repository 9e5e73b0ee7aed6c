import type { ConnectionOptions } from 'bullmq'

/** Redis may hang and not close the connection; whoever asks goes on without an answer then. */
const answerMs = 5_000

/** The connections of one queue: who asks is answered or refused within a bound; the worker waits for Redis for ever. */
export function connectionsTo(redisUrl: string): { asking: ConnectionOptions; working: ConnectionOptions } {
  return {
    asking: { url: redisUrl, maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: answerMs },
    working: { url: redisUrl, maxRetriesPerRequest: null },
  }
}
