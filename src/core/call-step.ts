/**
 * The state machine of a call: `step(call, event, now, rules)` answers the next call, the effects, and the events of
 * the agents concerned. The stages say what becomes of the call; the effects are the difference of its media plans. An
 * event of another attempt than the present one changes nothing; if it means that an unwanted leg is up, the leg is hung up.
 */
import type { AgentEvent } from './agent-event.ts'
import type {
  Call,
  CallFacts,
  CallStage,
  Connecting,
  Dismissal,
  Dismissing,
  Ended,
  EndedBy,
  Greeting,
  Held,
  InConversation,
  LiveCall,
  Outcome,
  Reconnecting,
  Ringing,
  Talking,
  Waiting,
} from './call.ts'
import type { CallEvent, CallEventOf, CallEventType } from './call-event.ts'
import { answerBy } from './deadline.ts'
import type { Effect, Prompt } from './effect.ts'
import { agentLegOf, bridgeOf, dismissalOf, type AgentId, type ChannelId, type Millis } from './ids.ts'
import { legged, withLegs } from './leg.ts'
import { effectsBetween } from './media/media-effects.ts'
import { mediaPlan, widestPlan, type MediaPlan } from './media/media-plan.ts'
import type { Offer, OfferEnd } from './offer.ts'
import { bounds, type Rules } from './rules.ts'

/** The call after a step, and the events of the agents concerned. */
export interface Next<Of extends Call = Call> {
  readonly call: Of
  /** Saved together with the call. */
  readonly agents: readonly { readonly agent: AgentId; readonly event: AgentEvent }[]
}

export interface Stepped extends Next {
  readonly effects: readonly Effect[]
}

const becomes = <Of extends Call>(call: Of): Next<Of> => ({ call, agents: [] })

type CallIn<Stage extends CallStage> = Extract<Call, { phase: Stage }>
/** A stage's event handlers; an event without one goes to `defaults`. */
type Handlers<Stage extends CallStage> = {
  readonly [Type in CallEventType]?: (
    call: CallIn<Stage>,
    event: CallEventOf<Type>,
    now: Millis,
    rules: Rules,
  ) => Next
}
type Handler = (call: Call, event: CallEvent, now: Millis, rules: Rules) => Next

export function step(call: Call, event: CallEvent, now: Millis, rules: Rules): Stepped {
  const handlers = stages[call.phase] as Partial<Record<CallEventType, Handler>>
  const handle = handlers[event.type] ?? (defaults[event.type] as Handler)
  const at = momentOf(call, event, now)
  const next = handle(call, event, at, rules)
  // A late answer proves that a leg exists which the plan may not want.
  const seen = event.type === 'AgentAnswered' ? agentLegOf(event.offer) : undefined
  return withEffects(mediaPlan(call), next, at, seen)
}

/** The call with its legs as they are now, and its effects; one that ends hands its audio over. */
export function withEffects(before: MediaPlan, next: Next, now: Millis, seen?: ChannelId): Stepped {
  const call = legged(next.call, now)
  const media = effectsBetween(before, mediaPlan(call), seen)
  const ends = call.phase === 'ended' && before.caller !== null
  return { ...next, call, effects: ends ? [...media, { do: 'FinishRecording', call: call.id }] : media }
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
  OfferMade: (call, { offer }, now) => ({
    call: { ...call, phase: 'ringing', offer, offeredAt: call.offeredAt ?? now, since: now },
    agents: [{ agent: offer.agent, event: { type: 'Offered', call: call.id, offer } }],
  }),
  DeadlinePassed(call, _event, now) {
    if (now >= call.waitUntil) return dismiss(call, 'rejected', { say: 'waited too long' }, now)
    return now >= answerBy(call) ? answeredAtLatest(call) : becomes(call)
  },
  CallerHungUp: left,
  CallerLost: left,
}

const ringing: Handlers<'ringing'> = {
  AgentAnswered: (call, event, now) =>
    event.offer === call.offer.id ? connect(call, call.offer, now) : becomes(call),
  OfferEnded: (call, event, now) =>
    event.offer === call.offer.id ? offerFailed(call, event.end, now) : becomes(call),
  DeadlinePassed(call, _event, now) {
    // The phone goes on ringing; from here on the caller pays.
    if (now >= answerBy(call)) return answeredAtLatest(call)
    // The phone's own ring timer has passed, and the event of its end was lost.
    return now >= call.offer.expiresAt ? offerFailed(call, 'expired', now) : becomes(call)
  },
  CallerHungUp: leftRinging,
  CallerLost: leftRinging,
}

