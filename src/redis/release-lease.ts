/** For who sees a node's process end: its lease is nobody's any more, and need not run out. */
import { once } from 'node:events'
import { pino } from 'pino'
import type { AcdKeys } from './keys.ts'
import { connectRedis } from './connection.ts'

/** For the connection, and again for each question; the restart of the node waits for it. */
const answerMs = 1_000

/**
 * True when that node held the lease. Only for a process that is surely gone: one that hangs would go on believing.
 * By its token, so that whatever comes late takes nothing from who holds the lease by then.
 * @throws when Redis does not answer: then the lease runs out by itself.
 */
export async function releaseLease(url: string, keys: AcdKeys, node: string): Promise<boolean> {
  const redis = connectRedis(url, pino({ level: 'silent' }), { commandTimeoutMs: answerMs })
  try {
    await once(redis, 'ready', { signal: AbortSignal.timeout(answerMs) })
    const token = await redis.get(keys.lease)
    if (token?.startsWith(`${node}:`) !== true) return false
    return (await redis.releaseLease(keys.lease, keys.lastLease, token)) === 1
  } finally {
    redis.disconnect()
  }
}
