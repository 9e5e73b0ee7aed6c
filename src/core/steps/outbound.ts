/** The stages in which an agent calls a citizen: the agent's own phone, then the citizen's. */
import type { Dialling, EndedBy, Summoning } from '../call.ts'
import type { CallEvent, CallEventOf, CallFailure } from '../call-event.ts'
import type { Millis } from '../ids.ts'
import { bounds, type Rules } from '../rules.ts'
import { connect } from './conversation.ts'
import { becomes, factsOf, leftBy, type Handlers, type Leaving, type Next } from './next.ts'
import { notReached } from './outbound-end.ts'

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
  OfferEnded: (call, { offer, end }, now) =>
    offer === call.offer.id
      ? notReached(call, end === 'declined' ? 'cancelled' : 'failed', endedBy(end === 'declined'), now)
      : becomes(call),
  DeadlinePassed: (call, _event, now) =>
    now >= call.offer.expiresAt ? notReached(call, 'failed', 'system', now) : becomes(call),
  ...givenUp(),
}

export const dialling: Handlers<'dialling'> = {
  CallerAnswered: (call, _event, now) => connect(call, call.offer, now),
  CallerUnreached: (call, { why }, now) => notReached(call, why, unreachedBy(why), now),
  DeadlinePassed: (call, _event, now) =>
    now >= call.until ? notReached(call, 'no answer', 'system', now) : becomes(call),
  OfferEnded: (call, { offer }, now) =>
    offer === call.offer.id ? notReached(call, 'cancelled', 'agent', now) : becomes(call),
  CallerHungUp: lostWhileDialled,
  CallerLost: lostWhileDialled,
  ...givenUp(),
}

/** The agent, or a supervisor, gives the attempt up; or the agent's phone is gone. */
function givenUp(): Handlers<'summoning'> & Handlers<'dialling'> {
  return {
    AgentHungUp: agentLeft,
    AgentLegLost: agentLeft,
    CallEndedBySupervisor: (call: Summoning | Dialling, _event: CallEvent, now: Millis): Next =>
      notReached(call, 'cancelled', 'supervisor', now),
  }
}

function agentLeft(
  call: Summoning | Dialling,
  { offer }: CallEventOf<'AgentHungUp' | 'AgentLegLost'>,
  now: Millis,
): Next {
  return offer === call.offer.id ? notReached(call, 'cancelled', 'agent', now) : becomes(call)
}

/** The channel's end was seen without its reason, or not at all. */
function lostWhileDialled(call: Dialling, event: Leaving, now: Millis, _rules: Rules): Next {
  return notReached(call, 'failed', event.type === 'CallerLost' ? leftBy(event) : 'system', now)
}

const endedBy = (byAgent: boolean): EndedBy => (byAgent ? 'agent' : 'system')
/** "Busy" is mostly the citizen's own answer: the call was declined, or they talk. */
const unreachedBy = (why: CallFailure): EndedBy => (why === 'busy' ? 'caller' : 'system')
