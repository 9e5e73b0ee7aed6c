/**
 * The state machine of a call: `step(call, event, now, rules)` answers the next call, the effects, and the events of
 * the agents concerned. The stages say what becomes of the call; the effects are the difference of its media plans. An
 * event of another attempt than the present one changes nothing; if it means that an unwanted leg is up, the leg is hung up.
 */
import type { AgentEvent } from './agent-event.ts'
import {
  isCallerPresent,
  type Call,
  type CallStage,
  type Dismissing,
  type EndedBy,
  type LiveCall,
  type Outcome,
  type Ringing,
  type Waiting,
} from './call.ts'
import type { CallEvent, CallEventOf, CallEventType } from './call-event.ts'
import { answerBy } from './deadline.ts'
import { agentLegOf, type Millis } from './ids.ts'
import { engagedIn, withLegs } from './leg.ts'
import { mediaPlan, widestPlan } from './media/media-plan.ts'
import type { OfferEnd } from './offer.ts'
import type { Rules } from './rules.ts'
import { askedOnPage, callbackPromised, dial, promised, promisedStill } from './steps/callback.ts'
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
  queuedSince,
  withEffects,
  type Handler,
  type Handlers,
  type Leaving,
  type Next,
  type Stepped,
} from './steps/next.ts'
import { announced, readingEnded, readingOver } from './steps/announcement.ts'
import { afterGreeting, menu } from './steps/menu.ts'
import { answeredByKey, asked } from './steps/callback-question.ts'
import { ofColleague, withColleagueFreed } from './steps/consult.ts'
import { overflowed } from './steps/overflow.ts'
import { besideExpired, moved, ofSupervisor, supervisorRung } from './steps/supervision.ts'
import { transferred, transferring } from './steps/external.ts'
import { closed } from './steps/closed.ts'
import { survey } from './steps/survey.ts'
import { voicemail } from './steps/voicemail.ts'
import { dialling, summoning } from './steps/outbound.ts'
import { waitedInVain, waitsAgain } from './steps/transfer.ts'

export function step(call: Call, event: CallEvent, now: Millis, rules: Rules): Stepped {
  const next = nextOf(call, event, now, rules)
  // A late answer proves that a leg exists which the plan may not want.
  const seen = event.type === 'AgentAnswered' ? agentLegOf(event.offer) : undefined
  return withEffects(mediaPlan(call), next, momentOf(call, event, now), {
    seen,
    wasOver: call.phase === 'ended',
  })
}

/** The states after an event, without the legs on record and without effects. */
export function nextOf(call: Call, event: CallEvent, now: Millis, rules: Rules): Next {
  return withColleagueFreed(call, stepped(call, event, momentOf(call, event, now), rules), rules)
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
  if (consult?.offer.id === event.offer) return ofColleague(call, consult, event, now)
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
  PlaybackEnded(call, event, now) {
    if (event.playback !== call.playback) return becomes(call)
    return event.queuedAt === undefined
      ? afterGreeting(call, now)
      : enterLine(queuedSince(call, event.queuedAt, now), now)
  },
  DeadlinePassed: (call, _event, now) => (now >= call.until ? afterGreeting(call, now) : becomes(call)),
  CallerHungUp: left,
  CallerLost: left,
}

const waiting: Handlers<'waiting'> = {
  AnnouncementMade: announced,
  PlaybackEnded: readingEnded,
  CallerAsked: (call, _event, now) => asked(call, now),
  KeyPressed: answeredByKey,
  OfferMade({ reservedFor: _reservedFor, question, ...call }, { offer }, now) {
    return {
      call: {
        ...call,
        phase: 'ringing',
        offer,
        offeredAt: call.offeredAt ?? now,
        // A question that the agent answers by coming.
        announcement: question === null ? call.announcement : null,
        since: now,
      },
      agents: [{ agent: offer.agent, event: { type: 'Offered', call: call.id, offer } }],
    }
  },
  DeadlinePassed(call, _event, now, rules) {
    const inVain = waitedInVain(call, now, rules)
    if (inVain !== null) return inVain
    if (now >= call.waitUntil) return dismiss(call, 'rejected', { say: 'waited too long' }, now)
    if (now >= answerBy(call)) return answeredAtLatest(call)
    const isUnanswered = call.question !== null && now >= call.question.until
    return readingOver(isUnanswered ? { ...call, question: null } : call, now)
  },
  CallMoved: moved,
  CallOverflowed: overflowed,
  CallbackPromised: callbackPromised,
  CallEndedBySupervisor: (call, _event, now) => end(call, 'rejected', 'supervisor', now),
  CallerHungUp: left,
  CallerLost: left,
}

