/**
 * The state machine of a call: `step(call, event, now, rules)` answers the next call, the effects, and the events of
 * the agents concerned. The stages say what becomes of the call; the effects are the difference of its media plans. An
 * event of another attempt than the present one changes nothing; if it means that an unwanted leg is up, the leg is hung up.
 */
import type { AgentEvent } from './agent-event.ts'
import type { Call, CallStage, Dismissing, EndedBy, LiveCall, Outcome, Ringing, Waiting } from './call.ts'
import type { CallEvent, CallEventOf, CallEventType } from './call-event.ts'
import { answerBy } from './deadline.ts'
import { agentLegOf, type Millis } from './ids.ts'
import { engagedIn, withLegs } from './leg.ts'
import { mediaPlan, widestPlan } from './media/media-plan.ts'
import type { OfferEnd } from './offer.ts'
import type { Rules } from './rules.ts'
import { connect, connecting, held, reconnecting, talking } from './steps/conversation.ts'
import {
  backToLine,
  becomes,
  dismiss,
  end,
  enterLine,
  left,
  leftBy,
  outcomeOf,
  withEffects,
  type Handler,
  type Handlers,
  type Leaving,
  type Next,
  type Stepped,
} from './steps/next.ts'
import { ofColleague, withColleagueFreed } from './steps/consult.ts'
import { besideExpired, moved, ofSupervisor, supervisorRung } from './steps/supervision.ts'
import { dialling, summoning } from './steps/outbound.ts'
import { waitedInVain, waitsAgain } from './steps/transfer.ts'

export function step(call: Call, event: CallEvent, now: Millis, rules: Rules): Stepped {
  const at = momentOf(call, event, now)
  const next = withColleagueFreed(call, stepped(call, event, at, rules), rules)
  // A late answer proves that a leg exists which the plan may not want.
  const seen = event.type === 'AgentAnswered' ? agentLegOf(event.offer) : undefined
  return withEffects(mediaPlan(call), next, at, seen)
}

function stepped(call: Call, event: CallEvent, now: Millis, rules: Rules): Next {
  const handlers = stages[call.phase] as Partial<Record<CallEventType, Handler>>
  const handle = handlers[event.type] ?? (defaults[event.type] as Handler)
  return (
    (call.phase === 'ended' ? null : besideStage(call, event, now, rules)) ?? handle(call, event, now, rules)
  )
}

/** Events of a colleague's or a supervisor's leg, and of their deadlines: the same in every stage. Null: none of these. */
function besideStage(call: LiveCall, event: CallEvent, now: Millis, rules: Rules): Next | null {
  if (event.type === 'DeadlinePassed') return besideExpired(call, now)
  if (!('offer' in event) || typeof event.offer !== 'string') return null
  const { consult, supervisions } = call
  if (consult?.offer.id === event.offer) return ofColleague(call, consult, event)
  const supervision = supervisions.find(({ offer }) => offer.id === event.offer)
  return supervision === undefined ? null : ofSupervisor(call, supervision, event, now, rules)
}

/**
 * When the event happened. A call whose end nobody saw ended when it was last seen, not when its absence was noticed:
 * the ACD may have been stopped for hours.
 */
export function momentOf(call: Call, event: CallEvent, now: Millis): Millis {
  if (event.type !== 'CallerLost' || event.lastSeenAt === undefined) return now
  return Math.min(now, Math.max(call.since, event.lastSeenAt))
}

const greeting: Handlers<'greeting'> = {
  PlaybackEnded: (call, event, now) =>
    event.playback === call.playback ? enterLine(call, now) : becomes(call),
  DeadlinePassed: (call, _event, now) => (now >= call.until ? enterLine(call, now) : becomes(call)),
  CallerHungUp: left,
  CallerLost: left,
}

const waiting: Handlers<'waiting'> = {
  OfferMade({ reservedFor: _reservedFor, ...call }, { offer }, now) {
    return {
      call: { ...call, phase: 'ringing', offer, offeredAt: call.offeredAt ?? now, since: now },
      agents: [{ agent: offer.agent, event: { type: 'Offered', call: call.id, offer } }],
    }
  },
  DeadlinePassed(call, _event, now, rules) {
    const inVain = waitedInVain(call, now, rules)
    if (inVain !== null) return inVain
    if (now >= call.waitUntil) return dismiss(call, 'rejected', { say: 'waited too long' }, now)
    return now >= answerBy(call) ? answeredAtLatest(call) : becomes(call)
  },
  CallMoved: moved,
  CallEndedBySupervisor: (call, _event, now) => end(call, 'rejected', 'supervisor', now),
  CallerHungUp: left,
  CallerLost: left,
}

