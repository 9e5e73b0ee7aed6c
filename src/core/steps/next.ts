/** A step's result, and the stages that several steps lead to: the queue, a message, the end. */
import type { AgentEvent } from '../agent-event.ts'
import type { CallEvent, CallEventOf, CallEventType } from '../call-event.ts'
import type {
  Call,
  CallFacts,
  CallStage,
  Closed,
  Connecting,
  Consult,
  Dismissal,
  Ended,
  EndedBy,
  Greeting,
  Held,
  InConversation,
  InMenu,
  LiveCall,
  Outcome,
  Promised,
  Ringing,
  Talking,
  Transferred,
  Transferring,
  Voicemail,
  Waiting,
} from '../call.ts'
import type { Effect, Prompt } from '../effect.ts'
import { dismissalOf, type AgentId, type ChannelId, type Millis } from '../ids.ts'
import { legged } from '../leg.ts'
import { effectsBetween } from '../media/media-effects.ts'
import { mediaPlan, type MediaPlan } from '../media/media-plan.ts'
import type { Offer } from '../offer.ts'
import { hasQueued } from '../reports/wait.ts'
import { bounds, type Rules } from '../rules.ts'

/** The call after a step, and the events of the agents concerned. */
export interface Next<Of extends Call = Call> {
  readonly call: Of
  /** Saved together with the call. */
  readonly agents: readonly { readonly agent: AgentId; readonly event: AgentEvent }[]
  /** A call that begins with this step, and is saved together with it. */
  readonly begins?: Promised
}

export interface Stepped extends Next {
  readonly effects: readonly Effect[]
}

export const becomes = <Of extends Call>(call: Of): Next<Of> => ({ call, agents: [] })

export type CallIn<Stage extends CallStage> = Extract<Call, { phase: Stage }>
/** A stage's event handlers; an event without one goes to `defaults`. */
export type Handlers<Stage extends CallStage> = {
  readonly [Type in CallEventType]?: (
    call: CallIn<Stage>,
    event: CallEventOf<Type>,
    now: Millis,
    rules: Rules,
  ) => Next
}
export type Handler = (call: Call, event: CallEvent, now: Millis, rules: Rules) => Next

/**
 * The call with its legs as they are now, and its effects. One that ends hands its audio over, even one in which nobody was
 * reached: an owner whose changes were lost with Redis may have dialled the citizen.
 * `seen`: a leg that is there, whatever the plan says. `wasOver`: the call had ended before.
 */
export function withEffects(
  before: MediaPlan,
  next: Next,
  now: Millis,
  { seen, wasOver = false }: { readonly seen?: ChannelId | undefined; readonly wasOver?: boolean } = {},
): Stepped {
  const call = legged(next.call, now)
  const media = effectsBetween(before, mediaPlan(call), seen)
  const ends = call.phase === 'ended' && !wasOver
  return { ...next, call, effects: ends ? [...media, { do: 'FinishRecording', call: call.id }] : media }
}

/** The caller enters the queue, with music. */
export function enterLine(call: Greeting | InMenu | Closed | Voicemail, now: Millis): Next {
  return becomes({
    ...factsOf(call),
    phase: 'waiting',
    queuedAt: call.queuedAt ?? now,
    reservedFor: null,
    announcement: null,
    question: null,
    since: now,
  })
}

/** Asterisk's clock may be ahead of the ACD's, which follows the machine's slowly. A caller who had a place before keeps it. */
export const queuedSince = <Of extends Greeting | InMenu | Closed | Voicemail>(
  call: Of,
  queuedAt: Millis,
  now: Millis,
): Of => ({
  ...call,
  queuedAt: Math.min(call.queuedAt ?? now, queuedAt, now),
})

/** The caller hears why the call is not served. `call` is in the stage that is left. */
export function dismiss(call: LiveCall, outcome: Dismissal, prompt: Prompt, now: Millis): Next {
  return becomes({
    ...withoutAgent(call),
    phase: 'dismissing',
    playback: dismissalOf(call.id),
    prompt,
    outcome,
    until: now + bounds.promptMs,
    since: now,
  })
}

/** Held time so far. */
export const heldUntil = (call: LiveCall, now: Millis): number =>
  call.phase === 'held' ? call.heldMs + Math.max(0, now - call.since) : call.heldMs

