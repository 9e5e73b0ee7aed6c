/** The manifest of a recording, and the request for its audio. */
import { Type, type Static } from 'typebox'
import { recordingPauseReasons } from '../../core/media/recording-pause.ts'
import { Described, Instance, Nullable, Person, Time } from '../wire.ts'

const Tracks = Type.Array(Type.Enum(['caller', 'agent']))

const RecordingSegment = Described(
  'One file: what was said on one leg.',
  Type.Object({
    leg: Described(
      "The channel of the agent's phone; null: the file holds a whole call, as older ones do.",
      Nullable(Type.String()),
    ),
    agent: Described('Null: not known.', Nullable(Person)),
    role: Described(
      '`consulted`: a colleague who was asked and did not serve the caller.',
      Type.Enum(['agent', 'consulted']),
    ),
    offsetMs: Described('Where it begins when the call is played, and how long it plays.', Type.Integer()),
    durationMs: Type.Integer(),
    skippedMs: Described(
      'Of its beginning: not played, because an earlier segment has the same talk. All of it, where nothing is played.',
      Type.Integer(),
    ),
    startedAt: Time,
    endedAt: Time,
    heldMs: Described(
      'Between its beginning and its end, while the caller was on hold: not recorded.',
      Type.Integer(),
    ),
    bytes: Type.Integer(),
    sha256: Described(
      'Hex, of the file that is played: once it was compressed, of the compressed one.',
      Type.String(),
    ),
    tracks: Tracks,
  }),
)

export const RecordingManifest = Described(
  "A call's recording as it is played: its segments one after the other, and what two of them have, once. Offsets are from its beginning.",
  Type.Object({
    durationMs: Type.Integer(),
    bytes: Type.Integer(),
    tracks: Described('Those that every segment has.', Tracks),
    segments: Type.Array(RecordingSegment),
    spans: Described(
      'Maps offsets to wall time: a recording runs only while caller and agent are bridged.',
      Type.Array(Type.Object({ offsetMs: Type.Integer(), startedAt: Time, durationMs: Type.Integer() })),
    ),
    gaps: Type.Array(Type.Object({ startedAt: Time, endedAt: Time, why: Type.String() })),
    unrecorded: Described(
      "While the caller talked with a party outside without an agent: nothing was recorded, because an agent's leg has the recorder. The name is the one of then.",
      Type.Array(
        Type.Object({
          startedAt: Time,
          endedAt: Nullable(Time),
          contact: Type.Object({ id: Type.String(), name: Type.String() }),
        }),
      ),
    ),
    lost: Described(
      'Legs of which no audio could be kept, or whose file cannot be read now, and why.',
      Type.Array(Type.Object({ leg: Nullable(Type.String()), agent: Nullable(Person), why: Type.String() })),
    ),
    silenced: Described(
      'Identity checks: silent for all listeners except an auditor who has stated a reason.',
      Type.Array(Type.Object({ offsetMs: Type.Integer(), durationMs: Type.Integer() })),
    ),
    paused: Described(
      'While an agent had paused the recording: the file itself is silent there.',
      Type.Array(
        Type.Object({
          offsetMs: Type.Integer(),
          durationMs: Type.Integer(),
          reason: Type.Enum([...recordingPauseReasons]),
        }),
      ),
    ),
    asides: Described(
      'While an agent talked with a colleague, or a party outside, and the caller heard music.',
      Type.Array(
        Type.Object({
          offsetMs: Type.Integer(),
          durationMs: Type.Integer(),
          with: Type.Object({ id: Type.String(), name: Type.String() }),
        }),
      ),
    ),
  }),
)
export type RecordingManifest = Static<typeof RecordingManifest>

export const RecordingQuery = Described(
  "`opening`: the player's random name for one playback session; all its requests are one hearing.",
  Type.Object({ opening: Type.Optional(Instance) }),
)

export const HearWhole = Described(
  '`POST /api/calls/{id}/recording/hearings`, for auditors: the session `opening` may then hear the check.',
  Type.Object({
    opening: Type.String({ minLength: 16, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' }),
    reason: Type.String({ minLength: 3, maxLength: 500 }),
  }),
)
