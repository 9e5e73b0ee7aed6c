/**
 * The machine of a call: `step(call, event, now, rules)` answers the next call, what to do, and what
 * to tell the agents. An event that belongs to another attempt than the present one changes nothing;
 * if it means that a leg is up which nobody wants, the leg is hung up.
 */
import type { AgentEvent } from './agent-event.ts'
import type {
  Call,
  CallFacts,
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
import type { CallEvent } from './call-event.ts'
import { answerBy } from './deadline.ts'
import type { Effect, Prompt } from './effect.ts'
import { agentLegOf, bridgeOf, callerLegOf, PlaybackId, type AgentId, type Millis } from './ids.ts'
import type { Offer, OfferEnd } from './offer.ts'
import { bounds, type Rules } from './rules.ts'

export interface Stepped {
  readonly call: Call
  readonly effects: readonly Effect[]
  /** Saved together with the call. */
  readonly agents: readonly { readonly agent: AgentId; readonly event: AgentEvent }[]
}

const stays = (call: Call, ...effects: Effect[]): Stepped => ({ call, effects, agents: [] })

export function step(call: Call, event: CallEvent, now: Millis, rules: Rules): Stepped {
  switch (call.phase) {
    case 'greeting':
      return greeting(call, event, now)
    case 'waiting':
      return waiting(call, event, now, rules)
    case 'ringing':
      return ringing(call, event, now)
    case 'connecting':
      return connecting(call, event, now, rules)
    case 'talking':
      return talking(call, event, now, rules)
    case 'held':
      return held(call, event, now, rules)
    case 'reconnecting':
      return reconnecting(call, event, now, rules)
    case 'dismissing':
      return dismissing(call, event, now)
    case 'ended':
      return late(call, event)
  }
}

function greeting(call: Greeting, event: CallEvent, now: Millis): Stepped {
  switch (event.type) {
    case 'PlaybackEnded':
      return event.playback === call.playback ? enterLine(call, now) : stays(call)
    case 'DeadlinePassed':
      return now >= call.until ? enterLine(call, now) : stays(call)
    case 'CallerHungUp':
    case 'CallerLost':
      return left(call, event, now)
    case 'CallArrived':
    case 'OfferMade':
    case 'OfferEnded':
    case 'AgentAnswered':
    case 'Bridged':
    case 'HoldRequested':
    case 'ResumeRequested':
    case 'MuteRequested':
    case 'AgentHungUp':
    case 'AgentLegLost':
    case 'ReturnOffered':
      return late(call, event)
  }
}

function waiting(call: Waiting, event: CallEvent, now: Millis, rules: Rules): Stepped {
  switch (event.type) {
    case 'OfferMade':
      return {
        call: { ...call, phase: 'ringing', offer: event.offer, offeredAt: call.offeredAt ?? now, since: now },
        effects: [ring(call, event.offer, rules, false)],
        agents: [{ agent: event.offer.agent, event: { type: 'Offered', call: call.id, offer: event.offer } }],
      }
    case 'DeadlinePassed':
      if (now >= call.waitUntil) return dismiss(call, 'rejected', { say: 'waited too long' }, now)
      return now >= answerBy(call) ? answeredAtLatest(call) : stays(call)
    case 'CallerHungUp':
    case 'CallerLost':
      return left(call, event, now)
    case 'CallArrived':
    case 'PlaybackEnded':
    case 'OfferEnded':
    case 'AgentAnswered':
    case 'Bridged':
    case 'HoldRequested':
    case 'ResumeRequested':
    case 'MuteRequested':
    case 'AgentHungUp':
    case 'AgentLegLost':
    case 'ReturnOffered':
      return late(call, event)
  }
}

function ringing(call: Ringing, event: CallEvent, now: Millis): Stepped {
  const { offer } = call
  switch (event.type) {
    case 'AgentAnswered':
      return event.offer === offer.id ? connect(call, offer, now) : late(call, event)
    case 'OfferEnded':
      if (event.offer !== offer.id) return stays(call)
      return {
        call: backToLine(call, now),
        // Most often the leg's own end told us; when it was the desk or we, the phone still rings.
        effects: [hangUpAgent(offer)],
        agents: [{ agent: offer.agent, event: { type: 'OfferEnded', offer: offer.id, end: event.end } }],
      }
    case 'DeadlinePassed':
      // The phone goes on ringing, for a caller who now pays.
      if (now >= answerBy(call)) return answeredAtLatest(call)
      if (now < offer.expiresAt) return stays(call)
      // The phone's own ring timer has passed and its end was never told.
      return {
        call: backToLine(call, now),
        effects: [hangUpAgent(offer)],
        agents: [{ agent: offer.agent, event: { type: 'OfferEnded', offer: offer.id, end: 'expired' } }],
      }
    case 'CallerHungUp':
    case 'CallerLost':
      return {
        ...left(call, event, now, hangUpAgent(offer)),
        agents: [{ agent: offer.agent, event: { type: 'OfferEnded', offer: offer.id, end: 'withdrawn' } }],
      }
    case 'CallArrived':
    case 'PlaybackEnded':
    case 'OfferMade':
    case 'Bridged':
    case 'HoldRequested':
    case 'ResumeRequested':
    case 'MuteRequested':
    case 'AgentHungUp':
    case 'AgentLegLost':
    case 'ReturnOffered':
      return stays(call)
  }
}

function connecting(call: Connecting, event: CallEvent, now: Millis, rules: Rules): Stepped {
  const { offer } = call
  switch (event.type) {
    case 'Bridged':
      if (event.bridge !== bridgeOf(offer.id)) return stays(call)
      return stays({
        ...factsOf(call),
        phase: 'talking',
        queuedAt: call.queuedAt,
        offer,
        answeredAt: call.answeredAt ?? call.pickedUpAt,
        lastAgent: offer.agent,
        muted: false,
        since: now,
      })
    case 'OfferEnded':
    case 'AgentHungUp':
    case 'AgentLegLost':
      // The agent was gone between his answer and the bridge: the caller is still first.
      if (event.offer !== offer.id) return stays(call)
      return connectionFailed(call, event.type === 'OfferEnded' ? event.end : 'declined', now, rules)
    case 'DeadlinePassed':
      return now >= call.bridgedBy ? connectionFailed(call, 'expired', now, rules) : stays(call)
    case 'CallerHungUp':
    case 'CallerLost':
      if (isMending(call)) return conversationEnded(call, whoLeft(event), now, rules)
      // Caller and agent met on the wire: he hung up while the agent's 200 OK was on its way. Nobody
      // talked, so it is not an answer.
      return {
        ...left(call, event, now, hangUpAgent(offer), destroyBridge(offer)),
        agents: [{ agent: offer.agent, event: { type: 'OfferEnded', offer: offer.id, end: 'withdrawn' } }],
      }
    case 'AgentAnswered':
      return event.offer === offer.id ? stays(call) : late(call, event)
    case 'CallArrived':
    case 'PlaybackEnded':
    case 'OfferMade':
    case 'HoldRequested':
    case 'ResumeRequested':
    case 'MuteRequested':
    case 'ReturnOffered':
      return stays(call)
  }
}

function talking(call: Talking, event: CallEvent, now: Millis, rules: Rules): Stepped {
  switch (event.type) {
    case 'HoldRequested':
      if (event.offer !== call.offer.id) return stays(call)
      return stays(
        {
          ...factsOf(call),
          phase: 'held',
          queuedAt: call.queuedAt,
          answeredAt: call.answeredAt,
          offer: call.offer,
          byPhone: event.by === 'phone',
          since: now,
        },
        { do: 'Hold', bridge: bridgeOf(call.offer.id), caller: callerLegOf(call.id) },
      )
    case 'MuteRequested':
      if (event.offer !== call.offer.id || event.muted === call.muted) return stays(call)
      return stays(
        { ...call, muted: event.muted },
        { do: 'Mute', channel: agentLegOf(call.offer.id), muted: event.muted },
      )
    case 'AgentHungUp':
    case 'OfferEnded':
    case 'AgentLegLost':
    case 'CallerHungUp':
    case 'CallerLost':
      return conversationBroken(call, event, now, rules)
    case 'AgentAnswered':
      return event.offer === call.offer.id ? stays(call) : late(call, event)
    case 'CallArrived':
    case 'PlaybackEnded':
    case 'OfferMade':
    case 'Bridged':
    case 'ResumeRequested':
    case 'ReturnOffered':
    case 'DeadlinePassed':
      return stays(call)
  }
}

function held(call: Held, event: CallEvent, now: Millis, rules: Rules): Stepped {
  switch (event.type) {
    case 'ResumeRequested':
      if (event.offer !== call.offer.id) return stays(call)
      return stays(
        {
          ...factsOf(call),
          phase: 'talking',
          queuedAt: call.queuedAt,
          offer: call.offer,
          answeredAt: call.answeredAt,
          heldMs: call.heldMs + Math.max(0, now - call.since),
          muted: false,
          since: now,
        },
        { do: 'Resume', bridge: bridgeOf(call.offer.id), caller: callerLegOf(call.id) },
        // Unmuting goes with resuming: an agent who hears the caller must not be silent unknowingly.
        { do: 'Mute', channel: agentLegOf(call.offer.id), muted: false },
      )
    case 'HoldRequested':
      // Held at the desk, and now by the key as well.
      if (event.offer !== call.offer.id || event.by === 'desk' || call.byPhone) return stays(call)
      return stays({ ...call, byPhone: true })
    case 'AgentHungUp':
    case 'OfferEnded':
    case 'AgentLegLost':
    case 'CallerHungUp':
    case 'CallerLost':
      return conversationBroken(call, event, now, rules)
    case 'AgentAnswered':
      return event.offer === call.offer.id ? stays(call) : late(call, event)
    case 'CallArrived':
    case 'PlaybackEnded':
    case 'OfferMade':
    case 'Bridged':
    case 'MuteRequested':
    case 'ReturnOffered':
    case 'DeadlinePassed':
      return stays(call)
  }
}

type Breaking = Extract<
  CallEvent,
  { type: 'AgentHungUp' | 'OfferEnded' | 'AgentLegLost' | 'CallerHungUp' | 'CallerLost' }
>

function conversationBroken(call: Talking | Held, event: Breaking, now: Millis, rules: Rules): Stepped {
  switch (event.type) {
    case 'CallerHungUp':
    case 'CallerLost':
      return conversationEnded(call, whoLeft(event), now, rules)
    case 'AgentHungUp':
    case 'OfferEnded':
      return event.offer === call.offer.id ? conversationEnded(call, 'agent', now, rules) : stays(call)
    case 'AgentLegLost':
      if (event.offer !== call.offer.id) return stays(call)
      return stays(
        {
          ...factsOf(call),
          phase: 'reconnecting',
          queuedAt: call.queuedAt,
          offer: call.offer,
          invited: false,
          answeredAt: call.answeredAt,
          heldMs: call.heldMs + (call.phase === 'held' ? Math.max(0, now - call.since) : 0),
          until: now + bounds.reconnectMs,
          since: now,
        },
        hangUpAgent(call.offer),
        destroyBridge(call.offer),
        { do: 'StartMusic', channel: callerLegOf(call.id) },
      )
  }
}

function reconnecting(call: Reconnecting, event: CallEvent, now: Millis, rules: Rules): Stepped {
  const { offer } = call
  switch (event.type) {
    case 'ReturnOffered':
      if (call.invited) return stays(call)
      return {
        call: { ...call, offer: event.offer, invited: true },
        effects: [ring(call, event.offer, rules, true)],
        agents: [
          { agent: offer.agent, event: { type: 'OfferReplaced', lost: offer.id, offer: event.offer } },
        ],
      }
    case 'AgentAnswered':
      return call.invited && event.offer === offer.id ? connect(call, offer, now) : late(call, event)
    case 'AgentHungUp':
      // His leg is gone already, so this is his wish at the desk: he holds the conversation to be over.
      return event.offer === offer.id ? conversationEnded(call, 'agent', now, rules) : stays(call)
    case 'OfferEnded':
      // The new attempt failed; the phone may come back before the bound.
      return call.invited && event.offer === offer.id ? stays({ ...call, invited: false }) : stays(call)
    case 'AgentLegLost':
      // It rings where there is no phone any more.
      return call.invited && event.offer === offer.id
        ? stays({ ...call, invited: false }, hangUpAgent(offer))
        : stays(call)
    case 'DeadlinePassed':
      if (now < call.until) return stays(call)
      return {
        call: toFront(call, now, rules),
        effects: call.invited ? [hangUpAgent(offer)] : [],
        agents: [{ agent: offer.agent, event: { type: 'CallEnded', offer: offer.id, wrapUpMs: 0 } }],
      }
    case 'CallerHungUp':
    case 'CallerLost':
      return conversationEnded(call, whoLeft(event), now, rules)
    case 'CallArrived':
    case 'PlaybackEnded':
    case 'OfferMade':
    case 'Bridged':
    case 'HoldRequested':
    case 'ResumeRequested':
    case 'MuteRequested':
      return stays(call)
  }
}

function dismissing(call: Dismissing, event: CallEvent, now: Millis): Stepped {
  switch (event.type) {
    case 'PlaybackEnded':
      return event.playback === call.playback ? end(call, call.outcome, 'system', now) : stays(call)
    case 'DeadlinePassed':
      return now >= call.until ? end(call, call.outcome, 'system', now) : stays(call)
    case 'CallerHungUp':
    case 'CallerLost':
      return end(call, call.outcome, whoLeft(event), now)
    case 'CallArrived':
    case 'OfferMade':
    case 'OfferEnded':
    case 'AgentAnswered':
    case 'Bridged':
    case 'HoldRequested':
    case 'ResumeRequested':
    case 'MuteRequested':
    case 'AgentHungUp':
    case 'AgentLegLost':
    case 'ReturnOffered':
      return late(call, event)
  }
}

/** A late answer: the offer had ended while the agent's 200 OK was on the wire. His leg is hung up. */
function late(call: Call, event: CallEvent): Stepped {
  return event.type === 'AgentAnswered'
    ? stays(call, { do: 'HangUp', channel: agentLegOf(event.offer), as: 'normal' })
    : stays(call)
}

/** The caller takes his place in the line, with music. */
export function enterLine(call: Greeting, now: Millis): Stepped {
  const { playback: _playback, until: _until, ...facts } = call
  return stays(
    { ...facts, phase: 'waiting', queuedAt: call.queuedAt ?? now, since: now },
    { do: 'StartMusic', channel: callerLegOf(call.id) },
  )
}

/** Early media has lasted for as long as networks bear; the music starts anew on the answered channel. */
function answeredAtLatest(call: Waiting | Ringing): Stepped {
  return stays(
    { ...call, lineAnswered: true },
    { do: 'AnswerCaller', channel: callerLegOf(call.id) },
    { do: 'StartMusic', channel: callerLegOf(call.id) },
  )
}

/** The caller is told why he is not served. `call` carries the phase that he leaves. */
export function dismiss(call: LiveCall, outcome: Dismissal, prompt: Prompt, now: Millis): Stepped {
  const playback = PlaybackId(`dismiss-${call.id}`)
  return stays(
    { ...factsOf(call), phase: 'dismissing', playback, outcome, until: now + bounds.promptMs, since: now },
    { do: 'StopMusic', channel: callerLegOf(call.id) },
    { do: 'Play', channel: callerLegOf(call.id), playback, prompt },
  )
}

function connect(call: Ringing | Reconnecting, offer: Offer, now: Millis): Stepped {
  const answer: Effect[] = call.lineAnswered ? [] : [{ do: 'AnswerCaller', channel: callerLegOf(call.id) }]
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
    effects: [
      ...answer,
      {
        do: 'Connect',
        bridge: bridgeOf(offer.id),
        caller: callerLegOf(call.id),
        agent: agentLegOf(offer.id),
      },
    ],
    agents: wasRinging ? [{ agent: offer.agent, event: { type: 'OfferAnswered', offer: offer.id } }] : [],
  }
}

