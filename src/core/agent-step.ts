/**
 * The state machine of an agent. Events that come from a call carry the offer. An event of another offer than the
 * present one changes nothing, so a late timer never frees an agent.
 */
import {
  reachableDevice,
  type AfterCall,
  type Agent,
  type AgentFacts,
  type ImposedPause,
  type InCall,
  type Offered,
  type Paused,
  type Phones,
  type Ready,
  type SignedOut,
  type WrapUp,
} from './agent.ts'
import type { AgentEvent, AgentEventOf } from './agent-event.ts'
import { invariant } from './invariant.ts'
import type { AgentId, Millis } from './ids.ts'
import { failedAtPhone, isMissed, type OfferEnd } from './offer.ts'
import { bounds, type Rules } from './rules.ts'

export function newAgent(id: AgentId, now: Millis): SignedOut {
  const phones: Phones = { desk: false, web: false, chosen: null, ownCalls: 0 }
  return {
    id,
    state: 'signed out',
    since: now,
    phones,
    missed: 0,
    unrung: 0,
    idleSince: now,
    callsToday: 0,
    imposed: null,
    emergencyAt: null,
  }
}

/** Without those that are handled the same way in every state. */
type OwnEvent = Exclude<
  AgentEvent,
  { readonly type: 'PauseImposed' | 'PauseLifted' | 'CallTaken' | 'EmergencyDialled' }
>

export function stepAgent(agent: Agent, event: AgentEvent, now: Millis, rules: Rules): Agent {
  const phones = phonesAfter(agent.phones, event)
  if (phones !== agent.phones) {
    // Another phone may ring.
    const unrung = event.type === 'DeviceChosen' ? 0 : agent.unrung
    return withPhones({ ...agent, unrung }, phones, now)
  }
  if (event.type === 'PauseImposed') return imposePause(agent, event.by, now)
  if (event.type === 'PauseLifted') return liftPause(agent, now)
  if (event.type === 'CallTaken') return callTaken(agent, event, now)
  if (event.type === 'EmergencyDialled')
    return event.at === agent.emergencyAt ? agent : { ...agent, emergencyAt: event.at }
  const wish = event.type === 'ReadyRequested' || event.type === 'PauseRequested'
  if (wish && agent.imposed !== null) return agent
  switch (agent.state) {
    case 'signed out':
      return signedOut(agent, event, now)
    case 'paused':
      return paused(agent, event, now)
    case 'ready':
      return ready(agent, event, now)
    case 'offered':
      return offered(agent, event, now, rules)
    case 'talking':
      return talking(agent, event, now, rules)
    case 'wrap-up':
      return wrapUp(agent, event, now)
  }
}

/** Facts about phones change independently of the state. */
function phonesAfter(phones: Phones, event: AgentEvent): Phones {
  if (event.type === 'PhonesChanged') {
    const same = phones.desk === event.desk && phones.web === event.web
    return same ? phones : { ...phones, desk: event.desk, web: event.web }
  }
  if (event.type === 'DeviceChosen') {
    return phones.chosen === event.device ? phones : { ...phones, chosen: event.device }
  }
  if (event.type === 'OwnCallsChanged') {
    return phones.ownCalls === event.ownCalls ? phones : { ...phones, ownCalls: event.ownCalls }
  }
  return phones
}

function withPhones(agent: Agent, phones: Phones, now: Millis): Agent {
  if (agent.state !== 'ready') return { ...agent, phones }
  return {
    ...agent,
    phones,
    reachableBy: reachableByOf(phones, agent.reachableBy ?? now + bounds.phoneAwayMs),
  }
}

const reachableByOf = (phones: Phones, bound: Millis): Millis | null =>
  reachableDevice(phones) === null ? bound : null

