/** Messages that callers have left: how they sound, and how they are closed. */
import type { Millis } from '../ids.ts'
import { bounds } from '../rules.ts'

/** `silence`: nobody spoke. `lost`: the caller spoke, and there is no recording. */
export const voicemailSounds = ['voice', 'silence', 'lost'] as const
export type VoicemailSound = (typeof voicemailSounds)[number]
export const voicemailResults = ['answered', 'not reached', 'nothing to do'] as const
export type VoicemailResult = (typeof voicemailResults)[number]

/** Whether an open message has waited for too long. */
export const isLate = (leftAt: Millis, now: Millis): boolean => now - leftAt >= bounds.voicemailLateMs
