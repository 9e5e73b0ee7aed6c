/**
 * Consultation: the agent asks a colleague, or an external party, while the caller hears music. Hold and resume go to and
 * fro between the two; from either, all three can talk, the one who is asked can take the caller over, or leave.
 */
import type {
  Call,
  Connecting,
  Consult,
  Held,
  InConversation,
  LiveCall,
  Reconnecting,
  Ringing,
  Talking,
  TransferTarget,
} from '../call.ts'
import type { CallEvent, CallEventOf, CallEventType } from '../call-event.ts'
import { isExternal, type External } from '../contact.ts'
import { bridgeOf, type BridgeId, type Millis, type OfferId } from '../ids.ts'
import { isInRoom, isOnSecondLine, isShared } from '../media/media-plan.ts'
import { bounds, type Rules } from '../rules.ts'
import { transferredFrom, transferringFrom } from './external.ts'
import { becomes, heldFrom, heldUntil, servedBy, talkingFrom, toFront, type Next } from './next.ts'

/** The one who is asked, in another seat; a phone that rings goes on ringing. */
export const withColleague = (consult: Consult | null, seat: Consult['seat']): Consult | null =>
  consult === null || consult.seat === 'ringing' ? consult : { ...consult, seat }

export function consultRequested(
  call: Talking | Held,
  { offer, consult, joins, secondLine }: CallEventOf<'ConsultRequested'>,
  now: Millis,
): Next {
  if (offer !== call.offer.id || call.consult !== null) return becomes(call)
  const asked: Consult = {
    offer: consult,
    seat: 'ringing',
    ...(joins && { joins }),
    secondLine: secondLine === null ? null : { channel: secondLine, isActive: true, isHeld: false },
  }
  return {
    call: heldFrom(call, asked, secondLine !== null || isHeldByPhone(call), now),
    agents: isExternal(consult)
      ? []
      : [{ agent: consult.agent, event: { type: 'Offered', call: call.id, offer: consult } }],
  }
}

/** The caller hears music, at the wish of the desk or by the phone's key on the line with the caller. */
export function heldBy(call: Talking | Held, by: 'desk' | 'phone', now: Millis): Held {
  const { consult } = call
  const line = consult?.secondLine
  if (by === 'desk' || !line)
    return heldFrom(call, withColleague(consult, 'side'), by === 'phone' || isHeldByPhone(call), now)
  // With both lines on hold at the phone the agent hears neither; otherwise they speak by the second one.
  const secondLine = { ...line, isActive: !line.isHeld }
  return heldFrom(call, withColleague({ ...consult, secondLine }, line.isHeld ? 'music' : 'side'), true, now)
}

/** The agent is with the caller again. Of a phone with two lines this is the key on the caller's: it has turned to that one. */
export function resumed(call: Talking | Held, now: Millis): Talking {
  const { consult } = call
  const secondLine = consult?.secondLine ? { ...consult.secondLine, isActive: false } : null
  return talkingFrom(call, withColleague(consult && { ...consult, secondLine }, 'music'), now)
}

/** A phone that takes a line off hold has turned to it, in whichever order it reports the two. */
export function secondLineHeld(
  call: Talking | Held,
  { offer, held }: CallEventOf<'SecondLineHeld'>,
  now: Millis,
): Next {
  const { consult } = call
  if (offer !== call.offer.id || !consult?.secondLine) return becomes(call)
  const { isActive, isHeld } = consult.secondLine
  if (held ? isHeld : isActive) return becomes(call)
  const secondLine = { ...consult.secondLine, isActive: !held, isHeld: held }
  // Reported after the other one has been taken off hold.
  if (held && !isActive) return becomes({ ...call, consult: { ...consult, secondLine } })
  const turned = withColleague({ ...consult, secondLine }, held ? 'music' : 'side')
  return becomes(heldFrom(call, turned, !held || isHeldByPhone(call), now))
}

/** The colleague leaves with it, unless they and the agent hear each other by the line with the caller. */
export function secondLineEnded(
  call: Talking | Held,
  { offer }: CallEventOf<'SecondLineEnded'>,
  now: Millis,
): Next {
  const { consult } = call
  if (offer !== call.offer.id || !consult?.secondLine) return becomes(call)
  const isHeard = consult.seat === 'room' || consult.seat === 'side'
  if (isHeard && !consult.secondLine.isActive)
    return becomes({ ...call, consult: { ...consult, secondLine: null } })
  return becomes(withoutConsult(call, now))
}

/** Whether the agent's phone has the caller's line on hold by its own key. */
const isHeldByPhone = (call: Talking | Held): boolean =>
  call.phase === 'held' ? call.byPhone : isOnSecondLine(call)

export function consultJoined(
  call: Talking | Held,
  { offer }: CallEventOf<'ConsultJoined'>,
  now: Millis,
): Next {
  if (offer !== call.offer.id || call.consult === null || call.consult.seat === 'ringing')
    return becomes(call)
  return becomes(talkingFrom(call, { ...call.consult, seat: 'room', hasTalked: true }, now))
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
  return offer === call.offer.id && call.consult !== null ? becomes(withoutConsult(call, now)) : becomes(call)
}

/** The agent is with the caller again; the line with the caller stays as a phone with two lines has it. */
const withoutConsult = (call: Talking | Held, now: Millis): Talking | Held =>
  call.consult?.secondLine && isHeldByPhone(call)
    ? heldFrom(call, null, true, now)
    : talkingFrom(call, null, now)