const connecting: Handlers<'connecting'> = {
  Bridged: (call, event, now) =>
    event.bridge === bridgeOf(call.offer.id)
      ? becomes({
          ...factsOf(call),
          phase: 'talking',
          queuedAt: call.queuedAt,
          offer: call.offer,
          answeredAt: call.answeredAt ?? call.pickedUpAt,
          lastAgent: call.offer.agent,
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

const talking: Handlers<'talking'> = {
  HoldRequested: (call, event, now) =>
    event.offer === call.offer.id
      ? becomes({
          ...factsOf(call),
          phase: 'held',
          queuedAt: call.queuedAt,
          answeredAt: call.answeredAt,
          offer: call.offer,
          byPhone: event.by === 'phone',
          since: now,
        })
      : becomes(call),
  MuteRequested: (call, { offer, muted }) =>
    offer === call.offer.id && muted !== call.muted ? becomes({ ...call, muted }) : becomes(call),
  AgentHungUp: conversationBroken,
  OfferEnded: conversationBroken,
  AgentLegLost: conversationBroken,
  CallerHungUp: conversationBroken,
  CallerLost: conversationBroken,
}

const held: Handlers<'held'> = {
  ResumeRequested: (call, event, now) =>
    event.offer === call.offer.id
      ? becomes({
          ...factsOf(call),
          phase: 'talking',
          queuedAt: call.queuedAt,
          offer: call.offer,
          answeredAt: call.answeredAt,
          heldMs: heldUntil(call, now),
          // An agent who hears the caller again must not be silent unknowingly.
          muted: false,
          since: now,
        })
      : becomes(call),
  // Held at the desk, and now by the key as well.
  HoldRequested: (call, event) =>
    event.offer === call.offer.id && event.by === 'phone' && !call.byPhone
      ? becomes({ ...call, byPhone: true })
      : becomes(call),
  AgentHungUp: conversationBroken,
  OfferEnded: conversationBroken,
  AgentLegLost: conversationBroken,
  CallerHungUp: conversationBroken,
  CallerLost: conversationBroken,
}

const reconnecting: Handlers<'reconnecting'> = {
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
    event.offer === call.offer.id ? conversationEnded(call, 'agent', now, rules) : becomes(call),
  // The new attempt failed; the phone may come back before the bound.
  OfferEnded: returnFailed,
  // The phone that is rung has gone.
  AgentLegLost: returnFailed,
  DeadlinePassed: (call, _event, now, rules) =>
    now < call.until
      ? becomes(call)
      : {
          call: toFront(call, now, rules),
          agents: [
            { agent: call.offer.agent, event: { type: 'CallEnded', offer: call.offer.id, wrapUpMs: 0 } },
          ],
        },
  CallerHungUp: leftReconnecting,
  CallerLost: leftReconnecting,
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
  PlaybackEnded: ignored,
  OfferMade: ignored,
  OfferEnded: ignored,
  AgentAnswered: ignored,
  Bridged: ignored,
  HoldRequested: ignored,
  ResumeRequested: ignored,
  MuteRequested: ignored,
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

function offerFailed(call: Ringing, cause: OfferEnd, now: Millis): Next {
  const { offer } = call
  return {
    call: backToLine(call, now),
    agents: [{ agent: offer.agent, event: { type: 'OfferEnded', offer: offer.id, end: cause } }],
  }
}

function leftRinging(call: Ringing, event: Leaving, now: Millis): Next {
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
  const { offer } = call
  return {
    ...end(call, outcomeOf(event), leftBy(event), now),
    agents: [{ agent: offer.agent, event: { type: 'OfferEnded', offer: offer.id, end: 'withdrawn' } }],
  }
}

function leftReconnecting(call: Reconnecting, event: Leaving, now: Millis, rules: Rules): Next {
  return conversationEnded(call, leftBy(event), now, rules)
}

function leftDismissing(call: Dismissing, event: Leaving, now: Millis): Next {
  return end(call, call.outcome, leftBy(event), now)
}

type Breaking = CallEventOf<'AgentHungUp' | 'OfferEnded' | 'AgentLegLost' | 'CallerHungUp' | 'CallerLost'>

function conversationBroken(call: Talking | Held, event: Breaking, now: Millis, rules: Rules): Next {
  switch (event.type) {
    case 'CallerHungUp':
    case 'CallerLost':
      return conversationEnded(call, leftBy(event), now, rules)
    case 'AgentHungUp':
    case 'OfferEnded':
      return event.offer === call.offer.id ? conversationEnded(call, 'agent', now, rules) : becomes(call)
    case 'AgentLegLost':
      if (event.offer !== call.offer.id) return becomes(call)
      return becomes({
        ...factsOf(call),
        phase: 'reconnecting',
        queuedAt: call.queuedAt,
        offer: call.offer,
        invited: false,
        answeredAt: call.answeredAt,
        heldMs: call.phase === 'held' ? heldUntil(call, now) : call.heldMs,
        until: now + bounds.reconnectMs,
        since: now,
      })
  }
}

const heldUntil = (call: Held, now: Millis): number => call.heldMs + Math.max(0, now - call.since)

/** The caller enters the queue, with music. */
export function enterLine(call: Greeting, now: Millis): Next {
  const { playback: _playback, until: _until, ...facts } = call
  return becomes({ ...facts, phase: 'waiting', queuedAt: call.queuedAt ?? now, since: now })
}

/** Early media has lasted for as long as networks allow. */
function answeredAtLatest(call: Waiting | Ringing): Next {
  return becomes({ ...call, lineAnswered: true })
}

/** The caller hears why the call is not served. `call` is in the stage that is left. */
export function dismiss(call: LiveCall, outcome: Dismissal, prompt: Prompt, now: Millis): Next {
  return becomes({
    ...factsOf(call),
    phase: 'dismissing',
    playback: dismissalOf(call.id),
    prompt,
    outcome,
    until: now + bounds.promptMs,
    since: now,
  })
}

function connect(call: Ringing | Reconnecting, offer: Offer, now: Millis): Next {
  const wasRinging = call.phase === 'ringing'
  return {
    call: {
      ...factsOf(call),
      phase: 'connecting',
      queuedAt: call.queuedAt,
      offer,
      lineAnswered: true,
      pickedUpAt: now,
      bridgedBy: now + bounds.bridgeMs,
      since: now,
    },
    agents: wasRinging ? [{ agent: offer.agent, event: { type: 'OfferAnswered', offer: offer.id } }] : [],
  }
}

function connectionFailed(call: Connecting, cause: OfferEnd, now: Millis, rules: Rules): Next {
  const { offer } = call
  return {
    call: call.answeredAt === null ? backToLine(call, now) : toFront(call, now, rules),
    agents: [
      {
        agent: offer.agent,
        event: isMending(call)
          ? { type: 'CallEnded', offer: offer.id, wrapUpMs: 0 }
          : { type: 'OfferEnded', offer: offer.id, end: cause },
      },
    ],
  }
}

/** Whether this connection mends a conversation: the agent picks up again for the same caller. */
const isMending = (call: Connecting): boolean =>
  call.answeredAt !== null && call.lastAgent === call.offer.agent

/** `queuedAt` is kept, so the caller keeps the place in the queue. */
function backToLine(call: Ringing | Connecting | Reconnecting, now: Millis): Waiting {
  return { ...factsOf(call), phase: 'waiting', queuedAt: call.queuedAt, since: now }
}

/** A caller whose agent was lost is first. The bound on waiting starts anew: the conversation was not waiting. */
function toFront(call: Connecting | Reconnecting, now: Millis, rules: Rules): Waiting {
  const waitUntil = Math.max(call.waitUntil, now + rules.waitMaxMs)
  return { ...backToLine(call, now), priority: 0, waitUntil }
}

function conversationEnded(call: InConversation | Connecting, by: EndedBy, now: Millis, rules: Rules): Next {
  const heldMs = call.phase === 'held' ? heldUntil(call, now) : call.heldMs
  return {
    ...end({ ...call, heldMs }, 'answered', by, now),
    agents: [
      {
        agent: call.offer.agent,
        event: { type: 'CallEnded', offer: call.offer.id, wrapUpMs: rules.wrapUpMs },
      },
    ],
  }
}

/**
 * The one end of every call: both legs are hung up, whichever side ended the call (an already gone leg is no error),
 * and the recording is handed over. A call that was once in conversation counts as answered whatever follows.
 */
export function end(call: LiveCall, outcome: Outcome, by: EndedBy, now: Millis): Next<Ended> {
  return becomes({
    ...factsOf(call),
    phase: 'ended',
    endedAt: now,
    outcome: call.answeredAt === null ? outcome : 'answered',
    endedBy: by,
    since: now,
  })
}

type Leaving = CallEventOf<'CallerHungUp' | 'CallerLost'>
const wentDown = (event: Leaving): boolean => event.type === 'CallerLost' && event.pbxDied === true
const leftBy = (event: Leaving): EndedBy => (wentDown(event) ? 'system' : 'caller')
/** The outcome when the caller is gone before any conversation: abandoned, or lost by the telephony's failure. */
const outcomeOf = (event: Leaving): Outcome => (wentDown(event) ? 'failed' : 'abandoned')

function left(call: Greeting | Waiting, event: Leaving, now: Millis): Next {
  return end(call, outcomeOf(event), leftBy(event), now)
}

/** The end of a quarantined call, whose step threw: no step of it can be relied upon. */
export function endBroken(call: LiveCall, now: Millis): Stepped {
  const ended = end(withLegs(call), 'failed', 'system', now)
  if (!('offer' in call)) return withEffects(widestPlan(call), ended, now)
  const { offer } = call
  const event: AgentEvent =
    call.phase === 'ringing'
      ? { type: 'OfferEnded', offer: offer.id, end: 'cut' }
      : { type: 'CallEnded', offer: offer.id, wrapUpMs: 0 }
  return withEffects(widestPlan(call), { ...ended, agents: [{ agent: offer.agent, event }] }, now)
}

/** The facts that every stage shares, without what belonged to the stage that is left. */
function factsOf(call: LiveCall): CallFacts {
  return {
    id: call.id,
    pbx: call.pbx,
    line: call.line,
    caller: call.caller,
    queue: call.queue,
    priority: call.priority,
    arrivedAt: call.arrivedAt,
    waitUntil: call.waitUntil,
    queuedAt: call.queuedAt,
    offeredAt: call.offeredAt,
    answeredAt: call.answeredAt,
    lineAnswered: call.lineAnswered,
    heldMs: call.heldMs,
    lastAgent: call.lastAgent,
    legs: call.legs,
    since: call.since,
  }
}
