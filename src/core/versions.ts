/**
 * Versions of what is kept: states and effects in Redis; events in Redis, in the spool and in the ledger.
 *
 * Each kept state, event and list of effects carries `v`, the version of the shape in which it was written.
 * Version 0 was written without `v`. A reader passes an older version through the upcasters, one step for
 * each version; it refuses a newer one with `NewerVersion`. In memory there is only the current shape, without `v`.
 *
 * To change a kept shape, add a step below and a fixture written by the version before (test/redis/fixtures).
 * The view `call_rows` reads `call_events.after` in SQL: it must understand every version.
 */
import type { AcdEvent } from './acd-event.ts'
import { nothingAnnounced } from './announcements/announcement.ts'
import type { Callback } from './announcements/callback-promise.ts'
import type { AfterCall, Agent, PauseReason } from './agent.ts'
import type { AgentEvent } from './agent-event.ts'
import type { Call, Leg, Talking } from './call.ts'
import type { CallEvent } from './call-event.ts'
import type { Effect, Prompt } from './effect.ts'
import { agentLegOf, bridgeOf, offerOfBridge, type BridgeId, type ChannelId } from './ids.ts'

/** The parsed JSON of a `Value` in any version. Only the functions below turn it into a `Value`. */
export interface Stored<Value> {
  readonly v?: number
  readonly [shape]?: Value
}
declare const shape: unique symbol

export type Kind = 'call' | 'agent' | 'callEvent' | 'agentEvent' | 'effect'
type Fields = Readonly<Record<string, unknown>>
/** How each kind changed from one version to the next; an unchanged kind is left out. */
export type Step = Partial<Readonly<Record<Kind, (older: Fields) => Fields>>>

/** `steps[n]` turns version n into version n + 1. */
const steps: readonly Step[] = [
  // Version 1 added `v` and changed nothing else.
  {},
  // Version 2 counts the offers at which an agent's phone did not ring.
  { agent: (older) => ({ ...older, unrung: 0 }) },
  // Version 3 keeps a supervisor's pause beside the state.
  { agent: withImposedPause },
  // Version 4 keeps what a caller hears who is not served.
  { call: withPrompt },
  // Version 5 keeps who has talked with the caller.
  { call: withLegs },
  // Version 6 knows transfers.
  { call: withoutTransfer },
  // Version 7 knows colleagues and supervisors in a call; effects on a bridge name the channels.
  { call: withoutOthers, effect: withChannels },
  // Version 8 knows calls to citizens.
  { call: (older) => ({ direction: 'inbound', ...older }) },
  // Version 9 keeps when an agent dialled 112, and knows the second line of a desk phone and external
  // parties: an older release cannot own a call that has one.
  {
    agent: (older) => ({ ...older, emergencyAt: null }),
    call: withoutSecondLine,
    callEvent: askedAtDesk,
  },
  // Version 10 keeps what a phone has reported of its second line beside whether the agent speaks by it. It knows menus, and
  // the language of a call.
  { call: (older) => withoutMenu(withActiveLine(older)) },
  // Version 11 knows announcements to callers who wait.
  { call: withoutAnnouncements },
  // Version 12 knows citizens who are called back.
  { call: (older) => ({ callback: null, ...older }) },
  // Version 13 knows notices to callers, and callers who are asked whether they want to be called back.
  {
    call: withNoticesAndQuestions,
    callEvent: (older) =>
      older['type'] === 'AnnouncementMade'
        ? { ...older, announcement: { notice: null, ...(older['announcement'] as Fields) } }
        : older,
  },
  // Version 14 knows callers who overflow to another queue, and callers who leave a message: an older release cannot own such a call.
  { call: (older) => ({ overflowedFrom: null, ...older }) },
  // Version 15 knows callers who are asked after the conversation, callers of a closed number who are asked whether they want to be
  // called back, numbers with their own words, queues with their own announcements, callbacks that were asked for on the public
  // page, and callers of further languages: an older release cannot own such a call.
  {
    call: (older) => withTerm(withoutOwnWords({ survey: null, ...older })),
    callEvent: (older) =>
      older['type'] === 'AnnouncementMade'
        ? { ...older, announcement: { text: null, ...(older['announcement'] as Fields) } }
        : older,
  },
]

