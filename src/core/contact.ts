/** Somebody outside the contact centre to whom agents may send a caller, or whom they may bring into a call. */
import type { ContactId, Millis, OfferId } from './ids.ts'
import type { Offer } from './offer.ts'

export const contactNameMax = 60

export interface Contact {
  readonly id: ContactId
  readonly name: string
  /** E.164, or a short number. */
  readonly number: string
  /** Of an interpreter (ISO 639-1); null: not an interpreter. */
  readonly language: string | null
}

/** One attempt to reach a contact for one call, and the leg that it leads to; named as an offer is. */
export interface External {
  readonly id: OfferId
  /** As it was then. */
  readonly contact: Contact
  readonly madeAt: Millis
  /** When the owner itself ends the attempt; the dialplan's own bound on the ringing fires first. */
  readonly expiresAt: Millis
}

export const isExternal = (one: Offer | External): one is External => 'contact' in one
