/** The requests of programs (`ProgramRates`), counted for all nodes together. */
import type { AcdRedis } from './connection.ts'
import { programKeys } from './keys.ts'

const windowMs = 60_000
const hourMs = 3_600_000
const hours = 24

/** Rejects while Redis does not answer. */
export function redisProgramRates(redis: AcdRedis, prefix: string, now: () => number) {
  const keys = programKeys(prefix)
  const hourNow = () => Math.floor(now() / hourMs)
  return {
    async count(token: number, perMinute: number) {
      const [count, endsInMs] = await redis.countProgram(
        keys.requests(token),
        keys.refused(hourNow()),
        perMinute,
        windowMs,
        token,
        (hours + 1) * hourMs,
      )
      return { count, endsInMs }
    },
    async refused(): Promise<ReadonlyMap<number, number>> {
      const sums = new Map<number, number>()
      const last = hourNow()
      const hashes = Array.from({ length: hours }, (_, ago) => redis.hgetall(keys.refused(last - ago)))
      for (const hash of await Promise.all(hashes))
        for (const [token, count] of Object.entries(hash))
          sums.set(Number(token), (sums.get(Number(token)) ?? 0) + Number(count))
      return sums
    },
  }
}
