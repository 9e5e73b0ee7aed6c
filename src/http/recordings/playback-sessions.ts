/**
 * A player asks for a recording in many pieces; one hearing is one opening of the player. Where it is not
 * certain that a request belongs to an opening that is on record, it is a new one: rather one hearing too
 * many on record than one too few.
 */
import type { CallId, Millis } from '../../core/ids.ts'

/** Browsers ask for the beginning twice in a row. */
const sameStartMs = 10_000
/** How long the pieces of an opening that the player has named may be fetched. */
const openingMs = 3_600_000
const openingsMax = 10_000

export class PlaybackSessions {
  readonly #now: () => Millis
  /** When each opening was put on record, by session and call (and the player's own name for it). */
  readonly #openedAt = new Map<string, Millis>()

  constructor(now: () => Millis) {
    this.#now = now
  }

  /**
   * `player`: the player's own name for this opening, where it has one. Without, an opening lasts as long as
   * the recording: nobody hears it twice in that time, wherever he lets it begin.
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

  /** The hearing is on record. */
  opened(token: string, call: CallId, player: string | undefined): void {
    const key = keyOf(token, call, player)
    this.#openedAt.delete(key)
    this.#openedAt.set(key, this.#now())
    if (this.#openedAt.size <= openingsMax) return
    const [oldest] = this.#openedAt.keys()
    if (oldest !== undefined) this.#openedAt.delete(oldest)
  }
}

const keyOf = (token: string, call: CallId, player = ''): string => `${token} ${call} ${player}`
