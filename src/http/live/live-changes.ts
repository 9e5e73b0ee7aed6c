/** The latest changes of the line, for pages that come back after a break. */
import type { StreamPosition } from '../../core/acd-event.ts'
import { textFor } from './live-line.ts'
import type { Change, Scope } from './live-line.ts'

const changesMax = 2_048
/** Whoever missed more than this is better served by a snapshot. */
const replayBytesMax = 128 * 1024

export class LiveChanges {
  /** Where the present snapshot was taken; null before the first. */
  #base: StreamPosition | null = null
  #changes: Change[] = []
  #dropped = false

  /** A new snapshot: what came before cannot be continued from. */
  restart(position: StreamPosition): void {
    this.#base = position
    this.#changes = []
    this.#dropped = false
  }

  add(change: Change): void {
    this.#changes.push(change)
    if (this.#changes.length <= changesMax * 2) return
    this.#changes.splice(0, changesMax)
    this.#dropped = true
  }

  /** The last change folded, or the snapshot's place; null before the first snapshot. */
  get position(): StreamPosition | null {
    return this.#changes.at(-1)?.position ?? this.#base
  }

  /** What a reader has missed since then, as text; null when only a snapshot can tell. */
  since(lastSeen: string, scope: Scope): string | null {
    const last = this.#changes.findLastIndex(({ position }) => position === lastSeen)
    // After the oldest changes were dropped, the snapshot's place is as unknown as any other.
    if (last === -1 && (lastSeen !== this.#base || this.#dropped)) return null
    let text = ''
    for (const change of this.#changes.slice(last + 1)) {
      text += textFor(change, scope) ?? ''
      if (text.length > replayBytesMax) return null
    }
    return text
  }
}
