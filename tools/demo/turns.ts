/** What an agent does in a conversation, or after it, besides talking. */
import type { Cards } from './deck.ts'

export const turns = {
  /** Nothing besides. */
  plain: 10,
  /** The caller is sent to a queue or a colleague. */
  transfer: 2,
  /** The caller is sent to a department. */
  department: 1,
  /** A colleague is asked, aside or with all three, and may take the caller over. */
  advice: 1,
  'three-way': 1,
  'hand-over': 1,
  /** A supervisor is asked for. */
  help: 1,
  /** After the wrap-up a citizen is called back. */
  'call-back': 3,
} as const satisfies Cards<string>

export type Turn = keyof typeof turns