const ringing: Handlers<'ringing'> = {
  AgentAnswered: (call, event, now) =>
    event.offer === call.offer.id ? connect(call, call.offer, now) : becomes(call),
  OfferEnded: (call, event, now, rules) =>
    event.offer === call.offer.id ? offerFailed(call, event.end, now, rules) : becomes(call),
  DeadlinePassed(call, _event, now, rules) {
    // The phone goes on ringing; from here on the caller pays.
    if (now >= answerBy(call)) return answeredAtLatest(call)
    // The phone's own ring timer has passed, and the event of its end was lost.
    return now >= call.offer.expiresAt ? offerFailed(call, 'expired', now, rules) : becomes(call)
  },
  CallEndedBySupervisor: (call, _event, now) => withdrawn(call, 'rejected', 'supervisor', now),
  CallerHungUp: leftRinging,
  CallerLost: leftRinging,
}

const dismissing: Handlers<'dismissing'> = {
  PlaybackEnded: (call, event, now) =>
    event.playback === call.playback ? end(call, call.outcome, 'system', now) : becomes(call),
  DeadlinePassed: (call, _event, now) =>
    now >= call.until ? end(call, call.outcome, 'system', now) : becomes(call),
  CallerHungUp: leftDismissing,
  CallerLost: leftDismissing,
}

const stages: { readonly [Stage in CallStage]: Handlers<Stage> } = {
  greeting,
  summoning,
  dialling,
  waiting,
  ringing,
  connecting,
  talking,
  held,
  reconnecting,
  dismissing,
  ended: {},
}

/**
 * Default handlers for events that a stage does not handle: mostly no effect, since the event belongs to an earlier attempt or
 * comes too late. Complete by type, so that a new event is decided here once for all stages.
 */
const defaults: { readonly [Type in CallEventType]: (call: Call, event: CallEventOf<Type>) => Next } = {
  CallArrived: ignored,
  CallPlaced: ignored,
  CallerAnswered: ignored,
  CallerUnreached: ignored,
  PlaybackEnded: ignored,
  OfferMade: ignored,
  OfferEnded: ignored,
  AgentAnswered: ignored,
  Bridged: ignored,
  HoldRequested: ignored,
  ResumeRequested: ignored,
  MuteRequested: ignored,
  TransferRequested: ignored,
  ConsultRequested: ignored,
  ConsultJoined: ignored,
  ConsultCompleted: ignored,
  ConsultCancelled: ignored,
  SupervisorRung: (call, event) => (call.phase === 'ended' ? becomes(call) : supervisorRung(call, event)),
  SupervisionChanged: ignored,
  CallTakenOver: ignored,
  HelpRequested: ignored,
  RecordingPaused: ignored,
  RecordingResumed: ignored,
  CallMoved: ignored,
  CallEndedBySupervisor: ignored,
  AgentHungUp: ignored,
  AgentLegLost: ignored,
  ReturnOffered: ignored,
  CallerHungUp: ignored,
  CallerLost: ignored,
  DeadlinePassed: ignored,
}

function ignored(call: Call): Next {
  return becomes(call)
}

function offerFailed(call: Ringing, cause: OfferEnd, now: Millis, rules: Rules): Next {
  const { offer } = call
  const next = waitsAgain(call, backToLine(call, now), now, rules)
  const failed: AgentEvent = { type: 'OfferEnded', offer: offer.id, end: cause }
  return { ...next, agents: [{ agent: offer.agent, event: failed }, ...next.agents] }
}

function leftRinging(call: Ringing, event: Leaving, now: Millis): Next {
  return withdrawn(call, outcomeOf(event), leftBy(event), now)
}

function withdrawn(call: Ringing, outcome: Outcome, by: EndedBy, now: Millis): Next {
  const { offer } = call
  return {
    ...end(call, outcome, by, now),
    agents: [{ agent: offer.agent, event: { type: 'OfferEnded', offer: offer.id, end: 'withdrawn' } }],
  }
}

function leftDismissing(call: Dismissing, event: Leaving, now: Millis): Next {
  return end(call, call.outcome, leftBy(event), now)
}

/** Early media has lasted for as long as networks allow. */
function answeredAtLatest(call: Waiting | Ringing): Next {
  return becomes({ ...call, lineAnswered: true })
}

/** The end of a quarantined call, whose step threw: no step of it can be relied upon. */
export function endBroken(call: LiveCall, now: Millis): Stepped {
  const whole = withLegs(call)
  const ended = end(whole, 'failed', 'system', now)
  const agents = engagedIn(whole).map(({ offer, rings }) => ({
    agent: offer.agent,
    event: rings
      ? ({ type: 'OfferEnded', offer: offer.id, end: 'cut' } as const)
      : ({ type: 'CallEnded', offer: offer.id, wrapUpMs: 0 } as const),
  }))
  return withEffects(widestPlan(whole), { ...ended, agents }, now)
}
