/** Redis keys before and after a run: keys of ended calls and jobs must not be left. */
import type { SystemUnderTest } from './testbed.ts'

export async function keysOf({ redis }: SystemUnderTest): Promise<readonly string[]> {
  const all: string[] = []
  let cursor = '0'
  do {
    const [next, found] = await redis.scan(cursor, 'COUNT', 1000)
    all.push(...found)
    cursor = next
  } while (cursor !== '0')
  return all
}

/** Keys that belong to one call, effect, job or message: their names contain its id. */
const ofOneSubject = /^(?:\{linia\}|linia-jobs:(?:recordings|documents)):.*(?:\d{6}|[\da-f]{8}-)/

/**
 * Sentences about new keys of ended calls and jobs. The total number of keys is not compared: after Redis was emptied,
 * the system's permanent keys come back gradually.
 */
export function keysLeft(before: readonly string[], now: readonly string[]): readonly string[] {
  return now
    .filter((key) => ofOneSubject.test(key) && !before.includes(key))
    .map((key) => `the key ${key} is left`)
}
