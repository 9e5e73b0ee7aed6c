/** For who sees a node's process end: its lease is nobody's any more, and need not run out. */
import { once } from 'node:events'
import { pino } from 'pino'
import type { LineKeys } from './keys.ts'
import { connectRedis } from './redis.ts'

/** In all; the restart of the node waits for it. */
const withinMs = 500

/**
 * True when that node held the lease. Only for a process that is surely gone: one that hangs would go on believing.
 * @throws when Redis does not answer: then the lease runs out by itself.
 */
export async function giveBackLease(url: string, keys: LineKeys, node: string): Promise<boolean> {
  const redis = connectRedis(url, pino({ level: 'silent' }), { commandTimeoutMs: withinMs })
  try {
    await once(redis, 'ready', { signal: AbortSignal.timeout(withinMs) })
    return (await redis.giveBackLease(keys.lease, keys.lastLease, node)) === 1
  } finally {
    redis.disconnect()
  }
}
