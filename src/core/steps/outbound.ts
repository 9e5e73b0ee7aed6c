/** The stages in which an agent calls a citizen: the agent's own phone, then the citizen's. */
import type { Dialling, EndedBy, Summoning } from '../call.ts'
import type { CallEvent, CallEventOf, CallFailure } from '../call-event.ts'
import type { Millis } from '../ids.ts'
import { isMissed, type OfferEnd } from '../offer.ts'
import { bounds, type Rules } from '../rules.ts'
import { sparedAttempt } from './callback.ts'
import { connect } from './conversation.ts'
import { becomes, factsOf, leftBy, type Handlers, type Next } from './next.ts'
import { leftByAgent, notReached } from './outbound-end.ts'

export const summoning: Handlers<'summoning'> = {
  AgentAnswered: (call, { offer }, now) =>
    offer === call.offer.id
      ? becomes({
          ...factsOf(call),
          phase: 'dialling',
          queuedAt: call.queuedAt,
          offer: call.offer,
          until: now + bounds.dialMs + bounds.dialMarginMs,
          since: now,
        })
      : becomes(call),
  OfferEnded: (call, { offer, end }, now, rules) =>
    offer === call.offer.id ? notPickedUp(call, end, now, rules) : becomes(call),
  DeadlinePassed: (call, _event, now, rules) =>
    now >= call.offer.expiresAt ? notPickedUp(call, 'expired', now, rules) : becomes(call),
  ...givenUp(),
}

export const dialling: Handlers<'dialling'> = {
  CallerAnswered: (call, _event, now) => connect(call, call.offer, now),
  CallerUnreached: (call, { why }, now, rules) => notReached(call, why, unreachedBy(why), now, rules),
  DeadlinePassed: (call, _event, now, rules) =>
    now >= call.until ? notReached(call, 'no answer', 'system', now, rules) : becomes(call),
  OfferEnded: (call, { offer, end: cause }, now, rules) =>
    offer === call.offer.id ? leftByAgent(call, cause, now, rules) : becomes(call),
  // During the announcement, before anybody was there.
  CallerHungUp: (call, _event, now, rules) => notReached(call, 'no answer', 'caller', now, rules),
  CallerCameBack: (call, _event, now, rules) =>
    call.callback === null
      ? becomes(call)
      : {
          ...notReached(call, 'cancelled', 'caller', now, rules),
          begins: sparedAttempt(call, call.callback, now),
        },
  CallerServed: (call, _event, now, rules) =>
    call.callback === null ? becomes(call) : notReached(call, 'cancelled', 'caller', now, rules),
  // The channel's end was not seen.
  CallerLost: (call, event, now, rules) => notReached(call, 'failed', leftBy(event), now, rules),
  ...givenUp(),
}

/** The agent, or a supervisor, gives the attempt up; or the agent's phone is gone. */
function givenUp(): Handlers<'summoning'> & Handlers<'dialling'> {
  return {
    AgentHungUp: agentLeft,
    AgentLegLost: agentLeft,
    CallEndedBySupervisor: (call: Summoning | Dialling, _event: CallEvent, now: Millis, rules: Rules): Next =>
      notReached(call, 'cancelled', 'supervisor', now, rules),
  }
}

function agentLeft(
  call: Summoning | Dialling,
  { offer, type }: CallEventOf<'AgentHungUp' | 'AgentLegLost'>,
  now: Millis,
  rules: Rules,
): Next {
  if (offer !== call.offer.id) return becomes(call)
  return leftByAgent(call, type === 'AgentHungUp' ? 'declined' : 'unreachable', now, rules)
}

/** The agent's own phone: left to ring it is the agent's choice, unless it could not ring. */
function notPickedUp(call: Summoning, end: OfferEnd, now: Millis, rules: Rules): Next {
  return isMissed(end)
    ? notReached(call, 'cancelled', 'agent', now, rules)
    : notReached(call, 'failed', 'system', now, rules)
}

/** Both are mostly the citizen's own answer. */
const unreachedBy = (why: CallFailure): EndedBy =>
  why === 'busy' || why === 'rejected' ? 'caller' : 'system'