function connectionFailed(call: Connecting, cause: OfferEnd, now: Millis, rules: Rules): Stepped {
  const { offer } = call
  return {
    call: call.answeredAt === null ? backToLine(call, now) : toFront(call, now, rules),
    effects: [hangUpAgent(offer), destroyBridge(offer), { do: 'StartMusic', channel: callerLegOf(call.id) }],
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

/** Whether this connection mends a conversation: the agent picks up again for whom he talked with. */
const isMending = (call: Connecting): boolean =>
  call.answeredAt !== null && call.lastAgent === call.offer.agent

/** The caller keeps his arrival, so he stands where he stood. */
function backToLine(call: Ringing | Connecting | Reconnecting, now: Millis): Waiting {
  return { ...factsOf(call), phase: 'waiting', queuedAt: call.queuedAt, since: now }
}

/** A caller whom we lost an agent for is first. His wait begins anew: the conversation was not waiting. */
function toFront(call: Connecting | Reconnecting, now: Millis, rules: Rules): Waiting {
  const waitUntil = Math.max(call.waitUntil, now + rules.waitMaxMs)
  return { ...backToLine(call, now), priority: 0, waitUntil }
}

function conversationEnded(
  call: InConversation | Connecting,
  by: EndedBy,
  now: Millis,
  rules: Rules,
): Stepped {
  const heldMs = call.heldMs + (call.phase === 'held' ? Math.max(0, now - call.since) : 0)
  return {
    ...end({ ...call, heldMs }, 'answered', by, now, hangUpAgent(call.offer), destroyBridge(call.offer)),
    agents: [
      {
        agent: call.offer.agent,
        event: { type: 'CallEnded', offer: call.offer.id, wrapUpMs: rules.wrapUpMs },
      },
    ],
  }
}

/**
 * One end for all: whoever hung up, both legs are told (an already gone leg is no error) and the
 * recording is handed over. A call that was once in conversation counts as answered whatever follows.
 * The agent's leg goes first: without wrap-up his phone is rung again in the same moment, and it must
 * not be busy with this call.
 */
export function end(
  call: LiveCall,
  outcome: Outcome,
  by: EndedBy,
  now: Millis,
  ...effects: Effect[]
): Stepped {
  const ended: Ended = {
    ...factsOf(call),
    phase: 'ended',
    endedAt: now,
    outcome: call.answeredAt === null ? outcome : 'answered',
    endedBy: by,
    since: now,
  }
  return stays(
    ended,
    ...effects,
    { do: 'HangUp', channel: callerLegOf(call.id), as: outcome === 'failed' ? 'congestion' : 'normal' },
    { do: 'FinishRecording', call: call.id },
  )
}

type Leaving = Extract<CallEvent, { type: 'CallerHungUp' | 'CallerLost' }>
const wentDown = (event: Leaving): boolean => event.type === 'CallerLost' && event.pbxDied === true
const whoLeft = (event: Leaving): EndedBy => (wentDown(event) ? 'system' : 'caller')

/** The caller is gone before anybody talked with him: his will, or the telephony's failure. */
const left = (call: LiveCall, event: Leaving, now: Millis, ...effects: Effect[]): Stepped =>
  end(call, wentDown(event) ? 'failed' : 'abandoned', whoLeft(event), now, ...effects)

/** The end of a call whose machine is broken: no step of it can be relied upon. */
export function endBroken(call: LiveCall, now: Millis): Stepped {
  if (!('offer' in call)) return end(call, 'failed', 'system', now)
  const { offer } = call
  return {
    ...end(call, 'failed', 'system', now, hangUpAgent(offer), destroyBridge(offer)),
    agents: [
      {
        agent: offer.agent,
        event:
          call.phase === 'ringing'
            ? { type: 'OfferEnded', offer: offer.id, end: 'cut' }
            : { type: 'CallEnded', offer: offer.id, wrapUpMs: 0 },
      },
    ],
  }
}

/** The facts that every phase shares, without what belonged to the phase that is left. */
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
    since: call.since,
  }
}

function ring(call: LiveCall, offer: Offer, rules: Rules, autoAnswer: boolean): Effect {
  return {
    do: 'RingAgent',
    call: call.id,
    offer: offer.id,
    agent: offer.agent,
    device: offer.device,
    callerNumber: call.caller.number,
    ringTimeoutMs: autoAnswer ? bounds.reconnectMs : rules.ringTimeoutMs,
    autoAnswer,
  }
}
const hangUpAgent = (offer: Offer): Effect => ({ do: 'HangUp', channel: agentLegOf(offer.id), as: 'normal' })
const destroyBridge = (offer: Offer): Effect => ({ do: 'DestroyBridge', bridge: bridgeOf(offer.id) })