/** The caller hears music; the agent is alone, or with the colleague of `consult`. */
export function heldFrom(call: Talking | Held, consult: Consult | null, byPhone: boolean, now: Millis): Held {
  const { queuedAt, answeredAt, offer, room } = call
  const since = call.phase === 'held' ? call.since : now
  return { ...factsOf(call), phase: 'held', queuedAt, answeredAt, offer, room, consult, byPhone, since }
}

/** The agent and the caller hear each other. An agent who hears the caller again must not be silent unknowingly. */
export function talkingFrom(call: Talking | Held, consult: Consult | null, now: Millis): Talking {
  const { queuedAt, answeredAt, offer, room } = call
  const heldMs = heldUntil(call, now)
  const [since, muted] = call.phase === 'talking' ? [call.since, call.muted] : [now, false]
  return {
    ...factsOf(call),
    phase: 'talking',
    queuedAt,
    answeredAt,
    offer,
    room,
    consult,
    heldMs,
    muted,
    since,
  }
}

/** Another agent serves the caller from now on, in the same room. */
export function servedBy(call: InConversation | Connecting, offer: Offer, now: Millis): Talking {
  return {
    ...withoutAgent(call),
    phase: 'talking',
    queuedAt: call.queuedAt,
    answeredAt: call.answeredAt ?? now,
    offer,
    room: call.room,
    lastAgent: offer.agent,
    heldMs: heldUntil(call, now),
    muted: false,
    since: now,
  }
}

/** With an agent, or sent by one to a contact. */
type WithAgent = Ringing | Connecting | InConversation | Transferring | Transferred

/** `queuedAt` is kept, so the caller keeps the place in the queue. */
export function backToLine(call: WithAgent, now: Millis): Waiting {
  return {
    ...withoutAgent(call),
    phase: 'waiting',
    queuedAt: call.queuedAt,
    reservedFor: null,
    announcement: call.phase === 'ringing' ? call.announcement : null,
    question: null,
    since: now,
  }
}

/**
 * A caller whose agent was lost, or has sent them on, is first. The bound on waiting starts anew: the conversation was
 * not waiting.
 */
export function toFront(call: WithAgent, now: Millis, rules: Rules): Waiting {
  const waitUntil = Math.max(call.waitUntil, now + rules.waitMaxMs)
  return { ...backToLine(call, now), priority: 0, waitUntil }
}

/**
 * The one end of every call: both legs are hung up, whichever side ended the call (an already gone leg is no error),
 * and the recording is handed over. A call that was once in conversation counts as answered whatever follows; one that ends before a
 * queue was in none, even if it had the place of a callback.
 */
export function end(call: LiveCall, outcome: Outcome, by: EndedBy, now: Millis): Next<Ended> {
  return becomes({
    ...withoutAgent(call),
    supervisions: [],
    phase: 'ended',
    queuedAt: hasQueued(call) ? call.queuedAt : null,
    endedAt: now,
    outcome: call.answeredAt === null ? outcome : 'answered',
    endedBy: by,
    since: now,
  })
}

export type Leaving = CallEventOf<'CallerHungUp' | 'CallerLost'>
const wentDown = (event: Leaving): boolean => event.type === 'CallerLost' && event.pbxDied === true
export const leftBy = (event: Leaving): EndedBy => (wentDown(event) ? 'system' : 'caller')
/** The outcome when the caller is gone before any conversation: abandoned, or lost by the telephony's failure. */
export const outcomeOf = (event: Leaving): Outcome => (wentDown(event) ? 'failed' : 'abandoned')

export function left(call: Greeting | InMenu | Waiting, event: Leaving, now: Millis): Next {
  return end(call, outcomeOf(event), leftBy(event), now)
}

/** Supervisors stay beside a caller who has lost the agent; a colleague who was consulted does not. */
export const withoutAgent = (call: LiveCall): CallFacts => ({
  ...factsOf(call),
  consult: null,
  helpSince: null,
  recordingPause: null,
})

/** The facts that every stage shares, without what belonged to the stage that is left. */
export function factsOf(call: LiveCall): CallFacts {
  return {
    id: call.id,
    direction: call.direction,
    callback: call.callback,
    pbx: call.pbx,
    line: call.line,
    caller: call.caller,
    language: call.language,
    queue: call.queue,
    overflowedFrom: call.overflowedFrom,
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
    others: call.others,
    transfer: call.transfer,
    consult: call.consult,
    supervisions: call.supervisions,
    helpSince: call.helpSince,
    recordingPause: call.recordingPause,
    announced: call.announced,
    survey: call.survey,
    since: call.since,
  }
}