function signedOut(agent: SignedOut, event: OwnEvent, now: Millis): Agent {
  if (event.type !== 'SignedIn') return agent
  const facts = { ...agent, missed: 0, unrung: 0, callsToday: 0, idleSince: now }
  const sameShift = now - agent.since < bounds.betweenShiftsMs
  return agent.imposed !== null && sameShift
    ? heldBack(facts, agent.imposed, { state: 'paused', reason: 'sign-in' }, now)
    : pausedFor({ ...facts, imposed: null }, 'sign-in', now)
}

/** A second pause on the first changes nothing: whoever set the first one stays named. */
function imposePause(agent: Agent, by: ImposedPause['by'], now: Millis): Agent {
  if (agent.state === 'signed out' || agent.imposed !== null) return agent
  const imposed: ImposedPause = { by, since: now, lifted: { state: 'ready' } }
  if (agent.state === 'ready') return heldBack(agent, imposed, imposed.lifted, now)
  if (agent.state === 'paused')
    return heldBack(agent, imposed, { state: 'paused', reason: agent.reason }, now)
  return { ...agent, imposed }
}

function liftPause(agent: Agent, now: Millis): Agent {
  if (agent.imposed === null) return agent
  const { lifted } = agent.imposed
  if (agent.state !== 'paused') return { ...agent, imposed: null }
  return lifted.state === 'paused'
    ? pausedFor({ ...agent, imposed: null }, lifted.reason, now)
    : readyFrom({ ...tried(agent), imposed: null }, now, now)
}

const heldBack = (agent: Agent, imposed: ImposedPause, lifted: ImposedPause['lifted'], now: Millis): Paused =>
  pausedFor({ ...agent, imposed: { ...imposed, lifted } }, 'supervisor', now)

/** A phone that did not ring gets one more attempt, and missed offers are forgiven. */
const tried = (agent: Paused): Paused => ({
  ...agent,
  missed: 0,
  unrung: Math.min(agent.unrung, bounds.unrungMax - 1),
})

/** After the call the agent is again what they were before it. */
function callTaken(agent: Agent, { call, offer }: AgentEventOf<'CallTaken'>, now: Millis): Agent {
  invariant(agent.state !== 'offered' && agent.state !== 'talking', 'an engaged agent took another call')
  const after: AfterCall =
    agent.state === 'wrap-up'
      ? agent.after
      : agent.state === 'paused'
        ? (agent.imposed?.lifted ?? { state: 'paused', reason: agent.reason })
        : { state: agent.state }
  return { ...facts(agent), state: 'talking', since: now, call, offer, after }
}

function paused(agent: Paused, event: OwnEvent, now: Millis): Agent {
  if (event.type === 'ReadyRequested') {
    return readyFrom(tried(agent), now, now)
  }
  if (event.type === 'PauseRequested') {
    return event.reason === agent.reason ? agent : pausedFor(agent, event.reason, now)
  }
  return event.type === 'SignedOut' ? signOut(agent, now) : agent
}

function ready(agent: Ready, event: OwnEvent, now: Millis): Agent {
  if (event.type === 'Offered') {
    const { notBefore: _rested, reachableBy: _reached, ...facts } = agent
    return {
      ...facts,
      state: 'offered',
      since: now,
      call: event.call,
      offer: event.offer,
      after: { state: 'ready' },
    }
  }
  if (event.type === 'PauseRequested') return pausedFor(agent, event.reason, now)
  if (event.type === 'DeadlinePassed' && agent.reachableBy !== null && now >= agent.reachableBy)
    return pausedFor(agent, 'technical', now)
  return event.type === 'SignedOut' ? signOut(agent, now) : agent
}

