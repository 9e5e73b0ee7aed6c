/** Invariants: some hold after every step, others may be violated only for a bounded time while no fault is active. */
import { outside } from '../../../test/support/pbx/fake-pbx.ts'
import type { Agent } from '../../../src/core/agent.ts'
import type { Call, LiveCall } from '../../../src/core/call.ts'
import { agentLegOf, AgentId, CallId, callerLegOf, tapOf } from '../../../src/core/ids.ts'
import type { BridgeId, ChannelId, Millis, OfferId } from '../../../src/core/ids.ts'
import type { AcdAgentEvent, AcdEvent } from '../../../src/core/acd-event.ts'
import { levelFor } from '../../../src/core/routing.ts'
import type { Owner } from '../../../src/acd/owner.ts'
import type { World } from '../world/world.ts'
import { Announcements, isSpokenTo } from './announcements.ts'
import { boundsMs, type Violable } from './bounds.ts'
import { Callbacks, isNotDialled } from './callbacks.ts'
import { checkClosedArrival } from './closed.ts'
import { isBeyondGrace } from './closing.ts'
import { hearingFlaws } from './hearing.ts'
import { callNamed, isJoined, looseTaps, mediaFlaws, namesOf } from './media.ts'
import { checkOrder } from './order.ts'
import { callsOf, checkRecord, holdsMatch, isSender } from './record.ts'
import { Overflows } from './overflow.ts'
import { SecondLines } from './second-lines.ts'
import { checkVoicemail } from './voicemails.ts'
import { must, Violation } from './violation.ts'

/** Rest of an agent after a missed offer. */
const restMs = 2_000
/** Events that tell nothing about whether an agent's phone rings. */
const keepsUnrung: ReadonlySet<string> = new Set([
  'Offered',
  'PhonesChanged',
  'OwnCallsChanged',
  'DeadlinePassed',
])
/** Time until the audit finds a caller who left, at the latest. */
const leftKnownMs = 20_000
/** Time until the owner knows of an own call on an agent's phone. */
const busyKnownMs = 1_000

export class Invariants {
  readonly #world: World
  /** Violation and subject → beginning (elapsed). */
  #flaws = new Map<string, number>()
  #found = new Map<string, { flaw: Violable; subject: string }>()
  /** Calls that have been in the fallback. */
  readonly #inFallback = new Set<CallId>()
  /** Each call as of its latest event in the stream, which memory is ahead of. */
  readonly #latest = new Map<CallId, Call>()
  readonly #secondLines = new SecondLines()
  readonly #announcements = new Announcements()
  readonly #callbacks: Callbacks
  readonly #overflows: Overflows
  /** Supervisors' legs that have listened since they were rung. */
  readonly #onlyListen = new Set<OfferId>()
  /** Time of each agent's latest unanswered offer (elapsed). */
  readonly #missedAt = new Map<AgentId, number>()
  /** Agents whose phone did not ring at the latest offer. */
  readonly #unrung = new Map<AgentId, number>()
  /** When each caller's channel ended. */
  readonly #leftAt = new Map<CallId, Millis>()
  /** Legs whose offers were cut while Asterisk was at most slow. */
  readonly #cutLegs = new Set<ChannelId>()
  #owner: Owner | null = null
  /** Beginning of the healthy period (elapsed): no event since then was lost. */
  #healthySince = 0

  constructor(world: World) {
    this.#world = world
    this.#callbacks = new Callbacks(world)
    this.#overflows = new Overflows(world)
  }

  /** Invariants that hold after every step. */
  checkStep(): void {
    this.#oneConversationEach()
    for (const node of this.#world.nodes()) {
      if (!node.ownsLine) continue
      holdsMatch(node.owner)
      this.#callbacks.checkStep(callsOf(node.owner))
    }
  }

  /** A citizen's phone begins to ring. */
  checkDial(citizen: ChannelId, hasAgent: boolean): void {
    this.#callbacks.checkDial(citizen, hasAgent)
  }

