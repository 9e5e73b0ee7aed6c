/**
 * Makes memory and Asterisk agree, after each connect: events may have been missed, the server may be
 * new. Whoever talks goes on talking, whoever waits keeps his place, what belongs to nobody is removed.
 */
import type { Agent } from '../core/agent.ts'
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

/** Answers how many calls were found again. */
export function reconcile(inventory: Inventory, deps: ReconcileDeps): number {
  const seen = new Seen(inventory)
  phones(inventory, deps)
  for (const { value: call } of deps.mirror.calls()) {
    const { events, effects } = whatBecameOf(call, seen)
    for (const event of events) void deps.conductor.apply(call.id, event)
    if (effects.length > 0) void deps.conductor.perform(call.id, effects)
  }
  for (const caller of inventory.callers) {
    deps.listener.callArrived(caller, true, caller.answered)
  }
  strayLegs(inventory, deps)
  strandedAgents(deps)
  deps.listener.offerReturns()
  return deps.mirror.calls().length
}

class Seen {
  readonly #channels: ReadonlySet<ChannelId>
  readonly #legs: ReadonlyMap<ChannelId, boolean>
  readonly #bridges: ReadonlyMap<BridgeId, readonly ChannelId[]>

  constructor(inventory: Inventory) {
    this.#channels = new Set([
      ...inventory.channels,
      ...inventory.callers.map(({ call }) => callerLegOf(call)),
    ])
    this.#legs = new Map(inventory.legs.map(({ channel, up }) => [channel, up]))
    this.#bridges = new Map(inventory.bridges.map(({ bridge, channels }) => [bridge, channels]))
  }
  exists(channel: ChannelId): boolean {
    return this.#channels.has(channel)
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

function whatBecameOf(call: LiveCall, seen: Seen): Found {
  const caller = callerLegOf(call.id)
  if (!seen.exists(caller)) return happened({ type: 'CallerLost' })
  switch (call.phase) {
    case 'greeting':
    case 'dismissing':
      // Whether the message has been heard to its end is not known: go on rather than wait.
      return happened({ type: 'PlaybackEnded', playback: call.playback })
    case 'waiting':
      return { events: [], effects: [{ do: 'StartMusic', channel: caller }] }
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
      return { events: [], effects: [{ do: 'Connect', bridge, caller, agent }] }
    }
    case 'talking':
    case 'held':
      // Whether the agent hung up or lost his phone is not known; the caller is still there, so he
      // gets the agent back, or the next one.
      return seen.leg(agentLegOf(call.offer.id)) === 'up'
        ? nothing
        : happened({ type: 'AgentLegLost', offer: call.offer.id, cause: 'restart' })
    case 'reconnecting': {
      if (!call.invited) return nothing
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

const letGo = (agent: Extract<Agent, { state: 'offered' | 'talking' }>) =>
  agent.state === 'offered'
    ? ({ type: 'OfferEnded', offer: agent.offer.id, end: 'cut' } as const)
    : ({ type: 'CallEnded', offer: agent.offer.id, wrapUpMs: 0 } as const)
