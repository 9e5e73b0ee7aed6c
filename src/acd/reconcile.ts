/**
 * Makes memory and Asterisk agree after each connect, when events may have been missed or this process is new.
 * Conversations go on, waiting callers keep their places, and legs and bridges without a call are removed.
 */
import { letGo } from '../core/agent-step.ts'
import type { CallEvent } from '../core/call-event.ts'
import { isUncalled, type Dialling, type LiveCall } from '../core/call.ts'
import type { Effect } from '../core/effect.ts'
import { engagedIn } from '../core/leg.ts'
import { effectsBetween } from '../core/media/media-effects.ts'
import {
  bridgesOf,
  earsOf,
  mediaPlan,
  widestPlan,
  type CallerSeat,
  type LegSeat,
  type MediaPlan,
} from '../core/media/media-plan.ts'
import {
  agentLegOf,
  CallId,
  callerLegOf,
  isCallOf,
  isOutbound,
  type BridgeId,
  type ChannelId,
  type Millis,
  type OfferId,
} from '../core/ids.ts'
import type { Conductor } from './conductor.ts'
import type { PbxEventHandler } from './pbx-events.ts'
import type { AcdState } from './acd-state.ts'
import type { Directory, Inventory } from './ports.ts'

export interface ReconcileDeps {
  readonly conductor: Conductor
  readonly pbxEvents: PbxEventHandler
  readonly acdState: AcdState
  readonly directory: Directory
}

/** Something in which memory and Asterisk differ. */
export interface Difference {
  /** The same as long as neither side has moved. */
  readonly key: string
  readonly settle: () => void
}

/** The time in which ends of calls were missed. */
export interface Unseen {
  /** When the ACD last saw the callers: the owner's latest sign of life. */
  readonly since: Millis
  /** Whether this owner has seen them before: then it knows that they went down with the PBX, if they did. */
  readonly byThisOwner: boolean
}

/**
 * Answers how many calls were found again. `arriving` are the callers whose arrival events came since the connection
 * was made and are handled next.
 */
export function reconcile(
  inventory: Inventory,
  arriving: ReadonlySet<CallId>,
  unseen: Unseen | null,
  deps: ReconcileDeps,
): number {
  const { conductor, acdState } = deps
  const seen = new SeenInventory(inventory)
  for (const { settle } of phones(inventory, deps)) settle()
  for (const { value: call } of acdState.calls()) {
    settleCall(call, findingsOf(call, seen, unseen, conductor), conductor)
    // The fallback queue has the caller: no agent is rung for a caller who cannot be connected.
    if (!seen.isHere(callerLegOf(call.id)) && !isCalled(call)) acdState.detach(call.id)
  }
  // Callers who arrived during the inventory are handled right after, as new ones.
  for (const { settle } of unknownCallers(inventory, arriving, deps)) settle()
  for (const { settle } of strays(inventory, deps)) settle()
  for (const { settle } of strandedAgents(deps)) settle()
  return acdState.calls().length
}

/**
 * The differences between memory and Asterisk while connected: an event or a command was lost. Commands under way show
 * as well, so a difference counts once it is found twice. While a call's commands are under way, its phone and bridge
 * are not compared at all: an overloaded Asterisk takes seconds for them, and ringing the next phone for each that does
 * not ring yet would never let it catch up.
 */
export function differences(inventory: Inventory, deps: ReconcileDeps): readonly Difference[] {
  const { conductor, acdState } = deps
  const seen = new SeenInventory(inventory)
  const calls = acdState.calls().flatMap(({ value: call, version }): Difference[] => {
    // No command of a live call creates or removes the channel of a caller: its absence is always a difference.
    const isThere = seen.exists(callerLegOf(call.id)) || isCalled(call)
    if (isThere && conductor.isAtWorkFor(call.id)) return []
    // For a caller who is gone the key has no version: offers to agents would change it between the two comparisons.
    const key = isThere ? `call ${call.id} ${version}` : `call ${call.id} gone`
    const detach = { key: `call ${call.id} elsewhere`, settle: () => acdState.detach(call.id) }
    const isWhereItBelongs =
      seen.isHere(callerLegOf(call.id)) || acdState.isDetached(call.id) || isCalled(call)
    const elsewhere = isWhereItBelongs ? [] : [detach]
    const found = findingsOf(call, seen, null, conductor)
    if (!contradicts(call, found, seen)) return elsewhere
    return [{ key, settle: () => settleCall(call, found, conductor) }, ...elsewhere]
  })
  return [
    ...phones(inventory, deps),
    ...calls,
    ...unknownCallers(inventory, new Set(), deps),
    ...strays(inventory, deps),
    ...strandedAgents(deps),
  ]
}

