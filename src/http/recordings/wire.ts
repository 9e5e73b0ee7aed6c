/** The manifest of a recording, and the request for its audio. */
import { Type, type Static } from 'typebox'
import { recordingPauseReasons } from '../../core/call.ts'
import { Instance, Nullable, Person, Time } from '../wire.ts'

const Tracks = Type.Array(Type.Enum(['caller', 'agent']))

/** One file: what was said on one leg. */
const RecordingSegment = Type.Object({
  /** The channel of the agent's phone; null: the file holds a whole call, as older ones do. */
  leg: Nullable(Type.String()),
  /** Null: not known. */
  agent: Nullable(Person),
  /** `consulted`: a colleague who was asked and did not serve the caller. */
  role: Type.Enum(['agent', 'consulted']),
  /** Where it begins when the call is played, and how long it plays. */
  offsetMs: Type.Integer(),
  durationMs: Type.Integer(),
  startedAt: Time,
  endedAt: Time,
  /** Between its beginning and its end, while the caller was on hold: not recorded. */
  heldMs: Type.Integer(),
  bytes: Type.Integer(),
  /** Hex, of the file that is played: once it was compressed, of the compressed one. */
  sha256: Type.String(),
  tracks: Tracks,
})

/** A call's recording as it is played: its segments one after the other. Offsets are from its beginning. */
export const RecordingManifest = Type.Object({
  durationMs: Type.Integer(),
  bytes: Type.Integer(),
  /** Those that every segment has. */
  tracks: Tracks,
  segments: Type.Array(RecordingSegment),
  /** Maps offsets to wall time: a recording runs only while caller and agent are bridged. */
  spans: Type.Array(Type.Object({ offsetMs: Type.Integer(), startedAt: Time, durationMs: Type.Integer() })),
  gaps: Type.Array(Type.Object({ startedAt: Time, endedAt: Time, why: Type.String() })),
  /** Legs of which no audio could be kept, or whose file cannot be read now, and why. */
  lost: Type.Array(
    Type.Object({ leg: Nullable(Type.String()), agent: Nullable(Person), why: Type.String() }),
  ),
  /** Identity checks: silent for all listeners except an auditor who has stated a reason. */
  silenced: Type.Array(Type.Object({ offsetMs: Type.Integer(), durationMs: Type.Integer() })),
  /** While an agent had paused the recording: the file itself is silent there. */
  paused: Type.Array(
    Type.Object({
      offsetMs: Type.Integer(),
      durationMs: Type.Integer(),
      reason: Type.Enum([...recordingPauseReasons]),
    }),
  ),
})
export type RecordingManifest = Static<typeof RecordingManifest>

/** `opening`: the player's random name for one playback session; all its requests are one hearing. */
export const RecordingQuery = Type.Object({ opening: Type.Optional(Instance) })

/** `POST /api/calls/{id}/recording/hearings`, for auditors: the session `opening` may then hear the check. */
export const HearWhole = Type.Object({
  opening: Type.String({ minLength: 16, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' }),
  reason: Type.String({ minLength: 3, maxLength: 500 }),
})