/** Before, a supervisor's pause was a reason like the others, which the agent could end. */
function withImposedPause(older: Fields): Fields {
  const agent = older as unknown as Omit<Agent, 'imposed'> & { reason?: PauseReason; after?: AfterCall }
  const imposed = { by: null, since: agent.since, lifted: { state: 'ready' } }
  if (agent.reason === 'supervisor') return { ...older, imposed }
  if (agent.after?.state === 'paused' && agent.after.reason === 'supervisor')
    return { ...older, imposed, after: { state: 'ready' } }
  return { ...older, imposed: null }
}

/** The message is playing and is not started again, so that the hour of opening is not missed. */
function withPrompt(older: Fields): Fields {
  if (older['phase'] !== 'dismissing') return older
  const prompt: Prompt =
    older['outcome'] === 'closed'
      ? { say: 'closed', opensAt: null }
      : { say: older['queuedAt'] === null ? 'line full' : 'waited too long' }
  return { ...older, prompt }
}

/** The agent who talks now; of those who talked before, an older release kept the last one's name only. */
function withLegs(older: Fields): Fields {
  const { phase, offer, answeredAt } = older as unknown as Omit<Talking, 'phase'> & Pick<Call, 'phase'>
  if (phase !== 'talking' && phase !== 'held') return { ...older, legs: [] }
  const { id, agent, device } = offer
  const leg: Leg<'agent'> = {
    id,
    role: 'agent',
    agent,
    device,
    from: Math.max(answeredAt, offer.madeAt),
    until: null,
  }
  return { ...older, legs: [leg] }
}

function withoutTransfer(older: Fields): Fields {
  return { ...older, transfer: null, ...(older['phase'] === 'waiting' ? { reservedFor: null } : {}) }
}

/** The room of a conversation was named after the agent's offer. */
function withoutOthers(older: Fields): Fields {
  const { phase, offer } = older as unknown as Pick<Talking, 'offer'> & Pick<Call, 'phase'>
  const roomed: readonly Call['phase'][] = ['connecting', 'talking', 'held', 'reconnecting']
  return {
    ...older,
    others: [],
    consult: null,
    supervisions: [],
    helpSince: null,
    recordingPause: null,
    ...(roomed.includes(phase) ? { room: bridgeOf(offer.id) } : {}),
  }
}

function withoutSecondLine(older: Fields): Fields {
  const { consult } = older as { consult: object | null }
  return consult === null ? older : { ...older, consult: { ...consult, secondLine: null } }
}

function withActiveLine(older: Fields): Fields {
  const { consult } = older as { consult: { secondLine: { isHeld: boolean } | null } | null }
  const line = consult?.secondLine ?? null
  if (line === null) return older
  return { ...older, consult: { ...consult, secondLine: { ...line, isActive: !line.isHeld } } }
}

function withoutMenu(older: Fields): Fields {
  return { language: 'ro', ...(older['phase'] === 'greeting' ? { menu: null } : {}), ...older }
}

const waitingStages: readonly unknown[] = ['waiting', 'ringing'] satisfies Call['phase'][]

function withoutAnnouncements(older: Fields): Fields {
  const isWaiting = waitingStages.includes(older['phase'])
  return { ...older, announced: nothingAnnounced, ...(isWaiting ? { announcement: null } : {}) }
}

function withNoticesAndQuestions(older: Fields): Fields {
  const announced = { notices: [], askedAt: null, ...(older['announced'] as Fields) }
  return { ...older, announced, ...(older['phase'] === 'waiting' ? { question: null } : {}) }
}

function withoutOwnWords(older: Fields): Fields {
  const announced = { isPlaceNext: true, nextText: 0, ...(older['announced'] as Fields) }
  return { ...(older['phase'] === 'greeting' ? { words: null } : {}), ...older, announced }
}

