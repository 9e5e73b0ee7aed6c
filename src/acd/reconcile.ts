/**
 * Makes memory and Asterisk agree, after each connect: events may have been missed, the server may be
 * new. Whoever talks goes on talking, whoever waits keeps his place, what belongs to nobody is removed.
 */
import { letGo } from '../core/agent-step.ts'
import type { CallEvent } from '../core/call-event.ts'
import type { LiveCall } from '../core/call.ts'
import type { Effect } from '../core/effect.ts'
import {
  agentLegOf,
  bridgeOf,
  CallId,
  callerLegOf,
  isCallOf,
  type BridgeId,
  type ChannelId,
} from '../core/ids.ts'
import type { Conductor } from './conductor.ts'
import type { PbxEventHandler } from './pbx-events.ts'
import type { AcdState } from './acd-state.ts'
import type { Directory, Inventory } from './ports.ts'

export interface ReconcileDeps {
  readonly conductor: Conductor
  readonly listener: PbxEventHandler
  readonly acdState: AcdState
  readonly directory: Directory
}

/** Something in which memory and Asterisk differ. */
export interface Difference {
  /** The same as long as neither side has moved. */
  readonly key: string
  readonly settle: () => void
}

/**
 * Answers how many calls were found again. `arriving` are the callers whose arrival has been told since
 * the connection stands and will be heard next.
 */
export function reconcile(inventory: Inventory, arriving: ReadonlySet<CallId>, deps: ReconcileDeps): number {
  const { conductor, acdState } = deps
  const seen = new Seen(inventory)
  for (const { settle } of phones(inventory, deps)) settle()
  for (const { value: call } of acdState.calls()) {
    settleCall(call, whatBecameOf(call, seen, conductor), conductor)
    // The fallback queue has him: nobody here is rung for a caller whom we cannot connect.
    if (!seen.isHere(callerLegOf(call.id))) acdState.detach(call.id)
  }
  // Who arrived while we looked is heard right after, and greeted like any newcomer.
  for (const { settle } of unknownCallers(inventory, arriving, deps)) settle()
  for (const { settle } of strays(inventory, deps)) settle()
  for (const { settle } of strandedAgents(deps)) settle()
  return acdState.calls().length
}

/**
 * In what a standing connection has left memory and Asterisk apart: an event or a command was lost. What
 * is only under way shows as well, so a difference counts once it is found twice; and while a call's commands
 * are under way its phone and its bridge are not judged at all. They take seconds where Asterisk has too much
 * to do, and taking each phone that does not ring yet for one that has stopped, and ringing the next, would
 * never let it catch up.
 */
