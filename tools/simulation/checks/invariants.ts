/** What must hold: some of it after every step, some of it again within a bound while the world is well. */
import type { Agent } from '../../../src/core/agent.ts'
import type { LiveCall } from '../../../src/core/call.ts'
import {
  agentLegOf,
  AgentId,
  bridgeOf,
  CallId,
  callerLegOf,
  type ChannelId,
  type Millis,
} from '../../../src/core/ids.ts'
import type { AcdEvent } from '../../../src/core/acd-event.ts'
import { levelFor, type Why } from '../../../src/core/routing.ts'
import type { Owner } from '../../../src/acd/owner.ts'
import type { World } from '../world/world.ts'
import { must, Violation } from './violation.ts'

/** For how long each of these may last while the line is healthy. */
const boundsMs = {
  'a free agent beside a waiting caller': 1_500,
  'a caller whom nobody knows': 3_000,
  'a call without its caller': 3_000,
  // Nobody tells when; the audit finds out.
  'a caller who left the fallback': 15_000,
  // Who has just begun to knock is let in within seconds.
  'a caller whom the fallback keeps': 10_000,
  'an agent with two legs': 1_000,
  'a call that rings twice': 1_000,
  'a leg that nobody wants': 1_000,
  'a bridge that nobody wants': 3_000,
  'a conversation without its leg': 3_000,
  'a waiting caller without music': 3_000,
  'a talking caller who is not bridged': 6_000,
  'a held caller who is heard': 3_000,
  // Of somebody who is new, or known again, the next audit tells.
  'a phone that is believed otherwise': 15_000,
  // Each by its own bound and a sweep. Prompts here are short: only where its end was never told one lasts longer.
  'a prompt without an end': 10_000,
  'a prompt past its bound': 63_000,
  'a connection without an end': 8_000,
  'a reconnection without an end': 13_000,
  'a caller who waits past his limit': 3_000,
} as const
/** Who did not take an offer is left alone for so long. */
const restMs = 2_000
/** A call on an agent's own phone is known to everybody after this. */
const busyKnownMs = 1_000

type Flaw = keyof typeof boundsMs

export class Invariants {
  readonly #world: World
  /** Flaw and subject → since when (elapsed). */
  #flaws = new Map<string, number>()
  #found = new Map<string, { flaw: Flaw; subject: string }>()
  /** Calls whose callers the fallback has had. */
  readonly #elsewhere = new Set<CallId>()
  /** When each agent's latest offer came to nothing (elapsed). */
  readonly #refusedAt = new Map<AgentId, number>()
  /** Legs that were taken for gone while nothing was wrong but that Asterisk was slow. */
  readonly #takenForGone = new Set<ChannelId>()
  #owner: Owner | null = null
  /** What has begun since then was told of everything (elapsed). */
  #healthySince = 0

  constructor(world: World) {
    this.#world = world
  }

  /** After every step that changed something. */
  strict(): void {
    this.#oneConversationEach()
    for (const node of this.#world.nodes()) {
      if (node.ownsLine) holdsMatch(node.owner)
    }
  }

