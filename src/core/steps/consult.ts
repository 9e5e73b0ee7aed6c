/**
 * Consultation: the agent asks a colleague while the caller hears music. Hold and resume go to and fro between the two;
 * from either, all three can talk, the colleague can take the caller over, or leave.
 */
import type {
  Call,
  Connecting,
  Consult,
  Held,
  InConversation,
  LiveCall,
  Ringing,
  Talking,
  TransferTarget,
} from '../call.ts'
import type { CallEvent, CallEventOf, CallEventType } from '../call-event.ts'
import { bridgeOf, type Millis } from '../ids.ts'
import { isShared } from '../media/media-plan.ts'
import { bounds, type Rules } from '../rules.ts'
import { becomes, heldFrom, heldUntil, servedBy, talkingFrom, toFront, type Next } from './next.ts'

/** A colleague who is asked, in another seat; a phone that rings goes on ringing. */
export const withColleague = (consult: Consult | null, seat: Consult['seat']): Consult | null =>
  consult === null || consult.seat === 'ringing' ? consult : { ...consult, seat }

export function consultRequested(
  call: Talking | Held,
  { offer, consult }: CallEventOf<'ConsultRequested'>,
  now: Millis,
): Next {
  if (offer !== call.offer.id || call.consult !== null) return becomes(call)
  const byPhone = call.phase === 'held' && call.byPhone
  return {
    call: heldFrom(call, { offer: consult, seat: 'ringing' }, byPhone, now),
    agents: [{ agent: consult.agent, event: { type: 'Offered', call: call.id, offer: consult } }],
  }
}

export function consultJoined(
  call: Talking | Held,
  { offer }: CallEventOf<'ConsultJoined'>,
  now: Millis,
): Next {
  if (offer !== call.offer.id || call.consult === null || call.consult.seat === 'ringing')
    return becomes(call)
  return becomes(talkingFrom(call, { ...call.consult, seat: 'room' }, now))
}

export function consultCompleted(
  call: Talking | Held,
  { offer }: CallEventOf<'ConsultCompleted'>,
  now: Millis,
  rules: Rules,
): Next {
  return offer === call.offer.id ? (handedOver(call, now, rules) ?? becomes(call)) : becomes(call)
}

export function consultCancelled(
  call: Talking | Held,
  { offer }: CallEventOf<'ConsultCancelled'>,
  now: Millis,
): Next {
  return offer === call.offer.id && call.consult !== null
    ? becomes(talkingFrom(call, null, now))
    : becomes(call)
}

/** The caller goes to the colleague, who talks or whose phone still rings; null: nobody is consulted. */
export function handedOver(call: InConversation | Connecting, now: Millis, rules: Rules): Next | null {
  const { consult } = call
  if (consult === null) return null
  const { agent: by, id: offer } = call.offer
  const to: TransferTarget = { agent: consult.offer.agent }
  const agents: Next['agents'] = [
    { agent: by, event: { type: 'CallEnded', offer, wrapUpMs: rules.wrapUpMs } },
  ]
  const transfer = { by, from: call.queue, to, at: now }
  if (consult.seat === 'ringing') {
    const { reservedFor: _nobody, ...waiting } = toFront(
      { ...call, heldMs: heldUntil(call, now) },
      now,
      rules,
    )
    const rings: Ringing = {
      ...waiting,
      phase: 'ringing',
      offer: consult.offer,
      waitUntil: now + Math.min(rules.waitMaxMs, bounds.sentOnMs),
      transfer: { ...transfer, state: 'under way' },
    }
    return { call: rings, agents }
  }
  const talks: Talking = {
    ...servedBy(call, consult.offer, now),
    // A room that nobody was left in is gone.
    room: call.phase === 'reconnecting' && !isShared(call) ? bridgeOf(consult.offer.id) : call.room,
    transfer: { ...transfer, state: 'taken' },
  }
  return { call: talks, agents }
}

type OfColleague<Type extends CallEventType = CallEventType> = (
  call: LiveCall,
  consult: Consult,
  event: CallEventOf<Type>,
) => Next

const colleague: { readonly [Type in CallEventType]?: OfColleague<Type> } = {
  AgentAnswered(call, consult) {
    if (consult.seat !== 'ringing') return becomes(call)
    return {
      call: { ...call, consult: { ...consult, seat: call.phase === 'held' ? 'side' : 'music' } },
      agents: [{ agent: consult.offer.agent, event: { type: 'OfferAnswered', offer: consult.offer.id } }],
    }
  },
  OfferEnded: (call, { seat, offer }, { end }) => ({
    call: { ...call, consult: null },
    agents:
      seat === 'ringing' ? [{ agent: offer.agent, event: { type: 'OfferEnded', offer: offer.id, end } }] : [],
  }),
  AgentHungUp: gone,
  AgentLegLost: gone,
}

function gone(call: LiveCall): Next {
  return becomes({ ...call, consult: null })
}

/** An event of the colleague's own leg; a colleague commands nothing else in the call. */
export function ofColleague(call: LiveCall, consult: Consult, event: CallEvent): Next {
  const handle = colleague[event.type] as OfColleague | undefined
  return handle?.(call, consult, event) ?? becomes(call)
}

/** Frees the colleague who is no longer in the call, whatever led to it. One who talked with the caller has a wrap-up. */
export function withColleagueFreed(before: Call, next: Next, rules: Rules): Next {
  const { consult } = before
  if (consult === null || next.agents.some(({ agent }) => agent === consult.offer.agent)) return next
  const { call } = next
  const { agent, id: offer } = consult.offer
  const isStill = call.consult?.offer.id === offer || ('offer' in call && call.offer.id === offer)
  if (isStill) return next
  const event =
    consult.seat === 'ringing'
      ? ({ type: 'OfferEnded', offer, end: 'withdrawn' } as const)
      : ({ type: 'CallEnded', offer, wrapUpMs: consult.seat === 'room' ? rules.wrapUpMs : 0 } as const)
  return { ...next, agents: [...next.agents, { agent, event }] }
}
