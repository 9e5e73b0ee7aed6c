/** The supervisor's keys, on a row of the board and while they are in a call. The desk cannot assign them (`agent/keys/chords.ts`). */
import type { KeyboardEvent as ReactKeyboardEvent } from 'react'
import { supervisionChords as keys } from '../../agent/keys/chords.ts'

export const supervisionKeys = {
  monitor: keys[0],
  whisper: keys[1],
  barge: keys[2],
  'take over': keys[3],
  /** Leaves the call, or ends it: as the desk's Shift+F8. */
  leave: keys[4],
  /** On the row of a waiting call. */
  front: keys[5],
} as const
export type SupervisionKey = keyof typeof supervisionKeys

type Press = Pick<KeyboardEvent | ReactKeyboardEvent, 'key' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey'>

/** Null: none of these keys. */
export function supervisionKeyOf({ key, ctrlKey, shiftKey, altKey, metaKey }: Press): SupervisionKey | null {
  if (!ctrlKey || !shiftKey || altKey || metaKey) return null
  const names = Object.keys(supervisionKeys) as SupervisionKey[]
  return names.find((name) => supervisionKeys[name] === `Ctrl+Shift+${key}`) ?? null
}
