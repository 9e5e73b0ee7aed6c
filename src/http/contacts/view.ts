/** Parties outside the contact centre as the wire has them. */
import type { Static } from 'typebox'
import type { Call, LiveCall } from '../../core/call.ts'
import type { CallEvent } from '../../core/call-event.ts'
import type { External } from '../../core/contact.ts'
import { externalIn, externalOf } from '../../core/leg.ts'
import type { OfferEnd } from '../../core/offer.ts'
import type { ContactName, UnreachedContact } from './wire.ts'

export const contactName = ({ contact: { id, name } }: External): Static<typeof ContactName> => ({ id, name })

/** The party to whom the caller was sent: whom it rings, or with whom the caller talks. */
export const externalView = (call: Call): Static<typeof ContactName> | null =>
  call.phase === 'transferring' || call.phase === 'transferred' ? contactName(call.external) : null

/** One who is asked aside hears the agent; one who waits with music hears nobody. */
export function externalHears(call: Call): Static<typeof ContactName> | null {
  const present = externalIn(call)
  if (present === null || (!present.isInRoom && call.consult?.seat !== 'side')) return null
  return contactName(present.external)
}

/** By us, or by the server's own death: no word about the contact. */
const told: Readonly<Record<OfferEnd, Static<typeof UnreachedContact>['why'] | null>> = {
  'no answer': 'no answer',
  'did not ring': 'no answer',
  expired: 'no answer',
  declined: 'declined',
  busy: 'busy',
  unreachable: 'unreachable',
  withdrawn: null,
  cut: null,
}

/**
 * The contact who has just not been reached in this call; null: no attempt has ended with this event. `before`: the call as it was.
 */
export function unreachedBy(event: CallEvent, before: LiveCall): Static<typeof UnreachedContact> | null {
  const external = externalOf(before)
  if (event.type !== 'OfferEnded' || external?.id !== event.offer) return null
  const why = told[event.end]
  return why === null ? null : { ...contactName(external), why }
}