  /** A channel ended. */
  left(channel: ChannelId): void {
    const call = CallId(channel)
    if (!this.#leftAt.has(call)) this.#leftAt.set(call, this.#world.schedule.now())
  }

  /** Checks an event as it enters the stream, before its effects. */
  checkEvent(acdEvent: AcdEvent): void {
    const { event, at } = acdEvent
    if (acdEvent.subject === 'call') {
      checkVoicemail(this.#latest, this.#callbacks, acdEvent, this.#world)
      checkClosedArrival(this.#latest, acdEvent, this.#world)
      this.#callbacks.note(acdEvent, this.#latest)
      this.#overflows.note(acdEvent, this.#latest)
      this.#latest.set(acdEvent.id, acdEvent.after)
    }
    this.#secondLines.note(acdEvent, this.#world.schedule.elapsed)
    if (event.type === 'SupervisorRung' && event.mode === 'monitor')
      this.#onlyListen.add(event.supervision.id)
    if (event.type === 'SupervisionChanged') this.#onlyListen.delete(event.offer)
    if (acdEvent.subject === 'agent') this.#checkMiss(acdEvent)
    if (acdEvent.subject === 'agent') this.#checkUnrung(acdEvent)
    if (acdEvent.subject === 'call') checkRecord(acdEvent.after)
    if (acdEvent.subject === 'call') this.#announcements.checkEvent(acdEvent, this.#world.scenario)
    if (acdEvent.subject === 'call' && event.type === 'CallerLost') this.#checkLostEnd(acdEvent.after)
    if (acdEvent.subject === 'agent' && event.type === 'OfferEnded')
      this.#missedAt.set(acdEvent.id, this.#world.schedule.elapsed)
    if (acdEvent.subject === 'call' && event.type === 'OfferEnded' && event.end === 'cut') {
      if (this.#world.faultState.isUndisturbed) this.#cutLegs.add(agentLegOf(event.offer))
    }
    // A conversation lost again before the next sample is a new reconnection.
    if (event.type === 'Bridged') {
      this.#flaws.delete(`a reconnection without an end ${acdEvent.id}`)
      this.#flaws.delete(`a connection without an end ${acdEvent.id}`)
    }
    if (event.type === 'OfferMade') checkOrder(this.#world, this.#latest, this.#callbacks, event.why, at)
    // A deadline event carries the time of the deadline, so one that fires early is dated in the future.
    const clockJumps = this.#world.scenario.faults.some(({ fault }) => fault === 'clock jumped')
    must(clockJumps || at <= this.#world.schedule.now(), 'an event dated in the future', () =>
      JSON.stringify(event),
    )
    if (event.type === 'AgentHungUp') {
      // The event also ends the caller's leg, so it must come only from the agent's own hang-up.
      const leg = agentLegOf(event.offer)
      const left = this.#world.simulatedAgents.hasLeft(leg) || this.#world.externals.hasLeft(leg)
      must(left, 'a caller was hung up although the agent had not left', () => event.offer)
    }
    if (event.type !== 'AgentLegLost' || event.cause !== 'restart') return
    const isUp = this.#world.asterisk.channels.get(agentLegOf(event.offer))?.up === true
    must(!isUp, 'an intact conversation was treated as lost', () => event.offer)
  }

  /** A phone that never rang is not its agent's fault. */
  #checkMiss({ event, after }: AcdAgentEvent): void {
    if (event.type !== 'OfferEnded' || event.end !== 'unreachable') return
    must(after.state !== 'paused' || after.reason !== 'missed', 'a phone that never rang was a miss', () =>
      JSON.stringify(after),
    )
  }

  /** Each offer to a phone that does not ring costs a caller some seconds. */
  #checkUnrung({ id, seq, event, after }: AcdAgentEvent): void {
    if (event.type === 'OfferEnded' && event.end === 'did not ring') {
      // After a loss of Redis the stream has events twice.
      const again = (this.#unrung.get(id) ?? seq) !== seq && after.state === 'ready'
      must(!again, 'a phone that does not ring was offered call after call', () => JSON.stringify(after))
      this.#unrung.set(id, seq)
    } else if (!keepsUnrung.has(event.type)) this.#unrung.delete(id)
  }

  /** A call ended when its caller left, however late that was noticed. */
  #checkLostEnd(call: Call): void {
    const leftAt = this.#leftAt.get(call.id)
    const { scenario } = this.#world
    if (call.phase !== 'ended' || leftAt === undefined) return
    if (scenario.faults.some(({ fault }) => fault === 'clock jumped')) return
    const lateMs = call.endedAt - leftAt
    must(lateMs <= leftKnownMs, 'a call ended long after its caller left', () => `${call.id}: ${lateMs} ms`)
  }

  /** Checks a phone that begins to ring. */
  checkRing(leg: ChannelId, username: string): void {
    must(!this.#cutLegs.has(leg), 'an offer was cut before its phone rang', () => leg)
    const calls = this.#world.owner === undefined ? [] : callsOf(this.#world.owner.owner)
    // Returning a lost caller to the agent is allowed.
    const isOffered = calls.some(
      (call) =>
        (call.phase === 'ringing' && agentLegOf(call.offer.id) === leg) ||
        (call.consult?.seat === 'ringing' && agentLegOf(call.consult.offer.id) === leg),
    )
    if (!isOffered) return
    const ownCallMs = this.#world.simulatedAgents.agent(username)?.ownCallMs ?? 0
    const known = this.#world.faultState.isHealthy && ownCallMs > busyKnownMs
    must(!known, 'rung during an own call', () => `${username} for ${ownCallMs} ms`)
  }

  /** The application hangs up a channel. Memory is ahead of it, but for a Redis that came back with an older state. */
  checkHangUp(channel: ChannelId): void {
    const { owner, scenario } = this.#world
    if (owner === undefined || scenario.faults.some(({ fault }) => fault.startsWith('redis'))) return
    const wanting = callsOf(owner.owner).find(({ consult }) => consult?.secondLine?.channel === channel)
    must(wanting === undefined, 'a second line was hung up for no reason', () => JSON.stringify(wanting))
  }

  /** A supervisor who listens is silent from the first moment. */
  checkTap(bridge: BridgeId): void {
    const { faultState, asterisk, owner } = this.#world
    if (owner === undefined || !faultState.isHealthy) return
    for (const { supervisions } of callsOf(owner.owner))
      for (const { offer, mode } of supervisions) {
        if (tapOf(offer.id) !== bridge || mode !== 'monitor' || !this.#onlyListen.has(offer.id)) continue
        const isSilent = asterisk.channels.get(agentLegOf(offer.id))?.muted !== false
        must(isSilent, 'a supervisor heard while monitoring', () => `${offer.id} at first`)
      }
  }

  /** Invariants with a bound; called several times a second. */
  checkBounds(): void {
    const { elapsed } = this.#world.schedule
    // The owner may have lost the count.
    if (!this.#world.faultState.isUndisturbed) this.#unrung.clear()
    for (const { id, phone, arrived, here } of this.#world.asterisk.channels.values()) {
      if (phone === null && arrived !== null && !here) this.#inFallback.add(CallId(id))
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
    this.#sample(node.owner)
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

  /** At the end of a run nothing is left anywhere. */
  checkEnd(): void {
    const { asterisk, owner: node } = this.#world
    must(node !== undefined, 'no owner at the end', () =>
      this.#world
        .nodes()
        .map(({ name, owner }) => `${name}: ${owner.missing().join(', ')}`)
        .join('; '),
    )
    const calls = callsOf(node.owner)
    must(calls.length === 0, 'a call never ended', () => JSON.stringify(calls[0]))
    this.#callbacks.checkEnd(this.#latest)
    must(asterisk.channels.size === 0, 'a channel is left', () => [...asterisk.channels.keys()].join(', '))
    must(asterisk.bridges.size === 0, 'a bridge is left', () => [...asterisk.bridges.keys()].join(', '))
    must(asterisk.room !== 'none', 'new callers rejected on an empty line', () => asterisk.room)
    for (const { id } of this.#world.agents) {
      const agent = node.owner.line.agent(id)?.value
      const free = agent?.state !== 'offered' && agent?.state !== 'talking' && agent?.state !== 'wrap-up'
      must(free, 'an agent is stuck', () => JSON.stringify(agent))
    }
  }

  #flaw(flaw: Violable, subject: string): void {
    this.#found.set(`${flaw} ${subject}`, { flaw, subject })
  }

  #about(subject: string, owner: Owner): string {
    const call =
      owner.line.call(CallId(subject))?.value ??
      callsOf(owner).find((one) => 'offer' in one && agentLegOf(one.offer.id) === subject)
    const agent = owner.line.agent(AgentId(subject))?.value
    const { channels, bridges } = this.#world.asterisk
    return JSON.stringify({
      call: call ?? owner.line.call(CallId(callNamed(subject)))?.value,
      agent,
      channel: channels.get(subject as ChannelId),
      bridges: [...bridges].map(([id, members]) => [id, [...members]]),
      ears: [...this.#world.asterisk.ears],
    })
  }

  /** No agent and no caller is in two bridges, and none in a bridge of another call. */
  #oneConversationEach(): void {
    const { bridges, channels } = this.#world.asterisk
    const busy = new Set<string>()
    for (const [bridge, members] of bridges) {
      for (const id of members) {
        // Of a line whose event has not reached a stalled Redis the call is not known here.
        const call = channels.get(id)?.isSecondLine ? this.#secondLines.callOf(id) : callNamed(id)
        const isOfAnother = call !== undefined && call !== callNamed(bridge)
        must(!isOfAnother, 'a leg of another call in a bridge', () => `${id} in ${bridge}`)
      }
      if (members.size < 2) continue
      for (const id of members) {
        // A former owner's late command moves one line of a phone alone: a rule with a bound covers that.
        const party = (this.#secondLines.callOf(id) ? null : channels.get(id)?.phone?.username) ?? id
        must(
          !busy.has(party),
          'in two conversations',
          () => `${party}: ${JSON.stringify([...bridges].map(([bridge, all]) => [bridge, [...all]]))}`,
        )
        busy.add(party)
      }
    }
  }

  #sample(owner: Owner): void {
    const calls = callsOf(owner)
    this.#checkIdleAgents(owner, calls)
    for (const id of this.#overflows.overdue(owner.line))
      this.#flaw('a caller who should have overflowed', id)
    const { asterisk } = this.#world
    const legsOfAgent = new Map<string, number>()
    const wanted = new Set<string>()
    for (const call of calls) {
      this.#checkMedia(call)
      this.#checkBeside(call)
      for (const name of namesOf(call)) wanted.add(name)
    }
    for (const { id, phone, arrived, here, isSecondLine } of asterisk.channels.values()) {
      if (phone === null) {
        if (arrived === null) {
          if (owner.line.call(CallId(id))?.value.phase !== 'dialling')
            this.#flaw('a citizen’s phone dialled for nobody', id)
        } else if (!here) this.#flaw('a caller kept by the fallback', id)
        else if (owner.line.call(CallId(id)) === undefined) this.#flaw('an unknown caller', id)
        continue
      }
      if (!wanted.has(id)) this.#flaw(phone === outside ? 'an orphaned external leg' : 'an orphaned leg', id)
      if (phone.username === null) continue
      const legs = (legsOfAgent.get(phone.username) ?? 0) + (isSecondLine ? 0 : 1)
      legsOfAgent.set(phone.username, legs)
      if (legs > 1) this.#flaw('an agent with two legs', phone.username)
    }
    for (const bridge of asterisk.bridges.keys()) {
      if (!wanted.has(bridge)) this.#flaw('an orphaned bridge', bridge)
    }
    for (const ear of looseTaps(calls, asterisk)) this.#flaw('a tap without a listener', ear)
    for (const [username, { desk, web, ownCalls }] of asterisk.phones) {
      const phones = owner.line.agent(AgentId(username))?.value.phones
      if (phones === undefined) continue
      if (phones.desk === desk && phones.web === web && phones.ownCalls === ownCalls) continue
      // The phones of a removed agent are no longer read.
      if (this.#world.agents.some((profile) => profile.username === username))
        this.#flaw('a wrong phone state', username)
    }
  }

  /** Who hears whom, and the legs beside the stage. */
  #checkBeside(call: LiveCall): void {
    const { asterisk, simulatedAgents } = this.#world
    if (asterisk.channels.get(callerLegOf(call.id))?.here !== true) return
    const hasLostTap = call.supervisions.some(({ offer }) => simulatedAgents.hasLostTap(agentLegOf(offer.id)))
    for (const { flaw, subject } of hearingFlaws(call, asterisk)) {
      const isTap = flaw === 'a supervisor who hears nobody' || flaw === 'somebody is not heard'
      this.#flaw(hasLostTap && isTap ? 'a supervisor whose tap has ended' : flaw, subject)
    }
    const line = this.#secondLines.unheard(call, asterisk, this.#healthySince)
    if (line !== null) this.#flaw('an agent who does not speak by the active line', line)
    for (const { flaw, subject } of mediaFlaws(call, this.#world)) this.#flaw(flaw, subject)
  }

  #checkMedia(call: LiveCall): void {
    this.#checkDuration(call)
    const { channels } = this.#world.asterisk
    if (isNotDialled(call)) return
    const rings = 'offer' in call && channels.get(agentLegOf(call.offer.id))?.ringback === true
    if (call.phase === 'dialling' && !rings)
      this.#flaw('an agent who calls and hears no ringing tone', call.id)
    if (call.phase === 'talking' && rings) this.#flaw('a ringing tone in a conversation', call.id)
    const caller = channels.get(callerLegOf(call.id))
    if (caller === undefined) {
      const flaw = this.#inFallback.has(call.id)
        ? 'a caller who left the fallback'
        : 'a call without its caller'
      this.#flaw(flaw, call.id)
      return
    }
    if (!caller.here) return
    const bridged = this.#world.asterisk.talks(caller.id)
    switch (call.phase) {
      case 'transferred':
        if (!channels.has(agentLegOf(call.external.id)))
          this.#flaw('a caller whom the external party has left', call.id)
        else if (!bridged) this.#flaw('a talking caller who is not bridged', call.id)
        else if (caller.music) this.#flaw('a talking caller with music', call.id)
        return
      case 'transferring':
      case 'waiting':
      case 'ringing':
        // With ANSWER=agent the caller hears the network's ringing tone until the answer.
        if (call.lineAnswered && !caller.music && !isSpokenTo(call))
          this.#flaw('a waiting caller without music', call.id)
        return
      case 'talking':
        if (!channels.has(agentLegOf(call.offer.id))) this.#flaw('a conversation without its leg', call.id)
        else if (!bridged) this.#flaw('a talking caller who is not bridged', call.id)
        else if (caller.music) this.#flaw('a talking caller with music', call.id)
        return
      case 'held':
        if (!channels.has(agentLegOf(call.offer.id))) this.#flaw('a conversation without its leg', call.id)
        else if (bridged || !caller.music) this.#flaw('a held caller with audio', call.id)
        return
      case 'reconnecting':
        if (isJoined(call)) {
          if (caller.music) this.#flaw('a talking caller with music', call.id)
        } else if (!caller.music) this.#flaw('a waiting caller without music', call.id)
        return
      case 'dialling':
        this.#flaw('a citizen who has picked up and hears nobody', call.id)
        return
      case 'promised':
      case 'summoning':
      case 'greeting':
      case 'menu':
      case 'connecting':
      case 'survey':
      case 'closed':
      case 'voicemail':
      case 'dismissing':
        return
    }
  }

  /** Phases that end by a deadline. Measured with the simulator's clock, since the call's own deadline may be wrong. */
  #checkDuration(call: LiveCall): void {
    const { schedule, scenario, asterisk } = this.#world
    switch (call.phase) {
      case 'greeting':
      case 'voicemail':
      case 'dismissing': {
        // A message has a bound of its own.
        if (call.phase === 'voicemail' && call.prompt === null) return
        const isNew = schedule.elapsed - (schedule.now() - call.since) > this.#healthySince
        return this.#flaw(isNew ? 'a prompt without an end' : 'a prompt past its bound', call.id)
      }
      case 'summoning':
        return this.#flaw('an agent’s phone summoned without an end', call.id)
      case 'dialling':
        return this.#flaw('a citizen’s phone dialled without an end', call.id)
      case 'connecting':
        return this.#flaw('a connection without an end', call.id)
      case 'reconnecting':
        return this.#flaw('a reconnection without an end', call.id)
      case 'waiting': {
        // A caller in the fallback is covered by "a caller kept by the fallback".
        if (asterisk.channels.get(callerLegOf(call.id))?.here === false) return
        // After the loss of the agent the wait begins anew, at the front.
        const from = call.priority === 0 ? call.since : this.#callbacks.inLineSince(call)
        const isLate = schedule.now() > from + scenario.rules.waitMaxMs
        if (isLate) this.#flaw('a caller waiting past the limit', call.id)
        if (isBeyondGrace(call, scenario, schedule.now()))
          this.#flaw('a caller waiting beyond the grace', call.id)
        if (schedule.now() > (call.reservedFor?.until ?? Infinity))
          this.#flaw('a caller reserved past the bound', call.id)
        return
      }
      case 'transferring':
        return this.#flaw('a contact dialled without an end', call.id)
      case 'menu':
      case 'survey':
      case 'closed':
      case 'promised':
      case 'ringing':
      case 'talking':
      case 'held':
      case 'transferred':
        return
    }
  }

  /** Independent definition of a free agent, so that an error in the product's own definition is found. */
  #isFree(agent: Agent | undefined): boolean {
    if (agent?.state !== 'ready') return false
    const { desk, web, chosen, ownCalls } = agent.phones
    const canRing = chosen === 'desk' ? desk : chosen === 'web' ? web : desk || web
    const missedAt = this.#missedAt.get(agent.id)
    const hasRested = missedAt === undefined || this.#world.schedule.elapsed - missedAt >= restMs
    return canRing && ownCalls === 0 && hasRested
  }

  /** Computed from the states alone, not from the owner's sorted queues. */
  #checkIdleAgents(owner: Owner, calls: readonly LiveCall[]): void {
    const { agents, scenario, asterisk } = this.#world
    const listening = new Set(
      calls.flatMap(({ supervisions }) => supervisions.map(({ offer }) => offer.agent)),
    )
    const free = agents.filter(({ id }) => !listening.has(id) && this.#isFree(owner.line.agent(id)?.value))
    if (free.length === 0) return
    for (const call of calls) {
      const isThere = asterisk.channels.get(callerLegOf(call.id))?.here === true
      const isQueued = call.phase === 'promised' || call.phase === 'waiting'
      if (!isQueued || !(isThere || this.#callbacks.isDue(call, this.#world.schedule.now()))) continue
      const queue = scenario.queues.find(({ id }) => id === call.queue)
      if (queue === undefined) continue
      const reservedFor = call.phase === 'waiting' ? call.reservedFor : null
      const able = free.find((profile) =>
        reservedFor === null
          ? levelFor(profile, queue) !== null && !isSender(profile.id, call)
          : profile.id === reservedFor.agent,
      )
      if (able !== undefined) this.#flaw('a free agent beside a waiting caller', call.id)
    }
  }
}
