/** The manifest of a recording, and the request for its audio. */
import { Type, type Static } from 'typebox'
import { Instance, Time } from '../wire.ts'

export const RecordingManifest = Type.Object({
  durationMs: Type.Integer(),
  bytes: Type.Integer(),
  /** Hex, of the compressed file. */
  sha256: Type.String(),
  tracks: Type.Array(Type.Enum(['caller', 'agent'])),
  /** Maps file offsets to wall time: the recording runs only while caller and agent are bridged. */
  spans: Type.Array(Type.Object({ offsetMs: Type.Integer(), startedAt: Time, durationMs: Type.Integer() })),
  gaps: Type.Array(Type.Object({ startedAt: Time, endedAt: Time, why: Type.String() })),
  /** Identity checks: silent for all listeners except an auditor who has stated a reason. */
  silenced: Type.Array(Type.Object({ offsetMs: Type.Integer(), durationMs: Type.Integer() })),
})
export type RecordingManifest = Static<typeof RecordingManifest>

/** `opening`: the player's random name for one playback session; all its requests are one hearing. */
export const RecordingQuery = Type.Object({ opening: Type.Optional(Instance) })

/** `POST /api/calls/{id}/recording/hearings`, for auditors: the session `opening` may then hear the check. */
export const HearWhole = Type.Object({
  opening: Type.String({ minLength: 16, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' }),
  reason: Type.String({ minLength: 3, maxLength: 500 }),
})