/** Whether what was found contradicts the call's state, and does not only confirm it. */
function contradicts(call: LiveCall, { events, effects }: Findings, seen: SeenInventory): boolean {
  if (isCalled(call)) return events.length > 0
  if (!seen.exists(callerLegOf(call.id))) return true
  // A message may still play: its end is an event, or its deadline passes.
  if (readOut.includes(call.phase)) return false
  // The same of an announcement.
  return events.some(({ type }) => type !== 'PlaybackEnded') || effects.some((effect) => 'bridge' in effect)
}

const readOut: readonly LiveCall['phase'][] = [
  'greeting',
  'menu',
  'survey',
  'closed',
  'voicemail',
  'dismissing',
]

/** Whether the citizen has yet to pick up: their channel is not in the application, and need not exist. */
const isCalled = (call: LiveCall): boolean => call.phase === 'dialling' || isUncalled(call)

function settleCall(call: LiveCall, { events, effects }: Findings, conductor: Conductor): void {
  for (const event of events) void conductor.apply(call.id, event)
  if (effects.length > 0) void conductor.perform(call.id, effects)
}

class SeenInventory {
  readonly #channels: ReadonlySet<ChannelId>
  readonly #callers: ReadonlySet<ChannelId>
  readonly #neverLeft: ReadonlySet<ChannelId>
  readonly #startedAt: number
  readonly #named: string | undefined
  readonly #legs: ReadonlyMap<ChannelId, boolean>
  readonly #bridges: ReadonlyMap<BridgeId, readonly ChannelId[]>