  /** An event as it enters the stream: nothing has been done about it yet. */
  told(told: AcdEvent): void {
    const { event, at } = told
    if (told.subject === 'agent' && event.type === 'OfferEnded')
      this.#refusedAt.set(told.id, this.#world.schedule.elapsed)
    if (told.subject === 'call' && event.type === 'OfferEnded' && event.end === 'cut') {
      if (this.#world.faultState.isUndisturbed) this.#takenForGone.add(agentLegOf(event.offer))
    }
    // A conversation that is lost again before the next look is another reconnection.
    if (event.type === 'Bridged') {
      this.#flaws.delete(`a reconnection without an end ${told.id}`)
      this.#flaws.delete(`a connection without an end ${told.id}`)
    }
    if (event.type === 'OfferMade') this.#inOrder(event.why, at)
    // A deadline counts as the time of what it ends, so one that comes too early tells of a time to come.
    const { schedule, scenario } = this.#world
    const isSet = scenario.faults.some(({ fault }) => fault === 'clock jumped')
    must(isSet || at <= schedule.now(), 'an event of the future', () => JSON.stringify(event))
    if (event.type === 'AgentHungUp') {
      // It ends the caller's leg as well: nobody else's end may be taken for the agent's wish.
      const left = this.#world.simulatedAgents.hasLeft(agentLegOf(event.offer))
      must(left, 'a caller was hung up whom his agent had not left', () => event.offer)
    }
    if (event.type !== 'AgentLegLost' || event.cause !== 'restart') return
    const stands = this.#world.asterisk.channels.get(agentLegOf(event.offer))?.up === true
    must(!stands, 'a conversation that stood was taken for lost', () => event.offer)
  }

  /** A phone begins to ring. */
  rung(leg: ChannelId, username: string): void {
    must(!this.#takenForGone.has(leg), 'a phone was taken for silent before it rang', () => leg)
    const calls = this.#world.owner === undefined ? [] : callsOf(this.#world.owner.owner)
    // Whom he had lost may be offered to him all the same.
    if (!calls.some((call) => call.phase === 'ringing' && agentLegOf(call.offer.id) === leg)) return
    const ownCallMs = this.#world.simulatedAgents.agent(username)?.ownCallMs ?? 0
    const known = this.#world.faultState.isHealthy && ownCallMs > busyKnownMs
    must(!known, 'rung during a call of his own', () => `${username} for ${ownCallMs} ms`)
  }

  /** Nobody who waited before, with a better place in the same queue, is passed over. */
  #inOrder({ call: id, waitedMs }: Why, at: Millis): void {
    const calls = this.#world.owner === undefined ? [] : callsOf(this.#world.owner.owner)
    const served = calls.find((call) => call.id === id)
    if (served === undefined || !this.#world.faultState.isHealthy) return
    const queuedAt = at - waitedMs
    const passed = calls.find(
      (call) =>
        call.phase === 'waiting' &&
        call.queue === served.queue &&
        call.since < at &&
        (call.priority < served.priority ||
          (call.priority === served.priority && call.queuedAt < queuedAt)) &&
        this.#world.asterisk.channels.get(callerLegOf(call.id))?.here === true,
    )
    must(passed === undefined, 'a caller was passed over', () => `${passed?.id} by ${id}`)
  }

  /** At every look, some times a second. */
  lasting(): void {
    const { elapsed } = this.#world.schedule
    for (const { id, phone, here } of this.#world.asterisk.channels.values()) {
      if (phone === null && !here) this.#elsewhere.add(CallId(id))
    }
    const node = this.#world.owner
    const healthy =
      this.#world.faultState.isHealthy && node?.process.isRunning === true && node.owner.takesCalls()
    if (!healthy || node.owner !== this.#owner) {
      this.#owner = node?.owner ?? null
      this.#healthySince = elapsed
      this.#flaws.clear()
      return
    }
    this.#found = new Map()
    this.#look(node.owner)
    const before = this.#flaws
    this.#flaws = new Map()
    for (const [key, { flaw, subject }] of this.#found) {
      const since = before.get(key) ?? elapsed
      this.#flaws.set(key, since)
      if (elapsed - since > boundsMs[flaw]) {
        throw new Violation(
          flaw,
          `${subject} for ${Math.round(elapsed - since)} ms\n    ${this.#about(subject, node.owner)}`,
        )
      }
    }
  }

  /** When all is over: nothing is left anywhere. */
  end(): void {
    const { asterisk } = this.#world
    const node = this.#world.owner
    must(node !== undefined, 'nobody owns the line at the end', () =>
      this.#world
        .nodes()
        .map(({ name, owner }) => `${name}: ${owner.missing().join(', ')}`)
        .join('; '),
    )
    const calls = callsOf(node.owner)
    must(calls.length === 0, 'a call never ended', () => JSON.stringify(calls[0]))
    must(asterisk.channels.size === 0, 'a channel is left', () => [...asterisk.channels.keys()].join(', '))
    must(asterisk.bridges.size === 0, 'a bridge is left', () => [...asterisk.bridges.keys()].join(', '))
    must(asterisk.room !== 'none', 'newcomers hear busy on an empty line', () => asterisk.room)
    for (const { id } of this.#world.agents) {
      const agent = node.owner.line.agent(id)?.value
      const free = agent?.state !== 'offered' && agent?.state !== 'talking' && agent?.state !== 'wrap-up'
      must(free, 'an agent is stuck', () => JSON.stringify(agent))
    }
  }

  #flaw(flaw: Flaw, subject: string): void {
    this.#found.set(`${flaw} ${subject}`, { flaw, subject })
  }

  #about(subject: string, owner: Owner): string {
    const call =
      owner.line.call(CallId(subject))?.value ??
      callsOf(owner).find((one) => 'offer' in one && agentLegOf(one.offer.id) === subject)
    const agent = owner.line.agent(AgentId(subject))?.value
    const { channels, bridges } = this.#world.asterisk
    return JSON.stringify({
      call,
      agent,
      channel: channels.get(subject as ChannelId),
      bridges: [...bridges].map(([id, members]) => [id, [...members]]),
    })
  }

