/** Which node owns an Asterisk. Renewed each second, held by the monotonic clock, fenced by its token. */
import type { Clock, Lease } from '../voice/ports.ts'
import type { LineKeys } from './keys.ts'
import type { LineCommands } from './redis.ts'

const lifeMs = 3_000
const renewMs = 1_000
/** The lease counts as lost so much before Redis lets it go: clocks and replies are not exact. */
const marginMs = 500

export interface RedisLease extends Lease {
  /** The token that fences writes; '' before the first acquisition. */
  token(): string
}

export function redisLease(redis: LineCommands, keys: LineKeys, node: string, clock: Clock): RedisLease {
  let token = ''
  let surelyUntil = 0
  let callOff: (() => void) | undefined
  let stopped = false
  const lost: (() => void)[] = []

  /** True when held after this try; null when Redis did not answer. */
  async function take(): Promise<boolean | null> {
    const asked = clock.monotonic()
    try {
      const answer = await redis.takeLease(keys.lease, node, token, lifeMs)
      if (answer === '') return false
      token = answer
      surelyUntil = asked + lifeMs - marginMs
      return true
    } catch {
      // Redis is away: nobody else can take the lease either; `held` runs out by itself.
      return null
    }
  }

  async function renew(): Promise<void> {
    const held = await take()
    if (stopped) return
    if (held === false) {
      token = ''
      surelyUntil = 0
      for (const listener of lost) listener()
      return
    }
    callOff = clock.after(renewMs, () => void renew())
  }

  return {
    token: () => token,
    async acquire() {
      for (;;) {
        if ((await take()) === true) break
        await new Promise<void>((resolve) => {
          callOff = clock.after(renewMs / 4, resolve)
        })
      }
      callOff = clock.after(renewMs, () => void renew())
      return { fence: Number(token.split(':').at(-1)) }
    },
    held: () => clock.monotonic() < surelyUntil,
    onLost(listener) {
      lost.push(listener)
    },
    async release() {
      stopped = true
      callOff?.()
      surelyUntil = 0
      if (token === '') return
      try {
        await redis.releaseLease(keys.lease, token)
      } catch {
        // Redis is away: the lease runs out by itself.
      }
    },
  }
}
