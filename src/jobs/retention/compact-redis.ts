/**
 * Redis keeps each command in its append-only file until it rewrites the file, which by itself it does by size: on a quiet
 * system a caller's number would stay there for months. The rewritten file has no trimmed entries only where it is a list
 * of commands (`aof-use-rdb-preamble no`).
 */
import { Redis } from 'ioredis'
import { pause } from '../../repeat.ts'

const answerMs = 5_000
const rewriteMaxMs = 10 * 60_000
const lookEveryMs = 200

/** Resolves when the file has been rewritten. @throws when Redis refuses, or takes too long. */
export async function compactRedis(url: string): Promise<void> {
  const redis = new Redis(url, { commandTimeout: answerMs, maxRetriesPerRequest: 1 })
  // A lost connection makes the next command fail; without a listener the error would end the process.
  redis.on('error', () => undefined)
  try {
    // Without an append-only file there is nothing to rewrite.
    if (!isOn(await redis.info('persistence'), 'aof_enabled')) return
    await redis.bgrewriteaof()
    const until = performance.now() + rewriteMaxMs
    for (;;) {
      const state = await redis.info('persistence')
      if (!isOn(state, 'aof_rewrite_in_progress') && !isOn(state, 'aof_rewrite_scheduled')) break
      if (performance.now() > until) throw new Error('Redis has not rewritten its append-only file in time')
      await pause(lookEveryMs)
    }
    if (!(await redis.info('persistence')).includes('aof_last_bgrewrite_status:ok'))
      throw new Error('Redis could not rewrite its append-only file')
  } finally {
    redis.disconnect()
  }
}

const isOn = (state: string, name: string): boolean => state.includes(`${name}:1`)