export function differences(inventory: Inventory, deps: ReconcileDeps): readonly Difference[] {
  const { conductor, acdState } = deps
  const seen = new Seen(inventory)
  const calls = acdState.calls().flatMap(({ value: call, version }): Difference[] => {
    // No command of a live call makes its caller, or removes him: that he is gone is always true.
    if (seen.exists(callerLegOf(call.id)) && conductor.isAtWorkFor(call.id)) return []
    // Whoever is not there is rung for again and again, and declined as often: each time it is another version.
    const key = seen.exists(callerLegOf(call.id)) ? `call ${call.id} ${version}` : `call ${call.id} gone`
    const detach = { key: `call ${call.id} elsewhere`, settle: () => acdState.detach(call.id) }
    const elsewhere = seen.isHere(callerLegOf(call.id)) || acdState.isDetached(call.id) ? [] : [detach]
    const found = whatBecameOf(call, seen, conductor)
    if (!isApart(call, found, seen)) return elsewhere
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
function isApart(call: LiveCall, { events, effects }: Found, seen: Seen): boolean {
  if (!seen.exists(callerLegOf(call.id))) return true
  // A message may still play: its end is told, or its bound passes.
  if (call.phase === 'greeting' || call.phase === 'dismissing') return false
  return events.length > 0 || effects.some((effect) => effect.do === 'Connect' || 'bridge' in effect)
}

function settleCall(call: LiveCall, { events, effects }: Found, conductor: Conductor): void {
  for (const event of events) void conductor.apply(call.id, event)
  if (effects.length > 0) void conductor.perform(call.id, effects)
}

class Seen {
  readonly #channels: ReadonlySet<ChannelId>
  readonly #callers: ReadonlySet<ChannelId>
  readonly #startedAt: number
  readonly #named: string | undefined
  readonly #legs: ReadonlyMap<ChannelId, boolean>
  readonly #bridges: ReadonlyMap<BridgeId, readonly ChannelId[]>

  constructor(inventory: Inventory) {
    this.#startedAt = inventory.startedAt ?? 0
    this.#named = inventory.named
    this.#callers = new Set(inventory.callers.map(({ call }) => callerLegOf(call)))
    this.#channels = new Set([...inventory.channels, ...this.#callers])
    this.#legs = new Map(inventory.legs.map(({ channel, up }) => [channel, up]))
    this.#bridges = new Map(inventory.bridges.map(({ bridge, channels }) => [bridge, channels]))
  }
  /** Whether the call was with an Asterisk that is no more. */
  wentDown({ id, arrivedAt }: LiveCall): boolean {
    return arrivedAt < this.#startedAt || (this.#named !== undefined && !isCallOf(this.#named, id))
  }
  exists(channel: ChannelId): boolean {
    return this.#channels.has(channel)
  }
  /** Whether a caller is in our application, where we can act on him. */
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
}

interface Found {
  readonly events: readonly CallEvent[]
  readonly effects: readonly Effect[]
}
const nothing: Found = { events: [], effects: [] }
const happened = (...events: CallEvent[]): Found => ({ events, effects: [] })
/** The state stands; what it asks for is asked for again, for it may never have been done. */
const asserted = (...effects: Effect[]): Found => ({ events: [], effects })

function whatBecameOf(call: LiveCall, seen: Seen, conductor: Conductor): Found {
  const caller = callerLegOf(call.id)
  if (!seen.exists(caller)) {
    const pbxDied = seen.wentDown(call)
    if (pbxDied || conductor.isBroken(call.id)) return happened({ type: 'CallerLost', pbxDied })
    return happened({ type: 'CallerLost', unwitnessed: true })
  }
  if (conductor.isBroken(call.id)) return nothing
  switch (call.phase) {
    case 'greeting':
    case 'dismissing':
      // Whether the message has been heard to its end is not known: go on rather than wait.
      return happened({ type: 'PlaybackEnded', playback: call.playback })
    case 'waiting':
      return seen.isHere(caller) ? asserted({ do: 'StartMusic', channel: caller }) : nothing
    case 'ringing': {
      const { offer } = call
      const leg = seen.leg(agentLegOf(offer.id))
      if (leg === 'up') return happened({ type: 'AgentAnswered', offer: offer.id })
      const { effects } = call.lineAnswered ? asserted({ do: 'StartMusic', channel: caller }) : nothing
      return { effects, events: leg === 'gone' ? [{ type: 'OfferEnded', offer: offer.id, end: 'cut' }] : [] }
    }
    case 'connecting': {
      const { offer } = call
      const bridge = bridgeOf(offer.id)
      const agent = agentLegOf(offer.id)
      if (seen.bridged(bridge)) return happened({ type: 'Bridged', bridge })
      if (seen.leg(agent) !== 'up') return happened({ type: 'OfferEnded', offer: offer.id, end: 'cut' })
      return asserted({ do: 'Connect', bridge, caller, agent })
    }
    case 'talking':
    case 'held': {
      const bridge = bridgeOf(call.offer.id)
      const agent = agentLegOf(call.offer.id)
      // Whether the agent hung up or lost his phone is not known; the caller is still there, so he
      // gets the agent back, or the next one.
      if (seen.leg(agent) !== 'up') {
        return happened({ type: 'AgentLegLost', offer: call.offer.id, cause: 'restart' })
      }
      // A caller who is told to be on hold must not be heard, and one who talks must be.
      if (call.phase === 'held') {
        return seen.bridged(bridge) ? asserted({ do: 'Hold', bridge, caller }) : nothing
      }
      const mute: Effect = { do: 'Mute', channel: agent, muted: call.muted }
      return seen.bridged(bridge) ? asserted(mute) : asserted({ do: 'Resume', bridge, caller }, mute)
    }
    case 'reconnecting': {
      const music = asserted({ do: 'StartMusic', channel: caller })
      const leg = seen.leg(agentLegOf(call.offer.id))
      if (!call.invited || leg === 'ringing') return music
      if (leg === 'up') return happened({ type: 'AgentAnswered', offer: call.offer.id })
      return { ...music, events: [{ type: 'OfferEnded', offer: call.offer.id, end: 'cut' }] }
    }
  }
}

function phones(inventory: Inventory, { directory, conductor, acdState }: ReconcileDeps): Difference[] {
  const listed = new Map(inventory.phones.map((phone) => [phone.username, phone]))
  return directory.agents().flatMap(({ id, username }) => {
    const { desk, web, ownCalls } = listed.get(username) ?? { desk: false, web: false, ownCalls: 0 }
    const known = acdState.agent(id)?.value.phones ?? { desk: false, web: false, ownCalls: 0 }
    // An agent whom nobody has seen yet stays unwritten until something of his is true.
    if (known.desk === desk && known.web === web && known.ownCalls === ownCalls) return []
    const settle = () => {
      void conductor.applyAgent(id, { type: 'PhonesChanged', desk, web })
      void conductor.applyAgent(id, { type: 'OwnCallsChanged', ownCalls })
    }
    return [{ key: `phones ${id} ${desk} ${web} ${ownCalls}`, settle }]
  })
}

/** Callers in our application of whom we know nothing, or only that they were elsewhere. */
function unknownCallers(
  { callers }: Inventory,
  arriving: ReadonlySet<CallId>,
  { listener, acdState, conductor }: ReconcileDeps,
): Difference[] {
  // Whom we are hanging up is not new.
  const isUnknown = (call: CallId): boolean =>
    acdState.call(call) === undefined ? !conductor.isAtWorkFor(call) : acdState.isDetached(call)
  return callers
    .filter(({ call }) => !arriving.has(call) && isUnknown(call))
    .map((caller) => ({
      key: `caller ${caller.call}`,
      settle: () => listener.callArrived(caller, true),
    }))
}

/** Legs and bridges of ours that no call wants. */
function strays(inventory: Inventory, { acdState, conductor }: ReconcileDeps): Difference[] {
  const wanted = new Set<string>()
  for (const { value: call } of acdState.calls()) {
    if (!('offer' in call)) continue
    wanted.add(agentLegOf(call.offer.id)).add(bridgeOf(call.offer.id))
  }
  const removals: [string, Effect][] = [
    ...inventory.legs.map(({ channel }): [string, Effect] => [
      channel,
      { do: 'HangUp', channel, as: 'normal' },
    ]),
    ...inventory.bridges.map(({ bridge }): [string, Effect] => [bridge, { do: 'DestroyBridge', bridge }]),
  ]
  return removals
    .filter(([id]) => !wanted.has(id))
    .map(([id, effect]) => ({
      key: `stray ${id}`,
      settle: () => void conductor.perform(CallId('stray'), [effect]),
    }))
}

/** Agents held by an offer that no call has any more: they are let go. */
function strandedAgents({ acdState, conductor }: ReconcileDeps): Difference[] {
  return acdState.agents().flatMap(({ value: agent, version }) => {
    if (agent.state !== 'offered' && agent.state !== 'talking') return []
    const call = acdState.call(agent.call)?.value
    if (call !== undefined && 'offer' in call && call.offer.id === agent.offer.id) return []
    const settle = () => void conductor.applyAgent(agent.id, letGo(agent))
    return [{ key: `agent ${agent.id} ${version}`, settle }]
  })
}
