/** Times as the wire has them: ISO 8601 with milliseconds, UTC. */
import type { Millis } from '../../core/ids.ts'

export const iso = (at: Millis): string => new Date(at).toISOString()
export const isoOrNull = (at: Millis | null): string | null => (at === null ? null : iso(at))
