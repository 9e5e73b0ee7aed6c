/** The latest changes, kept for pages that reconnect. */
import type { StreamPosition } from '../../core/acd-event.ts'
import { textFor } from './live-state.ts'
import type { Change, Scope } from './live-state.ts'

const changesMax = 2_048
/** Beyond this size a snapshot is cheaper than a replay. */
const replayBytesMax = 128 * 1024

export class LiveChanges {
  /** The position of the present snapshot; null before the first. */
  #base: StreamPosition | null = null
  #changes: Change[] = []
  #dropped = false

  /** A new snapshot was taken: readers cannot resume from positions before it. */
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

  /** The position of the last change, or of the snapshot; null before the first snapshot. */
  get position(): StreamPosition | null {
    return this.#changes.at(-1)?.position ?? this.#base
  }

  /** The changes that a reader has missed since `lastSeen`, as text; null when only a snapshot will do. */
  since(lastSeen: string, scope: Scope): string | null {
    const last = this.#changes.findLastIndex(({ position }) => position === lastSeen)
    // Once the oldest changes are dropped, the snapshot's position cannot be resumed from either.
    if (last === -1 && (lastSeen !== this.#base || this.#dropped)) return null
    let text = ''
    for (const change of this.#changes.slice(last + 1)) {
      text += textFor(change, scope) ?? ''
      if (text.length > replayBytesMax) return null
    }
    return text
  }
}
