/** Releases the lease of a node whose process has ended, for its supervisor: the next owner need not wait. */
import { once } from 'node:events'
import { pino } from 'pino'
import type { AcdKeys } from './keys.ts'
import { connectRedis } from './connection.ts'

/** Bound for the connection and for each command: the node's restart waits for them. */
const answerMs = 1_000

/**
 * True when that node held the lease. Only for a process that has ended: one that hangs would go on as the owner.
 * Released by its token, so that a late release takes nothing from a later holder.
 * @throws when Redis does not answer; the lease then expires by itself.
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
