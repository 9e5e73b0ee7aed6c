/** Messages that callers have left. */
import { Type, type Static } from 'typebox'
import { voicemailResults, voicemailSounds } from '../../core/voicemails/voicemail.ts'
import { Described, Nullable, Person, PhoneNumber, Time } from '../wire.ts'

export const voicemailNoteMax = 500
export const voicemailsMax = 200

export const VoicemailItem = Type.Object(
  {
    call: Described('The call in which it was left; its recording is the message.', Type.String()),
    queue: Described(
      "A queue's id: that of the agents who see to it. Where the one in which it was left has been removed, the queue of the number that was dialled.",
      Type.String(),
    ),
    leftAt: Time,
    caller: Described('Null: withheld or removed.', Nullable(PhoneNumber)),
    durationMs: Described('Null: there is no recording.', Nullable(Type.Integer())),
    sound: Described(
      '`lost`: the caller spoke, and there is no recording. `silence`: nobody spoke; it is no task, and in no list.',
      Type.Enum([...voicemailSounds]),
    ),
    isHeard: Described('Whether anybody has listened to it.', Type.Boolean()),
    isLate: Described('Open for more than a day.', Type.Boolean()),
    calledBackAt: Described('When the caller was last called because of it.', Nullable(Time)),
    updatedAt: Described(
      'When something about it was recorded last: it was left, heard, taken, released or closed, or its caller called back.',
      Time,
    ),
    takenBy: Described(
      'Who has taken it within the last two hours and serves its queue still; null: nobody.',
      Nullable(Person),
    ),
    closed: Described(
      'Null: open. `note`: empty where there is none, or its term of keeping is over.',
      Nullable(
        Type.Object({ at: Time, by: Person, result: Type.Enum([...voicemailResults]), note: Type.String() }),
      ),
    ),
  },
  { title: 'Voicemail' },
)
export type VoicemailItem = Static<typeof VoicemailItem>

export const VoicemailsQuery = Described(
  '`GET /api/voicemails`. `updatedSince`: of open and closed ones those of which something was recorded at or after this time, in the order of `updatedAt`.',
  Type.Object({
    queue: Type.Optional(
      Described(
        'The id of the queue whose agents see to them.',
        Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
      ),
    ),
    updatedSince: Type.Optional(Time),
  }),
)

/** `GET /api/voicemails` */
export const Voicemails = Described(
  'Those of today that are closed follow the open ones; an agent gets those that they closed themselves. `more`: there are others beyond the limit; with `updatedSince`, ask again with the `updatedAt` of the last one.',
  Type.Object({ items: Type.Array(VoicemailItem, { maxItems: voicemailsMax }), more: Type.Boolean() }),
)
export type Voicemails = Static<typeof Voicemails>

/** `GET /api/voicemails/open` */
export const OpenVoicemails = Type.Object({
  count: Type.Integer(),
  isLate: Described('Whether one of them is.', Type.Boolean()),
})
export type OpenVoicemails = Static<typeof OpenVoicemails>

/** `POST /api/voicemails/{id}/closing` */
export const CloseVoicemail = Type.Object({
  result: Type.Enum([...voicemailResults]),
  note: Described('May be empty.', Type.String({ maxLength: voicemailNoteMax })),
})
export type CloseVoicemail = Static<typeof CloseVoicemail>
