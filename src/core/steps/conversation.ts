/** The stages of a call with an agent, from the answer on: the bridge, the conversation, and a lost leg. */
import type {
  Connecting,
  Consult,
  Dialling,
  EndedBy,
  Held,
  InConversation,
  Reconnecting,
  Ringing,
  Talking,
} from '../call.ts'
import type { CallEvent, CallEventOf } from '../call-event.ts'
import type { AgentEvent } from '../agent-event.ts'
import { bridgeOf, type Millis } from '../ids.ts'
import { isAwayAtPhone, isOnSecondLine, isShared } from '../media/media-plan.ts'
import type { Offer, OfferEnd } from '../offer.ts'
import { bounds, type Rules } from '../rules.ts'
import {
  consultCancelled,
  consultCompleted,
  consultJoined,
  consultRequested,
  heldBy,
  leftTo,
  lostTo,
  resumed,
  secondLineEnded,
  secondLineHeld,
} from './consult.ts'
import {
  backToLine,
  becomes,
  end,
  factsOf,
  heldUntil,
  leftBy,
  outcomeOf,
  toFront,
  type Handlers,
  type Leaving,
  type Next,
} from './next.ts'
import { sentOut } from './external.ts'
import { isFirstWords, leftByAgent, notReached } from './outbound-end.ts'
import { surveyed } from './survey.ts'
import { helpRequested, recordingPaused, recordingResumed } from './supervision.ts'
import { takenBy, transferred, waitsAgain } from './transfer.ts'

export const connecting: Handlers<'connecting'> = {
  Bridged: (call, event, now) =>
    event.bridge === call.room
      ? becomes({
          ...factsOf(call),
          phase: 'talking',
          queuedAt: call.queuedAt,
          offer: call.offer,
          room: call.room,
          answeredAt: call.answeredAt ?? call.pickedUpAt,
          lastAgent: call.offer.agent,
          transfer: takenBy(call.transfer, call.offer.agent),
          muted: false,
          since: now,
        })
      : becomes(call),
  OfferEnded: (call, event, now, rules) =>
    event.offer === call.offer.id ? connectionFailed(call, event.end, now, rules) : becomes(call),
  AgentHungUp: agentLeftConnecting,
  AgentLegLost: agentLeftConnecting,
  DeadlinePassed: (call, _event, now, rules) =>
    now >= call.bridgedBy ? connectionFailed(call, 'expired', now, rules) : becomes(call),
  CallerHungUp: leftConnecting,
  CallerLost: leftConnecting,
}

/** The events of a conversation that are handled the same way while the caller hears music. */
const inConversation = {
  TransferRequested: sentOn,
  ConsultRequested: consultRequested,
  SecondLineHeld: secondLineHeld,
  SecondLineEnded: secondLineEnded,
  ConsultJoined: consultJoined,
  ConsultCompleted: consultCompleted,
  ConsultCancelled: consultCancelled,
  HelpRequested: helpRequested,
  RecordingPaused: recordingPaused,
  RecordingResumed: recordingResumed,
  CallEndedBySupervisor: (call: Talking | Held, _event: CallEvent, now: Millis, rules: Rules): Next =>
    conversationEnded(call, 'supervisor', now, rules),
  AgentHungUp: conversationBroken,
  OfferEnded: conversationBroken,
  AgentLegLost: conversationBroken,
  CallerHungUp: conversationBroken,
  CallerLost: conversationBroken,
}

export const talking: Handlers<'talking'> = {
  ...inConversation,
  HoldRequested: (call, event, now) =>
    event.offer === call.offer.id ? becomes(heldBy(call, event.by, now)) : becomes(call),
  // A phone by whose second line all three talk turns back to the caller's.
  ResumeRequested: (call, event, now) =>
    event.offer === call.offer.id && event.by === 'phone' && isOnSecondLine(call)
      ? becomes(resumed(call, now))
      : becomes(call),
  MuteRequested: (call, { offer, muted }) =>
    offer === call.offer.id && muted !== call.muted ? becomes({ ...call, muted }) : becomes(call),
}