function offered(agent: Offered, event: OwnEvent, now: Millis, rules: Rules): Agent {
  switch (event.type) {
    case 'OfferAnswered':
      if (event.offer !== agent.offer.id) return agent
      // An answer alone is no conversation: a phone may answer and be gone before the bridge, again and again.
      return { ...agent, state: 'talking', since: now, unrung: 0 }
    case 'OfferEnded':
      return event.offer === agent.offer.id ? offerFailed(agent, event.end, now, rules) : agent
    case 'Offered':
      invariant(event.offer.id === agent.offer.id, 'an offered agent was offered a second call')
      return agent
    case 'ReadyRequested':
    case 'PauseRequested':
    case 'SignedOut':
      return { ...agent, after: afterCall(event) }
    case 'SignedIn':
      return signedInAgain(agent)
    case 'DeviceChosen':
    case 'PhonesChanged':
    case 'OwnCallsChanged':
    case 'OfferReplaced':
    case 'CallEnded':
    case 'CalledInVain':
    case 'CallReturned':
    case 'WrapUpExtended':
    case 'WrapUpEnded':
    case 'DeadlinePassed':
      return agent
  }
}

function talking(agent: InCall, event: OwnEvent, now: Millis, rules: Rules): Agent {
  switch (event.type) {
    case 'OfferReplaced':
      return event.lost === agent.offer.id ? { ...agent, offer: event.offer } : agent
    case 'OfferEnded':
      // The bridge was never completed.
      return event.offer === agent.offer.id ? offerFailed(agent, event.end, now, rules) : agent
    case 'CallEnded':
      if (event.offer !== agent.offer.id) return agent
      return conversationEnded(agent, event.wrapUpMs, now)
    case 'CalledInVain':
      if (event.offer !== agent.offer.id) return agent
      return withWrapUp({ ...agent, missed: 0, idleSince: now }, null, event.wrapUpMs, now)
    case 'Offered':
      invariant(false, 'a talking agent was offered a call')
      return agent
    case 'ReadyRequested':
    case 'PauseRequested':
    case 'SignedOut':
      return { ...agent, after: afterCall(event) }
    case 'SignedIn':
      return signedInAgain(agent)
    case 'DeviceChosen':
    case 'PhonesChanged':
    case 'OwnCallsChanged':
    case 'OfferAnswered':
    case 'CallReturned':
    case 'WrapUpExtended':
    case 'WrapUpEnded':
    case 'DeadlinePassed':
      return agent
  }
}

function wrapUp(agent: WrapUp, event: OwnEvent, now: Millis): Agent {
  switch (event.type) {
    case 'WrapUpEnded':
      return settle(agent, agent.after, now, now)
    case 'DeadlinePassed':
      return now >= agent.until ? settle(agent, agent.after, now, now) : agent
    case 'CallReturned':
      // The wrap-up goes on for an agent whose phone could not ring, or for whom a pause follows.
      return event.call === agent.call && canTakeBack(agent) ? settle(agent, agent.after, now, now) : agent
    case 'WrapUpExtended':
      return event.until > agent.until ? { ...agent, until: event.until } : agent
    case 'ReadyRequested':
      return settle(agent, { state: 'ready' }, now, now)
    case 'PauseRequested':
      return pausedFor(agent, event.reason, now)
    case 'SignedOut':
      return signOut(agent, now)
    case 'SignedIn':
    case 'DeviceChosen':
    case 'PhonesChanged':
    case 'OwnCallsChanged':
    case 'Offered':
    case 'OfferAnswered':
    case 'OfferEnded':
    case 'OfferReplaced':
    case 'CallEnded':
    case 'CalledInVain':
      return agent
  }
}

const canTakeBack = ({ after, imposed, phones }: WrapUp): boolean =>
  after.state === 'ready' && imposed === null && phones.ownCalls === 0 && reachableDevice(phones) !== null

/** Frees an agent whose call no longer has this offer. Not the agent's fault, so it is no miss. */
export function letGo(agent: Offered | InCall): AgentEvent {
  return agent.state === 'offered'
    ? { type: 'OfferEnded', offer: agent.offer.id, end: 'cut' }
    : { type: 'CallEnded', offer: agent.offer.id, wrapUpMs: 0 }
}