/** The caller goes to the colleague, who talks or whose phone still rings; null: nobody is consulted. */
export function handedOver(call: InConversation | Connecting, now: Millis, rules: Rules): Next | null {
  const { consult } = call
  if (consult === null) return null
  if (isExternal(consult.offer)) return handedOut(call, consult, consult.offer, now, rules)
  const { agent: by } = call.offer
  const to: TransferTarget = { agent: consult.offer.agent }
  const agents = [sentOnBy(call, rules)]
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
    room: roomLeftTo(consult.offer.id, call),
    transfer: { ...transfer, state: 'taken' },
  }
  return { call: talks, agents }
}

/**
 * The same by an agent who has hung up. An external party who is still dialled was to be a third in a conversation that is
 * over; the caller is handed out to one only from hold, or when the agent says so.
 */
export function leftTo(call: InConversation, now: Millis, rules: Rules): Next | null {
  const { consult } = call
  const isThird =
    consult !== null &&
    isExternal(consult.offer) &&
    consult.seat === 'ringing' &&
    (consult.joins === true || call.phase === 'talking')
  return isThird ? null : handedOver(call, now, rules)
}

/** The same by an agent who is lost. An external party who has not met the caller may be a voicemail. */
export function lostTo(call: Reconnecting | Connecting, now: Millis, rules: Rules): Next | null {
  const { consult } = call
  const isStranger = consult !== null && isExternal(consult.offer) && consult.seat !== 'room'
  return isStranger ? null : handedOver(call, now, rules)
}

/** The agent's part is over. */
const sentOnBy = (
  { offer: { agent, id } }: InConversation | Connecting,
  { wrapUpMs }: Rules,
): Next['agents'][number] => ({ agent, event: { type: 'CallEnded', offer: id, wrapUpMs } })

/** The caller goes to the external party, who talks or whose phone still rings. */
function handedOut(
  call: InConversation | Connecting,
  { seat }: Consult,
  external: External,
  now: Millis,
  rules: Rules,
): Next {
  const agents = [sentOnBy(call, rules)]
  const before = { ...call, heldMs: heldUntil(call, now), answeredAt: call.answeredAt ?? now }
  const sent = transferringFrom(before, external, now)
  if (seat === 'ringing') return { call: sent, agents }
  // A supervisor who listened to the agent leaves with the agent.
  const supervisions = call.supervisions.filter(isInRoom)
  return { call: { ...transferredFrom(sent, roomLeftTo(external.id, call), now), supervisions }, agents }
}

/** A room that nobody was left in is gone. */
const roomLeftTo = (offer: OfferId, call: InConversation | Connecting): BridgeId =>
  call.phase === 'reconnecting' && !isShared(call) ? bridgeOf(offer) : call.room

type OfColleague<Type extends CallEventType = CallEventType> = (
  call: LiveCall,
  consult: Consult,
  event: CallEventOf<Type>,
  now: Millis,
) => Next

const colleague: { readonly [Type in CallEventType]?: OfColleague<Type> } = {
  AgentAnswered(call, consult, _event, now) {
    if (consult.seat !== 'ringing') return becomes(call)
    const { offer } = consult
    return {
      call: seated(call, consult, now),
      agents: isExternal(offer)
        ? []
        : [{ agent: offer.agent, event: { type: 'OfferAnswered', offer: offer.id } }],
    }
  },
  OfferEnded: (call, { seat, offer }, { end }, now) => ({
    call: withoutColleague(call, now),
    agents:
      seat === 'ringing' && !isExternal(offer)
        ? [{ agent: offer.agent, event: { type: 'OfferEnded', offer: offer.id, end } }]
        : [],
  }),
  AgentHungUp: gone,
  AgentLegLost: gone,
}

/** Somebody who was asked has picked up. Nobody is joined while the agent's own phone has the caller on hold. */
function seated(call: LiveCall, consult: Consult, now: Millis): LiveCall {
  if (consult.joins === true && (call.phase === 'talking' || (call.phase === 'held' && !call.byPhone)))
    return talkingFrom(call, { ...consult, seat: 'room', hasTalked: true as const }, now)
  return { ...call, consult: { ...consult, seat: call.phase === 'held' ? 'side' : 'music' } }
}

function gone(call: LiveCall, _consult: Consult, _event: CallEvent, now: Millis): Next {
  return becomes(withoutColleague(call, now))
}

/** The second line goes with the colleague. An agent who talked with all by it still has the caller on hold at the phone. */
const withoutColleague = (call: LiveCall, now: Millis): LiveCall =>
  call.phase === 'talking' && isOnSecondLine(call)
    ? heldFrom(call, null, true, now)
    : { ...call, consult: null }

/** An event of the leg of somebody who is asked; they command nothing else in the call. */
export function ofColleague(call: LiveCall, consult: Consult, event: CallEvent, now: Millis): Next {
  const handle = colleague[event.type] as OfColleague | undefined
  return handle?.(call, consult, event, now) ?? becomes(call)
}

/** Frees the colleague who is no longer in the call, whatever led to it. One who talked with the caller has a wrap-up. */
export function withColleagueFreed(before: Call, next: Next, rules: Rules): Next {
  const { consult } = before
  if (consult === null || isExternal(consult.offer)) return next
  const { agent, id: offer } = consult.offer
  if (next.agents.some((one) => one.agent === agent)) return next
  const { call } = next
  const isStill = call.consult?.offer.id === offer || ('offer' in call && call.offer.id === offer)
  if (isStill) return next
  // An older release kept only the seat.
  const hasTalked = consult.hasTalked === true || consult.seat === 'room'
  const event =
    consult.seat === 'ringing'
      ? ({ type: 'OfferEnded', offer, end: 'withdrawn' } as const)
      : ({ type: 'CallEnded', offer, wrapUpMs: hasTalked ? rules.wrapUpMs : 0 } as const)
  return { ...next, agents: [...next.agents, { agent, event }] }
}