const ringing: Handlers<'ringing'> = {
  PlaybackEnded: readingEnded,
  AgentAnswered(call, event, now) {
    if (event.offer !== call.offer.id) return becomes(call)
    return isCallerPresent(call) ? connect(call, call.offer, now) : dial(call, now)
  },
  OfferEnded: (call, event, now, rules) =>
    event.offer === call.offer.id ? offerFailed(call, event.end, now, rules) : becomes(call),
  DeadlinePassed(call, _event, now, rules) {
    // The phone goes on ringing; from here on the caller pays.
    if (now >= answerBy(call)) return answeredAtLatest(call)
    // The phone's own ring timer has passed, and the event of its end was lost.
    return now >= call.offer.expiresAt ? offerFailed(call, 'expired', now, rules) : readingOver(call, now)
  },
  CallEndedBySupervisor: (call, _event, now) =>
    withdrawn(call, isCallerPresent(call) ? 'rejected' : 'cancelled', 'supervisor', now),
  CallerCameBack: (call, _event, now) =>
    call.callback === null || isCallerPresent(call)
      ? becomes(call)
      : {
          call: promisedStill(call, call.callback, now),
          agents: [withdrawnFrom(call)],
        },
  CallerServed: (call, _event, now) =>
    isCallerPresent(call) ? becomes(call) : withdrawn(call, 'cancelled', 'caller', now),
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
  menu,
  promised,
  summoning,
  dialling,
  waiting,
  ringing,
  connecting,
  talking,
  held,
  reconnecting,
  transferring,
  transferred,
  survey,
  closed,
  voicemail,
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
  CallbackPromised: ignored,
  CallbackAsked: askedOnPage,
  CallerCameBack: ignored,
  CallerServed: ignored,
  CallerAnswered: ignored,
  CallerUnreached: ignored,
  PlaybackEnded: ignored,
  AnnouncementMade: ignored,
  CallerAsked: ignored,
  KeyPressed: ignored,
  OfferMade: ignored,
  OfferEnded: ignored,
  AgentAnswered: ignored,
  Bridged: ignored,
  HoldRequested: ignored,
  ResumeRequested: ignored,
  MuteRequested: ignored,
  TransferRequested: ignored,
  ConsultRequested: ignored,
  SecondLineHeld: ignored,
  SecondLineEnded: ignored,
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
  CallOverflowed: ignored,
  CallEndedBySupervisor: ignored,
  AgentHungUp: ignored,
  AgentLegLost: ignored,
  ReturnOffered: ignored,
  CallerHungUp: ignored,
  RecorderFailed: ignored,
  CallerLost: ignored,
  DeadlinePassed: ignored,
}

function ignored(call: Call): Next {
  return becomes(call)
}

function offerFailed(call: Ringing, cause: OfferEnd, now: Millis, rules: Rules): Next {
  const { offer, callback } = call
  const next =
    callback === null || isCallerPresent(call)
      ? waitsAgain(call, backToLine(call, now), now, rules)
      : becomes(promisedStill(call, callback, now))
  const failed: AgentEvent = { type: 'OfferEnded', offer: offer.id, end: cause }
  return { ...next, agents: [{ agent: offer.agent, event: failed }, ...next.agents] }
}

function leftRinging(call: Ringing, event: Leaving, now: Millis): Next {
  return withdrawn(call, outcomeOf(event), leftBy(event), now)
}

const withdrawn = (call: Ringing, outcome: Outcome, by: EndedBy, now: Millis): Next => ({
  ...end(call, outcome, by, now),
  agents: [withdrawnFrom(call)],
})

const withdrawnFrom = ({ offer }: Ringing): Next['agents'][number] => ({
  agent: offer.agent,
  event: { type: 'OfferEnded', offer: offer.id, end: 'withdrawn' },
})

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