/** A callback was kept for a week from the promise on. */
function withTerm(older: Fields): Fields {
  const callback = older['callback'] as Omit<Callback, 'keptUntil'> | null
  if (callback === null) return older
  return { ...older, callback: { ...callback, keptUntil: callback.promisedAt + 7 * 86_400_000 } }
}

function askedAtDesk(older: Fields): Fields {
  return older['type'] === 'ConsultRequested' ? { ...older, secondLine: null } : older
}

function withChannels(older: Fields): Fields {
  const { bridge, caller, agent } = older as { bridge: BridgeId; caller: ChannelId; agent: ChannelId }
  switch (older['do']) {
    case 'Connect':
      return { do: 'Connect', bridge, channels: [caller, agent] }
    case 'Hold':
      return { do: 'Leave', bridge, channels: legsFor(bridge, caller) }
    case 'Resume':
      return { do: 'Join', bridge, channels: legsFor(bridge, caller) }
    case 'RingAgent':
      return { ...older, isRecorded: true }
    default:
      return older
  }
}

function legsFor(bridge: BridgeId, caller: ChannelId): readonly ChannelId[] {
  const offer = offerOfBridge(bridge)
  return offer === null ? [caller] : [caller, agentLegOf(offer)]
}

export const currentVersion = steps.length

/** Written by a newer release: this one cannot know what it means. */
export class NewerVersion extends Error {
  override name = 'NewerVersion'
  constructor(what: string, version: number, current: number) {
    super(
      `${what} has format version ${version}, and this release reads versions up to ${current}: update this node to the release of the others`,
    )
  }
}

/** As it is written: with the current version. */
export function versioned<Value extends object>(value: Value): Value & { readonly v: number } {
  return { v: currentVersion, ...value }
}

/** A call in Redis, or one without its caller as the ledger keeps it. */
export const upcastCall = <Value extends Omit<Call, 'caller'>>(stored: Stored<Value>, known = steps): Value =>
  upcast('call', 'a call', stored, known)

export const upcastAgent = (stored: Stored<Agent>, known = steps): Agent =>
  upcast('agent', 'an agent', stored, known)

export const upcastCallEvent = (stored: Stored<CallEvent>, known = steps): CallEvent =>
  upcast('callEvent', 'an event of a call', stored, known)

export const upcastAgentEvent = (stored: Stored<AgentEvent>, known = steps): AgentEvent =>
  upcast('agentEvent', 'an event of an agent', stored, known)

/** One `v` covers the event and the state after it. */
export function upcastAcdEvent(stored: Stored<AcdEvent>, known = steps): AcdEvent {
  const { v = 0, ...acdEvent } = stored as AcdEvent & { readonly v?: number }
  return acdEvent.subject === 'call'
    ? {
        ...acdEvent,
        event: upcastCallEvent({ v, ...acdEvent.event }, known),
        after: upcastCall<Call>({ v, ...acdEvent.after }, known),
      }
    : {
        ...acdEvent,
        event: upcastAgentEvent({ v, ...acdEvent.event }, known),
        after: upcastAgent({ v, ...acdEvent.after }, known),
      }
}

/** One commit's effects as they are written. */
export interface EffectList {
  readonly effects: readonly Effect[]
}

/** Version 0 was the bare list. */
export function upcastEffects(stored: Stored<EffectList> | readonly Effect[], known = steps): Effect[] {
  const list = (Array.isArray(stored) ? { effects: stored } : stored) as EffectList & { readonly v?: number }
  const { v = 0, effects } = list
  return effects.map((effect) => upcast('effect', 'an effect', { v, ...effect }, known))
}

function upcast<Value>(kind: Kind, what: string, stored: Stored<Value>, known: readonly Step[]): Value {
  const { v = 0, ...fields } = stored
  if (v > known.length) throw new NewerVersion(what, v, known.length)
  const current = known.slice(v).reduce<Fields>((older, step) => step[kind]?.(older) ?? older, fields)
  return current as Value
}