function offerFailed(agent: Offered | InCall, end: OfferEnd, now: Millis, rules: Rules): Agent {
  if (!failedAtPhone(end)) {
    const rang = end === 'withdrawn' && now - agent.offer.madeAt >= bounds.ringsWithinMs
    return settle(rang ? { ...agent, unrung: 0 } : agent, agent.after, now, now)
  }
  const rested = now + bounds.restMs
  if (end === 'did not ring') {
    const unrung = agent.unrung + 1
    return unrung >= bounds.unrungMax && agent.after.state === 'ready'
      ? settle({ ...agent, unrung }, { state: 'paused', reason: 'phone' }, now, rested)
      : settle({ ...agent, unrung }, agent.after, now, rested)
  }
  if (!isMissed(end)) return settle(agent, agent.after, now, rested)
  const missed = agent.missed + 1
  const rang = { ...agent, missed, unrung: 0 }
  return missed >= rules.missedMax && agent.after.state === 'ready'
    ? settle(rang, { state: 'paused', reason: 'missed' }, now, rested)
    : settle(rang, agent.after, now, rested)
}

function conversationEnded(agent: InCall, wrapUpMs: number, now: Millis): Agent {
  const talked = { ...agent, missed: 0, callsToday: agent.callsToday + 1, idleSince: now }
  return withWrapUp(talked, agent.call, wrapUpMs, now)
}

function withWrapUp(agent: InCall, call: WrapUp['call'], wrapUpMs: number, now: Millis): Agent {
  if (wrapUpMs === 0 || agent.after.state === 'signed out') return settle(agent, agent.after, now, now)
  const { offer: _offer, ...rest } = agent
  return { ...rest, call, state: 'wrap-up', since: now, until: now + wrapUpMs }
}

/** An agent who signed out during the call and signs in again before its end was never signed out. */
function signedInAgain(agent: Offered | InCall): Agent {
  return agent.after.state === 'signed out'
    ? { ...agent, after: { state: 'paused', reason: 'sign-in' } }
    : agent
}

type Busy = Offered | InCall | WrapUp

function settle(agent: Busy, after: AfterCall, now: Millis, notBefore: Millis): Agent {
  if (agent.imposed !== null && after.state !== 'signed out')
    return heldBack(agent, agent.imposed, after, now)
  switch (after.state) {
    case 'ready':
      return readyFrom(agent, now, notBefore)
    case 'paused':
      return pausedFor(agent, after.reason, now)
    case 'signed out':
      return signOut(agent, now)
  }
}

function afterCall(
  event: Extract<AgentEvent, { type: 'ReadyRequested' | 'PauseRequested' | 'SignedOut' }>,
): AfterCall {
  switch (event.type) {
    case 'ReadyRequested':
      return { state: 'ready' }
    case 'PauseRequested':
      return { state: 'paused', reason: event.reason }
    case 'SignedOut':
      return { state: 'signed out' }
  }
}

const facts = (agent: Agent): AgentFacts => ({
  id: agent.id,
  phones: agent.phones,
  missed: agent.missed,
  unrung: agent.unrung,
  idleSince: agent.idleSince,
  callsToday: agent.callsToday,
  imposed: agent.imposed,
  emergencyAt: agent.emergencyAt,
})
const pausedFor = (agent: Agent, reason: Paused['reason'], now: Millis): Paused => ({
  ...facts(agent),
  state: 'paused',
  since: now,
  reason,
})
const signOut = (agent: Agent, now: Millis): SignedOut => ({
  ...facts(agent),
  state: 'signed out',
  since: now,
  phones: { ...agent.phones, chosen: null },
})
const readyFrom = (agent: Agent, now: Millis, notBefore: Millis): Ready => ({
  ...facts(agent),
  state: 'ready',
  since: now,
  notBefore,
  reachableBy: reachableByOf(agent.phones, now + bounds.phoneAwayMs),
})
