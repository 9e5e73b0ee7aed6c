/** A consultation and a pause of the recording as the wire has them. */
import type { Static } from 'typebox'
import type { CallFacts } from '../../core/call.ts'
import { iso } from '../shell/iso-time.ts'
import type { Names } from '../shell/names.ts'
import type { ConsultView, RecordingPauseView } from './wire.ts'

export const consultView = ({ consult }: CallFacts, names: Names): Static<typeof ConsultView> | null =>
  consult === null ? null : { with: names.agent(consult.offer.agent), seat: consult.seat }

export const recordingPauseView = ({ recordingPause }: CallFacts): Static<typeof RecordingPauseView> | null =>
  recordingPause === null
    ? null
    : {
        since: iso(recordingPause.since),
        until: iso(recordingPause.until),
        reason: recordingPause.reason,
      }
