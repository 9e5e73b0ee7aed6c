import type { AgentId, Millis, OfferId } from './ids.ts'

/** `desk`: a SIP phone over UDP/TCP; `web`: the phone in the browser. */
export const devices = ['desk', 'web'] as const
export type Device = (typeof devices)[number]

/** One attempt to connect one call with one agent's phone. */
export interface Offer {
  readonly id: OfferId
  readonly agent: AgentId
  readonly device: Device
  readonly madeAt: Millis
  /**
   * When the owner itself ends the attempt. Asterisk's own ring timer fires first; this deadline covers only a lost
   * event.
   */
  readonly expiresAt: Millis
}

/**
 * Why an offer ended without a conversation.
 * `unreachable`: the phone could not be rung; it is not offered again before it answers (`PhoneChanged`).
 * `did not ring`: the phone answers the PBX and gave no sign of ringing within the PBX's bound.
 * `withdrawn`: by us (caller gone, agent signed out); `cut`: by the server's own death.
 */
export const offerEnds = [
  'no answer',
  'declined',
  'busy',
  'unreachable',
  'did not ring',
  'expired',
  'withdrawn',
  'cut',
] as const
export type OfferEnd = (typeof offerEnds)[number]

/** Whether the phone itself ended the attempt: another one at once would end the same way. */
export const failedAtPhone = (end: OfferEnd): boolean => end !== 'withdrawn' && end !== 'cut'

/** Whether the agent missed the offer. A phone that never rang is not the agent's fault. */
export const isMissed = (end: OfferEnd): boolean =>
  failedAtPhone(end) && end !== 'unreachable' && end !== 'did not ring'
