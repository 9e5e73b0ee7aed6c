import type { Millis } from '../ids.ts'

/** The conversation is left out of the recording until then at the latest. */
export interface RecordingPause {
  readonly since: Millis
  readonly until: Millis
  readonly reason: RecordingPauseReason
}
export const recordingPauseReasons = ['payment card', 'password', 'caller asks'] as const
export type RecordingPauseReason = (typeof recordingPauseReasons)[number]
