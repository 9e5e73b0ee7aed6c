/** A consultation and a pause of the recording as the wire has them. */
import type { Static } from 'typebox'
import type { CallFacts } from '../../core/call.ts'
import { isExternal } from '../../core/contact.ts'
import { contactName } from '../contacts/view.ts'
import { iso } from '../shell/iso-time.ts'
import type { Names } from '../shell/names.ts'
import type { ConsultView, RecordingPauseView } from './wire.ts'

export function consultView({ consult }: CallFacts, names: Names): Static<typeof ConsultView> | null {
  if (consult === null) return null
  const { offer, seat, joins } = consult
  const external = isExternal(offer)
  return {
    with: external ? contactName(offer) : names.agent(offer.agent),
    external,
    joins: joins === true,
    seat,
  }
}

export const recordingPauseView = ({ recordingPause }: CallFacts): Static<typeof RecordingPauseView> | null =>
  recordingPause === null
    ? null
    : {
        since: iso(recordingPause.since),
        until: iso(recordingPause.until),
        reason: recordingPause.reason,
      }
