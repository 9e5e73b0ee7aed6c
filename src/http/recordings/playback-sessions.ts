/**
 * Groups the range requests of a player into playback sessions, because one session is recorded as one hearing. A
 * request that cannot be assigned to a session with certainty starts a new one: one hearing too many on record is
 * better than one too few.
 */
import type { CallId, Millis } from '../../core/ids.ts'

/** Browsers request the beginning of a file twice in a row. */
const sameStartMs = 10_000
/** How long a session that the player has named stays valid. */
const openingMs = 3_600_000
const sessionsMax = 10_000

export class PlaybackSessions {
  readonly #now: () => Millis
  /** When each session's hearing was recorded, by login session, call and the player's name for the session. */
  readonly #openedAt = new Map<string, Millis>()

  constructor(now: () => Millis) {
    this.#now = now
  }

  /**
   * `player`: the player's name for this session, if it gave one. Without a name a session lasts as long as the
   * recording, which nobody can hear twice within that time.
   */
  isKnown(
    token: string,
    call: CallId,
    player: string | undefined,
    { start, lastsMs }: { readonly start: number; readonly lastsMs: number },
  ): boolean {
    const openedAt = this.#openedAt.get(keyOf(token, call, player))
    if (openedAt === undefined) return false
    const age = this.#now() - openedAt
    if (player !== undefined) return age < openingMs
    return age < (start === 0 ? sameStartMs : Math.max(sameStartMs, lastsMs))
  }

  /** Call it once the hearing is recorded. */
  opened(token: string, call: CallId, player: string | undefined): void {
    const key = keyOf(token, call, player)
    this.#openedAt.delete(key)
    this.#openedAt.set(key, this.#now())
    if (this.#openedAt.size <= sessionsMax) return
    const [oldest] = this.#openedAt.keys()
    if (oldest !== undefined) this.#openedAt.delete(oldest)
  }
}

const keyOf = (token: string, call: CallId, player = ''): string => `${token} ${call} ${player}`
