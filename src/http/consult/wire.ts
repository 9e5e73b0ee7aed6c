/** Consultation: an agent asks a colleague, or somebody outside, while the caller is on the line; and a pause of the recording. */
import { Type, type Static } from 'typebox'
import { recordingPauseReasons } from '../../core/media/recording-pause.ts'
import type { DeskCommand } from '../../core/desk-command.ts'
import { OfferId, type AgentId } from '../../core/ids.ts'
import { ConsultTarget } from '../transfer/wire.ts'
import { Described, Offer, Person, Time } from '../wire.ts'

export const Consult = Described(
  '`POST /api/me/consult`; without `offerId`, in the present call. `joins`: as soon as they answer, all three hear each other; the caller hears music only until then.',
  Type.Object({
    offerId: Type.Optional(Offer),
    to: ConsultTarget,
    joins: Type.Optional(Type.Boolean()),
  }),
)
export type Consult = Static<typeof Consult>

export const PauseRecording = Described(
  '`POST /api/me/recording-pause`: it ends by itself; `resume-recording` of `POST /api/me/call` ends it before.',
  Type.Object({
    offerId: Type.Optional(Offer),
    reason: Type.Enum([...recordingPauseReasons]),
  }),
)
export type PauseRecording = Static<typeof PauseRecording>

const meant = (offerId: string | undefined) => (offerId === undefined ? {} : { offer: OfferId(offerId) })

export const consultOf = (agent: AgentId, { offerId, to, joins = false }: Consult): DeskCommand => ({
  do: 'consult',
  agent,
  to,
  joins,
  ...meant(offerId),
})

export const recordingPauseOf = (agent: AgentId, { offerId, reason }: PauseRecording): DeskCommand => ({
  do: 'pauseRecording',
  agent,
  reason,
  ...meant(offerId),
})

export const ConsultView = Described(
  'The colleague whom the agent of the call asks, or the contact.',
  Type.Object({
    with: Person,
    external: Described('`with` is a contact.', Type.Boolean()),
    joins: Described('As soon as they answer, all three hear each other.', Type.Boolean()),
    seat: Described(
      '`side`: with the agent, while the caller hears music; `music`: waits, while the agent talks with the caller; `room`: all three hear each other.',
      Type.Enum(['ringing', 'side', 'music', 'room']),
    ),
  }),
)

export const RecordingPauseView = Described(
  'The recording is silent until then at the latest.',
  Type.Object({
    since: Time,
    until: Time,
    reason: Type.Enum([...recordingPauseReasons]),
  }),
)