export const held: Handlers<'held'> = {
  ...inConversation,
  ResumeRequested: (call, event, now) =>
    event.offer === call.offer.id && (event.by === 'phone' || !isAwayAtPhone(call))
      ? becomes(resumed(call, now))
      : becomes(call),
  // Held at the desk, and now by the key as well.
  HoldRequested: (call, event, now) =>
    event.offer === call.offer.id && event.by === 'phone' && !call.byPhone
      ? becomes(heldBy(call, 'phone', now))
      : becomes(call),
}

export const reconnecting: Handlers<'reconnecting'> = {
  ReturnOffered: (call, event) =>
    call.invited
      ? becomes(call)
      : {
          call: { ...call, offer: event.offer, invited: true },
          agents: [
            {
              agent: call.offer.agent,
              event: { type: 'OfferReplaced', lost: call.offer.id, offer: event.offer },
            },
          ],
        },
  AgentAnswered: (call, event, now) =>
    call.invited && event.offer === call.offer.id ? connect(call, call.offer, now) : becomes(call),
  // The agent's leg is gone already, so this was asked at the desk: the conversation is over for the agent.
  AgentHungUp: (call, event, now, rules) =>
    event.offer === call.offer.id ? agentLeft(call, event, now, rules) : becomes(call),
  // The new attempt failed; the phone may come back before the bound.
  OfferEnded: returnFailed,
  // The phone that is rung has gone.
  AgentLegLost: returnFailed,
  DeadlinePassed: (call, _event, now, rules) =>
    now < call.until ? becomes(call) : (lostTo(call, now, rules) ?? notReturned(call, now, rules)),
  CallEndedBySupervisor: (call, _event, now, rules) => conversationEnded(call, 'supervisor', now, rules),
  CallerHungUp: leftReconnecting,
  CallerLost: leftReconnecting,
}

export function connect(call: Ringing | Reconnecting | Dialling, offer: Offer, now: Millis): Next {
  const wasRinging = call.phase === 'ringing'
  return {
    call: {
      ...factsOf(call),
      phase: 'connecting',
      queuedAt: call.queuedAt,
      offer,
      // Others may be in the room of a lost leg, with the caller.
      room: call.phase === 'reconnecting' && isShared(call) ? call.room : bridgeOf(offer.id),
      lineAnswered: true,
      pickedUpAt: now,
      bridgedBy: now + bounds.bridgeMs,
      since: now,
    },
    agents: wasRinging ? [{ agent: offer.agent, event: { type: 'OfferAnswered', offer: offer.id } }] : [],
  }
}

function connectionFailed(call: Connecting, cause: OfferEnd, now: Millis, rules: Rules): Next {
  const handed = isMending(call) ? lostTo(call, now, rules) : null
  if (handed !== null) return handed
  const { offer } = call
  if (isFirstWords(call))
    return cause === 'declined'
      ? leftByAgent(call, cause, now, rules)
      : notReached(call, 'failed', 'system', now, rules)
  const waiting = call.answeredAt === null ? backToLine(call, now) : toFront(call, now, rules)
  const next = waitsAgain(call, waiting, now, rules)
  const failed: AgentEvent = isMending(call)
    ? { type: 'CallEnded', offer: offer.id, wrapUpMs: 0 }
    : { type: 'OfferEnded', offer: offer.id, end: cause }
  return { ...next, agents: [{ agent: offer.agent, event: failed }, ...next.agents] }
}

/** Whether this connection mends a conversation: the agent picks up again for the same caller. */
function isMending({ answeredAt, lastAgent, offer, transfer, legs }: Connecting): boolean {
  if (answeredAt === null || lastAgent !== offer.agent) return false
  // The caller whom this agent has sent on comes back: the conversation before was over.
  return transfer === null || legs.some(({ agent, from }) => agent === offer.agent && from >= transfer.at)
}

/** The agent was gone between the answer and the bridge: the caller is still first. */
function agentLeftConnecting(
  call: Connecting,
  event: CallEventOf<'AgentHungUp' | 'AgentLegLost'>,
  now: Millis,
  rules: Rules,
): Next {
  return event.offer === call.offer.id ? connectionFailed(call, 'declined', now, rules) : becomes(call)
}

