/** A prompt or a text that is recorded by telephone: what is dialled, and its bounds. */
import type { Millis } from '../ids.ts'

/** Of internal numbers; `dialplan/agents.conf` has it, too. */
export const dictationPrefix = '*30'
export const dictationDigits = 4
/** A code can be dialled for so long; `dialplan/agents.conf` has it, too. */
export const dictationMs = 600_000
/** A call that began within that time may end, and its recording be fetched. */
export const dictationEndsMs = 120_000
/** All accounts together: a recording of 8 kHz has a megabyte. */
export const dictationsMax = 20

export const dictationStates = ['waiting', 'recording', 'recorded'] as const
export type DictationState = (typeof dictationStates)[number]

export interface Dictation {
  /** As it is dialled. */
  readonly number: string
  /** Until then it can be dialled. */
  readonly until: Millis
  readonly state: DictationState
}
