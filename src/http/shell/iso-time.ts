/** Times as the wire has them: ISO 8601 with milliseconds, UTC. */
import type { Millis } from '../../core/ids.ts'
import { Refused } from './problem.ts'

export const iso = (at: Millis): string => new Date(at).toISOString()
export const isoOrNull = (at: Millis | null): string | null => (at === null ? null : iso(at))

/** A well-formed time can still not exist (a leap second). @throws {Refused} `bad-time` */
export function millisOf(text: string): Millis {
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new Refused('bad-time')
  return at
}