/**
 * Caller and agent met on the wire: the caller hung up while the agent's 200 OK was on its way. Nobody talked, so it
 * is not an answer, unless the connection was to mend a conversation.
 */
function leftConnecting(call: Connecting, event: Leaving, now: Millis, rules: Rules): Next {
  if (isMending(call)) return conversationEnded(call, leftBy(event), now, rules)
  if (isFirstWords(call))
    return notReached(call, leftBy(event) === 'caller' ? 'no answer' : 'failed', leftBy(event), now, rules)
  const { offer } = call
  return {
    ...end(call, outcomeOf(event), leftBy(event), now),
    agents: [{ agent: offer.agent, event: { type: 'OfferEnded', offer: offer.id, end: 'withdrawn' } }],
  }
}

/** Mostly the leg's own end told us. A leg that was given up because it did not ring is still up. */
function returnFailed(call: Reconnecting, event: CallEventOf<'OfferEnded' | 'AgentLegLost'>): Next {
  return call.invited && event.offer === call.offer.id ? becomes({ ...call, invited: false }) : becomes(call)
}

function leftReconnecting(call: Reconnecting, event: Leaving, now: Millis, rules: Rules): Next {
  return conversationEnded(call, leftBy(event), now, rules)
}

function sentOn(
  call: Talking | Held,
  { offer, to, external }: CallEventOf<'TransferRequested'>,
  now: Millis,
  rules: Rules,
): Next {
  if (offer !== call.offer.id) return becomes(call)
  if (external !== undefined) return sentOut(call, external, now, rules)
  return transferred({ ...call, heldMs: heldUntil(call, now) }, to, now, rules)
}

function notReturned(call: Reconnecting, now: Millis, rules: Rules): Next {
  const { agent, id: offer } = call.offer
  return {
    call: toFront(call, now, rules),
    agents: [{ agent, event: { type: 'CallEnded', offer, wrapUpMs: 0 } }],
  }
}

type Breaking = CallEventOf<'AgentHungUp' | 'OfferEnded' | 'AgentLegLost' | 'CallerHungUp' | 'CallerLost'>

function conversationBroken(call: Talking | Held, event: Breaking, now: Millis, rules: Rules): Next {
  switch (event.type) {
    case 'CallerHungUp':
    case 'CallerLost':
      return conversationEnded(call, leftBy(event), now, rules)
    case 'AgentHungUp':
    case 'OfferEnded':
      return event.offer === call.offer.id ? agentLeft(call, event, now, rules) : becomes(call)
    case 'AgentLegLost':
      if (event.offer !== call.offer.id) return becomes(call)
      return becomes({
        ...factsOf(call),
        phase: 'reconnecting',
        queuedAt: call.queuedAt,
        offer: call.offer,
        room: call.room,
        consult: withoutAgentsPhone(call.consult),
        invited: false,
        answeredAt: call.answeredAt,
        heldMs: heldUntil(call, now),
        until: now + rules.reconnectMs,
        since: now,
      })
  }
}

/** The agent comes back to the caller, by one line; until then a colleague who was asked waits. */
function withoutAgentsPhone(consult: Consult | null): Consult | null {
  if (consult === null) return null
  const seat = consult.seat === 'side' ? 'music' : consult.seat
  return { ...consult, seat, secondLine: null }
}

/** The agent hangs up: the caller stays with a colleague who was consulted, or the conversation is over. */
function agentLeft(
  call: InConversation,
  event: CallEventOf<'AgentHungUp' | 'OfferEnded'>,
  now: Millis,
  rules: Rules,
): Next {
  const handed = leftTo(call, now, rules)
  if (handed !== null) return handed
  const isAsked = event.type === 'AgentHungUp' && event.survey === true
  return isAsked ? surveyed(call, now, rules) : conversationEnded(call, 'agent', now, rules)
}

function conversationEnded(call: InConversation | Connecting, by: EndedBy, now: Millis, rules: Rules): Next {
  return {
    ...end({ ...call, heldMs: heldUntil(call, now) }, 'answered', by, now),
    agents: [
      {
        agent: call.offer.agent,
        event: { type: 'CallEnded', offer: call.offer.id, wrapUpMs: rules.wrapUpMs },
      },
    ],
  }
}