  constructor(inventory: Inventory) {
    this.#startedAt = inventory.startedAt ?? 0
    this.#named = inventory.named
    this.#callers = new Set(inventory.callers.map(({ call }) => callerLegOf(call)))
    this.#neverLeft = new Set(
      inventory.callers.flatMap(({ call, queuedAt }) => (queuedAt === null ? [callerLegOf(call)] : [])),
    )
    this.#channels = new Set([...inventory.channels, ...this.#callers])
    this.#legs = new Map(inventory.legs.map(({ channel, up }) => [channel, up]))
    this.#bridges = new Map(inventory.bridges.map(({ bridge, channels }) => [bridge, channels]))
  }
  /** Whether the call was with an Asterisk process that has ended since. */
  wentDown({ id, arrivedAt }: LiveCall): boolean {
    return arrivedAt < this.#startedAt || this.isOfAnother(id)
  }
  /** Whether the call was with an Asterisk of another name. */
  isOfAnother(call: CallId): boolean {
    return this.#named !== undefined && !isCallOf(this.#named, call)
  }
  exists(channel: ChannelId): boolean {
    return this.#channels.has(channel)
  }
  /** Whether a caller is in our application, and has not been in the fallback queue. */
  neverLeft(caller: ChannelId): boolean {
    return this.#neverLeft.has(caller)
  }
  /** Whether a caller is in our application, where commands reach the channel. */
  isHere(caller: ChannelId): boolean {
    return this.#callers.has(caller)
  }
  /** `gone`, or whether the leg has been picked up. */
  leg(channel: ChannelId): 'gone' | 'ringing' | 'up' {
    const up = this.#legs.get(channel)
    return up === undefined ? 'gone' : up ? 'up' : 'ringing'
  }
  bridged(bridge: BridgeId): boolean {
    return (this.#bridges.get(bridge)?.length ?? 0) >= 2
  }
  /**
   * The plan as far as Asterisk shows it to be carried out. Music, muting and recorders cannot be seen: the first are
   * taken as not there, the last as they should be. A leg that is gone is an event, not a difference.
   */
  plan(call: LiveCall): MediaPlan {
    const plan = mediaPlan(call)
    // Before the first words the agent may be in the room alone.
    const isBuilt =
      plan.room !== null &&
      (call.phase === 'connecting' ? this.bridged(plan.room) : this.#bridges.has(plan.room))
    return {
      ...plan,
      caller: plan.caller && {
        ...plan.caller,
        seat: this.#seat(plan.caller.channel, plan.caller.seat, isBuilt),
      },
      legs: plan.legs.map((leg) => ({
        ...leg,
        seat: this.leg(leg.channel) === 'gone' ? leg.seat : this.#seat(leg.channel, leg.seat, isBuilt),
        muted: null,
      })),
      room: isBuilt ? plan.room : null,
    }
  }

  /** In the bridge where the channel is found. `isBuilt`: whether being in a room counts. */
  #seat(channel: ChannelId, wanted: CallerSeat, isBuilt: boolean): LegSeat {
    const [room] = [...this.#bridges].find(([, channels]) => channels.includes(channel)) ?? []
    if (room === undefined) return { at: 'nowhere' }
    if (wanted.at === 'tap') {
      const hears = wanted.room === room && this.#bridges.get(room)?.includes(wanted.ear) === true
      return hears ? wanted : { at: 'nowhere' }
    }
    return wanted.at === 'room' && wanted.room === room && !isBuilt && !this.bridged(room)
      ? { at: 'nowhere' }
      : { at: 'room', room }
  }
}

interface Findings {
  readonly events: readonly CallEvent[]
  readonly effects: readonly Effect[]
}

/**
 * The events that nobody saw, and the commands that lead from Asterisk's side to the call's plan: they may never have
 * been performed, or were lost.
 */
function findingsOf(
  call: LiveCall,
  seen: SeenInventory,
  unseen: Unseen | null,
  conductor: Conductor,
): Findings {
  const caller = callerLegOf(call.id)
  if (!seen.exists(caller) && !isCalled(call))
    return { events: [callerLost(call, seen, unseen, conductor)], effects: [] }
  if (conductor.isBroken(call.id)) return { events: [], effects: [] }
  const event = unseenEvent(call, seen)
  const events = [
    ...(event === null ? [] : [event]),
    ...unseenPickUp(call, event, seen),
    ...unseenBeside(call, seen),
    ...unseenReading(call, seen),
  ]
  if (!events.every((one) => waitsOn(call, one))) {
    // An owner who was cut off may have taken a key that is not on record, and have put the caller on music.
    const mayHaveChosen = call.phase === 'menu' || (call.phase === 'greeting' && call.menu !== null)
    return { events, effects: mayHaveChosen ? [{ do: 'StopMusic', channel: caller }] : [] }
  }
  const effects = seen.isHere(caller) ? effectsBetween(seen.plan(call), mediaPlan(call)) : []
  return { events, effects }
}

/** Only the phone has stopped ringing. A phone that was answered is connected by its event, and ends the music. */
const waitsOn = ({ phase }: LiveCall, { type }: CallEvent): boolean =>
  type === 'OfferEnded' && (phase === 'ringing' || phase === 'reconnecting' || phase === 'transferring')

/** The event that must have happened for Asterisk to be as it is. */
function unseenEvent(call: LiveCall, seen: SeenInventory): CallEvent | null {
  switch (call.phase) {
    case 'greeting':
    case 'menu':
    case 'survey':
    case 'closed':
      // In the fallback queue, or back from it: the return is an event of its own, with the place.
      return seen.neverLeft(callerLegOf(call.id)) ? { type: 'PlaybackEnded', playback: call.playback } : null
    case 'voicemail':
      // Of a caller who speaks nothing else happens: Asterisk goes on recording.
      return call.prompt !== null && seen.neverLeft(callerLegOf(call.id))
        ? { type: 'PlaybackEnded', playback: call.playback }
        : null
    case 'dismissing':
      // Whether the message has ended is not known: go on rather than wait.
      return { type: 'PlaybackEnded', playback: call.playback }
    case 'waiting':
    case 'promised':
      return null
    case 'ringing':
    case 'summoning':
      return ofRungLeg(call.offer.id, seen)
    case 'dialling':
      return ofDialled(call, seen)
    case 'reconnecting':
      return call.invited ? ofRungLeg(call.offer.id, seen) : null
    case 'transferring':
      return ofRungLeg(call.external.id, seen)
    case 'transferred':
      return ofPickedUpLeg(call.external.id, seen)
    case 'connecting': {
      const bridge = call.room
      if (seen.bridged(bridge)) return { type: 'Bridged', bridge }
      if (seen.leg(agentLegOf(call.offer.id)) === 'up') return null
      return { type: 'OfferEnded', offer: call.offer.id, end: 'cut' }
    }
    case 'talking':
    case 'held':
      // Whether the agent hung up or lost the phone is not known. The caller is still there, and gets the same agent
      // back, or the next one.
      if (seen.leg(agentLegOf(call.offer.id)) === 'up') return null
      return { type: 'AgentLegLost', offer: call.offer.id, cause: 'restart' }
  }
}

/**
 * An owner that could no longer write has called the citizen, who has picked up: neither is on record, nor that the agent
 * answered before.
 */
const unseenPickUp = (call: LiveCall, before: CallEvent | null, seen: SeenInventory): CallEvent[] =>
  isUncalled(call) && before?.type === 'AgentAnswered' && seen.isHere(callerLegOf(call.id))
    ? [{ type: 'CallerAnswered' }]
    : []

function ofDialled({ id, offer }: Dialling, seen: SeenInventory): CallEvent | null {
  const caller = callerLegOf(id)
  if (!seen.exists(caller)) return { type: 'CallerUnreached', why: 'failed' }
  if (seen.leg(agentLegOf(offer.id)) !== 'up')
    return { type: 'AgentLegLost', offer: offer.id, cause: 'restart' }
  return seen.isHere(caller) ? { type: 'CallerAnswered' } : null
}

/**
 * Whether an announcement goes on is not known: music rather than silence. Of a caller in the fallback queue it has ended with
 * that; they are in the application again with an event of its own.
 */
function unseenReading(call: LiveCall, seen: SeenInventory): CallEvent[] {
  const announcement = 'announcement' in call ? call.announcement : null
  if (announcement === null || !seen.isHere(callerLegOf(call.id))) return []
  return [{ type: 'PlaybackEnded', playback: announcement.playback }]
}

/** The same for the agent's second line, and for the legs of somebody who is asked and of supervisors. */
function unseenBeside(call: LiveCall, seen: SeenInventory): CallEvent[] {
  const { consult, supervisions } = call
  const line = consult?.secondLine ?? null
  const ended: CallEvent[] =
    line !== null && 'offer' in call && seen.leg(line.channel) === 'gone'
      ? [{ type: 'SecondLineEnded', offer: call.offer.id }]
      : []
  const legs = [
    ...(consult === null ? [] : [{ offer: consult.offer.id, isUp: consult.seat !== 'ringing' }]),
    ...supervisions.map(({ offer, isUp }) => ({ offer: offer.id, isUp })),
  ]
  const ofLegs = legs.flatMap(({ offer, isUp }): CallEvent[] => {
    const event = isUp ? ofPickedUpLeg(offer, seen) : ofRungLeg(offer, seen)
    return event === null ? [] : [event]
  })
  return [...ended, ...ofLegs]
}

const ofPickedUpLeg = (offer: OfferId, seen: SeenInventory): CallEvent | null =>
  seen.leg(agentLegOf(offer)) === 'up' ? null : { type: 'AgentLegLost', offer, cause: 'restart' }

function ofRungLeg(offer: OfferId, seen: SeenInventory): CallEvent | null {
  switch (seen.leg(agentLegOf(offer))) {
    case 'up':
      return { type: 'AgentAnswered', offer }
    case 'gone':
      return { type: 'OfferEnded', offer, end: 'cut' }
    case 'ringing':
      return null
  }
}

function callerLost(
  call: LiveCall,
  seen: SeenInventory,
  unseen: Unseen | null,
  conductor: Conductor,
): CallEvent {
  const seenAt = unseen === null ? {} : { lastSeenAt: unseen.since }
  const pbxDied = seen.wentDown(call)
  if (conductor.isBroken(call.id)) return { type: 'CallerLost', pbxDied, ...seenAt }
  if (!pbxDied) return { type: 'CallerLost', unwitnessed: true, ...seenAt }
  // The PBX may have served the caller without us before it ended, which only its own record has.
  const isLeftToRecord = unseen?.byThisOwner === false && !seen.isOfAnother(call.id)
  return { type: 'CallerLost', pbxDied, ...(isLeftToRecord ? { unwitnessed: true as const } : {}), ...seenAt }
}

function phones(inventory: Inventory, { directory, conductor, acdState }: ReconcileDeps): Difference[] {
  const listed = new Map(inventory.phones.map((phone) => [phone.username, phone]))
  return directory.agents().flatMap(({ id, username }) => {
    const { desk, web, ownCalls } = listed.get(username) ?? { desk: false, web: false, ownCalls: 0 }
    const known = acdState.agent(id)?.value.phones ?? { desk: false, web: false, ownCalls: 0 }
    // An agent without a state gets one only once a phone is reachable.
    if (known.desk === desk && known.web === web && known.ownCalls === ownCalls) return []
    const settle = () => {
      void conductor.applyAgent(id, { type: 'PhonesChanged', desk, web })
      void conductor.applyAgent(id, { type: 'OwnCallsChanged', ownCalls })
    }
    return [{ key: `phones ${id} ${desk} ${web} ${ownCalls}`, settle }]
  })
}

/** In a stage that ends for a caller who comes back from the fallback queue. */
const isReadOut = (phase: LiveCall['phase'] | undefined): boolean =>
  phase !== undefined && phase !== 'dismissing' && readOut.includes(phase)

/** Callers in our application that are unknown here, known as detached, or back before they were known as such. */
function unknownCallers(
  { callers }: Inventory,
  arriving: ReadonlySet<CallId>,
  { pbxEvents, acdState, conductor }: ReconcileDeps,
): Difference[] {
  // A caller who is being hung up is not new.
  const isUnknown = (call: CallId): boolean =>
    acdState.call(call) === undefined ? !conductor.isAtWorkFor(call) : acdState.isDetached(call)
  const isBack = ({ call, queuedAt }: Inventory['callers'][number]): boolean =>
    queuedAt !== null && isReadOut(acdState.call(call)?.value.phase)
  return callers
    .filter((caller) => !arriving.has(caller.call) && (isUnknown(caller.call) || isBack(caller)))
    .map((caller) => ({
      key: `caller ${caller.call}`,
      settle: () => pbxEvents.callArrived(caller, true),
    }))
}

/** Legs and bridges of ours that belong to no call. */
function strays(inventory: Inventory, { acdState, conductor }: ReconcileDeps): Difference[] {
  const wanted = new Set<string>()
  for (const { value: call } of acdState.calls()) {
    const widest = widestPlan(call)
    for (const { channel } of widest.legs) wanted.add(channel)
    if (call.phase !== 'promised') wanted.add(callerLegOf(call.id))
    for (const bridge of bridgesOf(widest).keys()) wanted.add(bridge)
    for (const ear of conductor.isBroken(call.id) ? [] : earsOf(mediaPlan(call))) wanted.add(ear)
  }
  const removals: [string, Effect][] = [
    ...[
      ...inventory.legs.map(({ channel }) => channel),
      ...inventory.ears,
      // A citizen's phone that rings for a call of which nothing is known any more.
      ...inventory.channels.filter(isOutbound),
    ].map((channel): [string, Effect] => [channel, { do: 'HangUp', channel, as: 'normal' }]),
    ...inventory.bridges.map(({ bridge }): [string, Effect] => [bridge, { do: 'DestroyBridge', bridge }]),
  ]
  return removals
    .filter(([id]) => !wanted.has(id))
    .map(([id, effect]) => ({
      key: `stray ${id}`,
      settle: () => void conductor.perform(CallId('stray'), [effect]),
    }))
}

/** Agents engaged by an offer that no call has any more: they are freed. */
function strandedAgents({ acdState, conductor }: ReconcileDeps): Difference[] {
  return acdState.agents().flatMap(({ value: agent, version }) => {
    if (agent.state !== 'offered' && agent.state !== 'talking') return []
    const call = acdState.call(agent.call)?.value
    if (call !== undefined && engagedIn(call).some(({ offer }) => offer.id === agent.offer.id)) return []
    const settle = () => void conductor.applyAgent(agent.id, letGo(agent))
    return [{ key: `agent ${agent.id} ${version}`, settle }]
  })
}
