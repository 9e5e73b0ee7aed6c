/** Consultation: an agent asks a colleague while the caller is on the line; and a pause of the recording. */
import { Type, type Static } from 'typebox'
import { recordingPauseReasons } from '../../core/call.ts'
import type { DeskCommand } from '../../core/desk-command.ts'
import { OfferId, type AgentId } from '../../core/ids.ts'
import { Id, Offer, Person, Time } from '../wire.ts'

/** `POST /api/me/consult`; without `offerId`, in the present call. */
export const ConsultColleague = Type.Object({
  offerId: Type.Optional(Offer),
  to: Type.Unsafe<AgentId>(Id),
})
export type ConsultColleague = Static<typeof ConsultColleague>

/** `POST /api/me/recording-pause`: it ends by itself; `resume-recording` of `POST /api/me/call` ends it before. */
export const PauseRecording = Type.Object({
  offerId: Type.Optional(Offer),
  reason: Type.Enum([...recordingPauseReasons]),
})
export type PauseRecording = Static<typeof PauseRecording>

const meant = (offerId: string | undefined) => (offerId === undefined ? {} : { offer: OfferId(offerId) })

export const consultOf = (agent: AgentId, { offerId, to }: ConsultColleague): DeskCommand => ({
  do: 'consult',
  agent,
  to,
  ...meant(offerId),
})

export const recordingPauseOf = (agent: AgentId, { offerId, reason }: PauseRecording): DeskCommand => ({
  do: 'pauseRecording',
  agent,
  reason,
  ...meant(offerId),
})

/** The colleague whom the agent of the call asks. */
export const ConsultView = Type.Object({
  with: Person,
  /**
   * `side`: with the agent, while the caller hears music; `music`: waits, while the agent talks with the caller;
   * `room`: all three hear each other.
   */
  seat: Type.Enum(['ringing', 'side', 'music', 'room']),
})

/** The recording is silent until then at the latest. */
export const RecordingPauseView = Type.Object({
  since: Time,
  until: Time,
  reason: Type.Enum([...recordingPauseReasons]),
})
