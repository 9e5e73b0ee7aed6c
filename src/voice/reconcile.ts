/**
 * Makes memory and Asterisk agree, after each connect: events may have been missed, the server may be
 * new. Whoever talks goes on talking, whoever waits keeps his place, what belongs to nobody is removed.
 */
import { letGo } from '../core/agent-step.ts'
import type { CallEvent } from '../core/call-event.ts'
import type { LiveCall } from '../core/call.ts'
import type { Effect } from '../core/effect.ts'
import { agentLegOf, bridgeOf, CallId, callerLegOf, type BridgeId, type ChannelId } from '../core/ids.ts'
import type { Conductor } from './conductor.ts'
import type { Listener } from './listener.ts'
import type { Mirror } from './mirror.ts'
import type { Directory, Inventory } from './ports.ts'

export interface ReconcileDeps {
  readonly conductor: Conductor
  readonly listener: Listener
  readonly mirror: Mirror
  readonly directory: Directory
}

/**
 * Answers how many calls were found again. `arriving` are the callers whose arrival has been told since
 * the connection stands and will be heard next.
 */
export function reconcile(inventory: Inventory, arriving: ReadonlySet<CallId>, deps: ReconcileDeps): number {
  const seen = new Seen(inventory)
  phones(inventory, deps)
  for (const { value: call } of deps.mirror.calls()) {
    const { events, effects } = whatBecameOf(call, seen)
    for (const event of events) void deps.conductor.apply(call.id, event)
    if (effects.length > 0) void deps.conductor.perform(call.id, effects)
    // The fallback queue has him: nobody here is rung for a caller whom we cannot connect.
    if (!seen.isHere(callerLegOf(call.id))) deps.mirror.shelve(call.id)
  }
  for (const caller of inventory.callers) {
    // Who arrived while we looked is heard right after, and greeted like any newcomer.
    if (!arriving.has(caller.call)) deps.listener.callArrived(caller, true)
  }
  strayLegs(inventory, deps)
  strandedAgents(deps)
  deps.listener.offerReturns()
  return deps.mirror.calls().length
}

class Seen {
  readonly #channels: ReadonlySet<ChannelId>
  readonly #callers: ReadonlySet<ChannelId>
  readonly startedAt: number
  readonly #legs: ReadonlyMap<ChannelId, boolean>
  readonly #bridges: ReadonlyMap<BridgeId, readonly ChannelId[]>

  constructor(inventory: Inventory) {
    this.startedAt = inventory.startedAt ?? 0
    this.#callers = new Set(inventory.callers.map(({ call }) => callerLegOf(call)))
    this.#channels = new Set([...inventory.channels, ...this.#callers])
    this.#legs = new Map(inventory.legs.map(({ channel, up }) => [channel, up]))
    this.#bridges = new Map(inventory.bridges.map(({ bridge, channels }) => [bridge, channels]))
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

function whatBecameOf(call: LiveCall, seen: Seen): Found {
  const caller = callerLegOf(call.id)
  if (!seen.exists(caller)) {
    return happened({ type: 'CallerLost', pbxDied: call.arrivedAt < seen.startedAt })
  }
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
      return leg === 'ringing' ? nothing : happened({ type: 'OfferEnded', offer: offer.id, end: 'cut' })
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
      if (!call.invited) return asserted({ do: 'StartMusic', channel: caller })
      const leg = seen.leg(agentLegOf(call.offer.id))
      if (leg === 'up') return happened({ type: 'AgentAnswered', offer: call.offer.id })
      return leg === 'ringing' ? nothing : happened({ type: 'OfferEnded', offer: call.offer.id, end: 'cut' })
    }
  }
}

function phones(inventory: Inventory, { directory, conductor, mirror }: ReconcileDeps): void {
  const listed = new Map(inventory.phones.map((phone) => [phone.username, phone]))
  for (const { id, username } of directory.agents()) {
    const { desk, web, ownCalls } = listed.get(username) ?? { desk: false, web: false, ownCalls: 0 }
    // An agent whom nobody has seen yet stays unwritten until something of his is true.
    if (mirror.agent(id) === undefined && !desk && !web && ownCalls === 0) continue
    void conductor.applyAgent(id, { type: 'PhonesChanged', desk, web })
    void conductor.applyAgent(id, { type: 'OwnCallsChanged', ownCalls })
  }
}

/** Legs and bridges of ours that no call wants. */
function strayLegs(inventory: Inventory, { mirror, conductor }: ReconcileDeps): void {
  const wanted = new Set<string>()
  for (const { value: call } of mirror.calls()) {
    if (!('offer' in call)) continue
    wanted.add(agentLegOf(call.offer.id)).add(bridgeOf(call.offer.id))
  }
  const removals: Effect[] = [
    ...inventory.legs
      .filter(({ channel }) => !wanted.has(channel))
      .map(({ channel }): Effect => ({ do: 'HangUp', channel, as: 'normal' })),
    ...inventory.bridges
      .filter(({ bridge }) => !wanted.has(bridge))
      .map(({ bridge }): Effect => ({ do: 'DestroyBridge', bridge })),
  ]
  if (removals.length > 0) void conductor.perform(CallId('stray'), removals)
}

/** An agent held by an offer that no call has any more is let go. */
function strandedAgents({ mirror, conductor }: ReconcileDeps): void {
  for (const { value: agent } of mirror.agents()) {
    if (agent.state !== 'offered' && agent.state !== 'talking') continue
    const call = mirror.call(agent.call)?.value
    if (call !== undefined && 'offer' in call && call.offer.id === agent.offer.id) continue
    void conductor.applyAgent(agent.id, letGo(agent))
  }
}

/**
 * Whether an effect that was saved and perhaps not done should be done now. Ends are final; a phone rings
 * only for an offer that still stands; all the rest is asked for anew by what the calls are now.
 */
export function stillRight(effect: Effect, mirror: Mirror): boolean {
  switch (effect.do) {
    case 'HangUp':
    case 'DestroyBridge':
    case 'FinishRecording':
    case 'AnswerCaller':
    case 'SignalProgress':
      return true
    case 'RingAgent': {
      const call = mirror.call(effect.call)?.value
      return (call?.phase === 'ringing' || call?.phase === 'reconnecting') && call.offer.id === effect.offer
    }
    case 'Play':
    case 'StartMusic':
    case 'StopMusic':
    case 'Connect':
    case 'Hold':
    case 'Resume':
    case 'Mute':
      return false
  }
}
