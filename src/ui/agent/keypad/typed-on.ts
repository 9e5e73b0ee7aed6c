/** Keys that are meant for a keypad which has just closed by itself. */
import { isTone } from '../phone/tone-queue.ts'

/** Two digits of one number are typed within this. */
export const typedOnMs = 1_500

export interface TypedKey {
  readonly key: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
  /** Milliseconds. */
  readonly timeStamp: number
}

/** Whether a key goes on with what was last typed into the keypad. */
export const goesOn = ({ key, ctrlKey, altKey, metaKey, timeStamp }: TypedKey, lastAt: number): boolean =>
  isTone(key) && !ctrlKey && !altKey && !metaKey && timeStamp - lastAt <= typedOnMs