  /** No agent and no caller is in two conversations. */
  #oneConversationEach(): void {
    const { bridges, channels } = this.#world.asterisk
    const busy = new Set<string>()
    for (const members of bridges.values()) {
      if (members.size < 2) continue
      for (const id of members) {
        const who = channels.get(id)?.phone?.username ?? id
        must(
          !busy.has(who),
          'in two conversations',
          () => `${who}: ${JSON.stringify([...bridges].map(([bridge, all]) => [bridge, [...all]]))}`,
        )
        busy.add(who)
      }
    }
  }

  #look(owner: Owner): void {
    const calls = callsOf(owner)
    this.#idle(owner, calls)
    const { asterisk } = this.#world
    const legsOfAgent = new Map<string, number>()
    const wanted = new Set<string>()
    for (const call of calls) {
      this.#callAndMedia(call)
      if ('offer' in call) wanted.add(agentLegOf(call.offer.id)).add(bridgeOf(call.offer.id))
    }
    for (const { id, phone, here } of asterisk.channels.values()) {
      if (phone === null) {
        if (!here) this.#flaw('a caller whom the fallback keeps', id)
        else if (owner.line.call(CallId(id)) === undefined) this.#flaw('a caller whom nobody knows', id)
        continue
      }
      const legs = (legsOfAgent.get(phone.username) ?? 0) + 1
      legsOfAgent.set(phone.username, legs)
      if (legs > 1) this.#flaw('an agent with two legs', phone.username)
      if (!wanted.has(id)) this.#flaw('a leg that nobody wants', id)
    }
    for (const bridge of asterisk.bridges.keys()) {
      if (!wanted.has(bridge)) this.#flaw('a bridge that nobody wants', bridge)
    }
    for (const [username, { desk, web, ownCalls }] of asterisk.phones) {
      const phones = owner.line.agent(AgentId(username))?.value.phones
      if (phones === undefined) continue
      if (phones.desk === desk && phones.web === web && phones.ownCalls === ownCalls) continue
      // Of who is dismissed nothing is asked any more.
      if (this.#world.agents.some((profile) => profile.username === username))
        this.#flaw('a phone that is believed otherwise', username)
    }
  }

  #callAndMedia(call: LiveCall): void {
    this.#tooLong(call)
    const { channels } = this.#world.asterisk
    const caller = channels.get(callerLegOf(call.id))
    if (caller === undefined) {
      const flaw = this.#elsewhere.has(call.id)
        ? 'a caller who left the fallback'
        : 'a call without its caller'
      this.#flaw(flaw, call.id)
      return
    }
    if (!caller.here) return
    const bridged = this.#world.asterisk.talks(caller.id)
    switch (call.phase) {
      case 'waiting':
      case 'ringing':
        // With ANSWER=agent the caller hears the network's ringing until he is answered.
        if (call.lineAnswered && !caller.music) this.#flaw('a waiting caller without music', call.id)
        return
      case 'talking':
        if (!channels.has(agentLegOf(call.offer.id))) this.#flaw('a conversation without its leg', call.id)
        else if (!bridged) this.#flaw('a talking caller who is not bridged', call.id)
        return
      case 'held':
        if (!channels.has(agentLegOf(call.offer.id))) this.#flaw('a conversation without its leg', call.id)
        else if (bridged || !caller.music) this.#flaw('a held caller who is heard', call.id)
        return
      case 'greeting':
      case 'connecting':
      case 'reconnecting':
      case 'dismissing':
        return
    }
  }

  /** Phases that end by themselves. By our own clock: what the call says of its deadline may be what is wrong. */
  #tooLong(call: LiveCall): void {
    switch (call.phase) {
      case 'greeting':
      case 'dismissing': {
        const { schedule } = this.#world
        const began = schedule.elapsed - (schedule.now() - call.since)
        const flaw = began > this.#healthySince ? 'a prompt without an end' : 'a prompt past its bound'
        return this.#flaw(flaw, call.id)
      }
      case 'connecting':
        return this.#flaw('a connection without an end', call.id)
      case 'reconnecting':
        return this.#flaw('a reconnection without an end', call.id)
      case 'waiting': {
        // Who is with the fallback is looked at as "a caller whom the fallback keeps".
        if (this.#world.asterisk.channels.get(callerLegOf(call.id))?.here === false) return
        // Whose agent was lost waits anew, at the front.
        const from = call.priority === 0 ? call.since : call.queuedAt
        if (this.#world.schedule.now() > from + this.#world.scenario.rules.waitMaxMs)
          this.#flaw('a caller who waits past his limit', call.id)
        return
      }
      case 'ringing':
      case 'talking':
      case 'held':
        return
    }
  }

  /** By what makes an agent free, said once more: an error in how the line itself decides it must not hide here. */
  #isFree(agent: Agent | undefined): boolean {
    if (agent?.state !== 'ready') return false
    const { desk, web, chosen, ownCalls } = agent.phones
    const canRing = chosen === 'desk' ? desk : chosen === 'web' ? web : desk || web
    const refusedAt = this.#refusedAt.get(agent.id)
    const isRested = refusedAt === undefined || this.#world.schedule.elapsed - refusedAt >= restMs
    return canRing && ownCalls === 0 && isRested
  }

  /** Worked out from the states alone, not from the sorted lines that the owner decides by. */
  #idle(owner: Owner, calls: readonly LiveCall[]): void {
    const { agents, scenario, asterisk } = this.#world
    const free = agents.filter((profile) => this.#isFree(owner.line.agent(profile.id)?.value))
    if (free.length === 0) return
    for (const call of calls) {
      if (call.phase !== 'waiting' || asterisk.channels.get(callerLegOf(call.id))?.here !== true) continue
      const queue = scenario.queues.find(({ id }) => id === call.queue)
      if (queue === undefined) continue
      const able = free.find((profile) => levelFor(profile, queue) !== null)
      if (able !== undefined) this.#flaw('a free agent beside a waiting caller', call.id)
    }
  }
}

const callsOf = (owner: Owner): readonly LiveCall[] => owner.line.calls().map(({ value }) => value)

/** Agents that are held and calls that hold one belong to each other, one to one. */
function holdsMatch(owner: Owner): void {
  const holders = new Map<AgentId, LiveCall>()
  for (const call of callsOf(owner)) {
    if (!('offer' in call)) continue
    const other = holders.get(call.offer.agent)
    must(
      other === undefined,
      'an agent with two calls',
      () => `${JSON.stringify(other)} ${JSON.stringify(call)}`,
    )
    holders.set(call.offer.agent, call)
  }
  for (const { value: agent } of owner.line.agents()) {
    const call = holders.get(agent.id)
    const held = agent.state === 'offered' || agent.state === 'talking'
    const text = () => `${JSON.stringify(agent)} ${JSON.stringify(call)}`
    must(held === (call !== undefined), 'held agents and calls do not match', text)
    if (!held || call === undefined || !('offer' in call)) continue
    must(call.offer.id === agent.offer.id && call.id === agent.call, 'held by another offer', text)
    must((agent.state === 'offered') === (call.phase === 'ringing'), 'held in another way', text)
  }
}
