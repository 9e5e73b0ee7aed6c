/**
 * Runs the machines: each event is stepped in memory at once, so events are taken in the order in
 * which they came; the change is then saved by compare-and-set, and only what is saved is performed,
 * in order per call. Offers are made the same way: decide in memory, reserve both sides in one script.
 *
 * While Redis is away the owner goes on in memory: calls talk, wait and end; nobody new is offered.
 */
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { newAgent, stepAgent } from '../core/agent-step.ts'
import type { AgentEvent } from '../core/agent-event.ts'
import type { Agent } from '../core/agent.ts'
import { arrive, type Admission, type Arrival } from '../core/call-arrival.ts'
import type { CallEvent } from '../core/call-event.ts'
import { step, type Stepped } from '../core/call-step.ts'
import type { Call, LiveCall } from '../core/call.ts'
import { agentDeadline, callDeadline } from '../core/deadline.ts'
import type { Effect } from '../core/effect.ts'
import { OfferId, type AgentId, type CallId } from '../core/ids.ts'
import type { LineEvent } from '../core/line-event.ts'
import type { Offer } from '../core/offer.ts'
import { pick, type Pick } from '../core/routing.ts'
import { bounds, type Rules } from '../core/rules.ts'
import { Mailbox } from './mailbox.ts'
import type { Mirror } from './mirror.ts'
import type { Performer } from './perform.ts'
import type { Clock, Commit, VoiceMeter } from './ports.ts'
import type { Saver } from './saver.ts'
import { Timers } from './timers.ts'

export interface ConductorDeps {
  readonly mirror: Mirror
  readonly saver: Saver
  readonly performer: Performer
  readonly rules: Rules
  readonly clock: Clock
  readonly meter: VoiceMeter
  readonly log: Logger
  /** Whether offers may be made now (lease held, PBX and Redis there, reconciled). */
  readonly mayOffer: () => boolean
}

type Write = Commit['writes'][number]

export class Conductor {
  readonly #deps: ConductorDeps
  readonly #mailbox: Mailbox
  readonly #timers: Timers
  /** Calls whose machine broke: their media is left alone until the caller hangs up. */
  readonly #quarantined = new Set<CallId>()

  constructor(deps: ConductorDeps) {
    this.#deps = deps
    this.#timers = new Timers(deps.clock)
    this.#mailbox = new Mailbox((error) => deps.log.error({ err: error }, 'mailbox task failed'))
  }

  /** Takes up what an earlier process saved. */
  adopt(
    calls: readonly { readonly call: LiveCall; readonly version: number }[],
    agents: readonly { readonly agent: Agent; readonly version: number }[],
  ): void {
    const now = this.#deps.clock.now()
    for (const { call, version } of calls) this.#deps.mirror.setCall(call, version)
    for (const { agent, version } of agents) this.#deps.mirror.setAgent(agent, version, now)
  }

  /** Forgets nothing, but wakes up for every deadline from now on. Called once reconciled. */
  watchDeadlines(): void {
    const now = this.#deps.clock.now()
    for (const { value } of this.#deps.mirror.calls()) this.#watchCall(value)
    for (const { value } of this.#deps.mirror.agents()) this.#watchAgent(value, now)
  }

  /** A new call. Resolves when its first state is saved. */
  arrive(arrival: Arrival, admission: Admission): Promise<void> {
    const { mirror, clock, rules } = this.#deps
    if (mirror.call(arrival.id) !== undefined) return Promise.resolve()
    const stepped = arrive(arrival, admission, clock.now(), rules)
    return this.#change(arrival.id, null, 0, { type: 'CallArrived' }, stepped)
  }

  /** Feeds an event to a call; one that is not (or no longer) known is no error. */
  apply(id: CallId, event: CallEvent): Promise<void> {
    const { mirror, clock, rules, log, meter } = this.#deps
    const held = mirror.call(id)
    if (held === undefined) return Promise.resolve()
    if (this.#quarantined.has(id) && event.type !== 'CallerHungUp' && event.type !== 'CallerLost') {
      return Promise.resolve()
    }
    try {
      const stepped = step(held.value, event, clock.now(), rules)
      return this.#change(id, held.value, held.version, event, stepped)
    } catch (error) {
      this.#quarantined.add(id)
      meter.alarm('call quarantined')
      log.error({ call: id, event: event.type, err: error }, 'call quarantined')
      return Promise.resolve()
    }
  }

  /** Feeds an event to an agent, who comes into being with his first one. */
  applyAgent(id: AgentId, event: AgentEvent): Promise<void> {
    const { mirror, clock, rules } = this.#deps
    const now = clock.now()
    const held = mirror.agent(id)
    const before = held?.value ?? newAgent(id, now)
    const after = stepAgent(before, event, now, rules)
    if (after === before) return Promise.resolve()
    const { write, event: line } = this.#takeAgent(before, after, held?.version ?? 0, event)
    const saved = this.#save([write], [line], [], `agent ${id}`)
    this.dispatch()
    return saved
  }

  /** Offers calls to agents for as long as somebody waits and somebody able is free. */
  dispatch(): void {
    const { mirror, clock, mayOffer } = this.#deps
    while (mayOffer()) {
      const picked = pick(mirror.views(), clock.now())
      if (picked === null) return
      this.#offer(picked)
    }
  }

  /** Rings the agent of a conversation anew whose leg was lost, if a phone of his can ring now. */
  offerReturn(call: CallId, device: Offer['device']): Promise<void> {
    const held = this.#deps.mirror.call(call)?.value
    if (held?.phase !== 'reconnecting' || held.invited) return Promise.resolve()
    return this.apply(call, {
      type: 'ReturnOffered',
      offer: this.#newOffer(held.offer.agent, device, bounds.reconnectMs),
    })
  }

  /** Finds what a lost timer missed; called each second. */
  sweep(): void {
    const { mirror, clock } = this.#deps
    const now = clock.now()
    for (const { value } of mirror.calls()) {
      const deadline = callDeadline(value)
      if (deadline !== null && deadline <= now) void this.apply(value.id, { type: 'DeadlinePassed' })
    }
    for (const { value } of mirror.agents()) {
      const deadline = agentDeadline(value)
      if (deadline !== null && deadline <= now) this.#agentDeadline(value.id)
    }
    this.dispatch()
  }

  /** Performs effects that need no saving (they repeat what is already decided). */
  perform(call: CallId, effects: readonly Effect[]): Promise<void> {
    return this.#mailbox.post(call, () => this.#performAll(call, effects))
  }

  async stop(): Promise<void> {
    this.#timers.clear()
    await this.#mailbox.drained()
  }

  #offer({ call, agent, device, why }: Pick): void {
    const { rules, clock } = this.#deps
    const offer = this.#newOffer(agent.id, device, rules.ringTimeoutMs + bounds.offerMarginMs)
    const held = this.#deps.mirror.call(call.id)
    if (held === undefined) return
    const event: CallEvent = { type: 'OfferMade', offer, why }
    const stepped = step(call, event, clock.now(), rules)
    void this.#change(call.id, call, held.version, event, stepped, true)
  }

  #newOffer(agent: AgentId, device: Offer['device'], lifeMs: number): Offer {
    const now = this.#deps.clock.now()
    return { id: OfferId(randomUUID()), agent, device, madeAt: now, expiresAt: now + lifeMs }
  }

  /** Takes a stepped call (and its agents) into memory and saves all of it as one commit. */
  #change(
    id: CallId,
    before: LiveCall | null,
    version: number,
    event: CallEvent,
    stepped: Stepped,
    reserve = false,
  ): Promise<void> {
    const { mirror, clock, rules, log } = this.#deps
    if (stepped.call === before) {
      return stepped.effects.length === 0 ? Promise.resolve() : this.perform(id, stepped.effects)
    }
    const now = clock.now()
    const agents = stepped.agents.flatMap(({ agent, event: told }) => {
      const held = mirror.agent(agent)
      const agentBefore = held?.value ?? newAgent(agent, now)
      const after = stepAgent(agentBefore, told, now, rules)
      return after === agentBefore ? [] : [this.#takeAgent(agentBefore, after, held?.version ?? 0, told)]
    })
    this.#takeCall(stepped.call, version + 1)
    const line: LineEvent = { subject: 'call', id, seq: version + 1, at: now, event, after: stepped.call }
    log.info({ call: id, from: before?.phase ?? null, event: event.type, to: stepped.call.phase }, 'call')
    const write: Write = { entity: { kind: 'call', call: stepped.call }, from: version }
    const saved = this.#save(
      [write, ...agents.map((agent) => agent.write)],
      [line, ...agents.map((agent) => agent.event)],
      stepped.effects,
      id,
      reserve,
    )
    // A call waits, or an agent is free: both look for the other after their own change.
    if (!reserve) this.dispatch()
    return saved
  }

  #takeCall(call: Call, version: number): void {
    this.#deps.mirror.setCall(call, version)
    if (call.phase === 'ended') this.#quarantined.delete(call.id)
    this.#watchCall(call)
  }

  #watchCall(call: Call): void {
    this.#timers.set(`call ${call.id}`, callDeadline(call), () => {
      void this.apply(call.id, { type: 'DeadlinePassed' })
    })
  }

  #watchAgent(agent: Agent, now: number): void {
    this.#timers.set(`agent ${agent.id}`, futureOf(agentDeadline(agent), now), () => {
      this.#agentDeadline(agent.id)
    })
  }

  #takeAgent(before: Agent, after: Agent, version: number, event: AgentEvent) {
    const { mirror, clock, log } = this.#deps
    const now = clock.now()
    mirror.setAgent(after, version + 1, now)
    this.#watchAgent(after, now)
    log.info({ agent: after.id, from: before.state, event: event.type, to: after.state }, 'agent')
    const write: Write = { entity: { kind: 'agent', agent: after }, from: version }
    const line: LineEvent = { subject: 'agent', id: after.id, seq: version + 1, at: now, event, after }
    return { write, event: line }
  }

  #agentDeadline(id: AgentId): void {
    const { mirror, clock } = this.#deps
    // A rest that is over changes no state; it only makes the agent free again.
    mirror.refreshCandidate(id, clock.now())
    void this.applyAgent(id, { type: 'DeadlinePassed' })
    this.dispatch()
  }

  #save(
    writes: readonly Write[],
    events: readonly LineEvent[],
    effects: readonly Effect[],
    key: string,
    reserve = false,
  ): Promise<void> {
    const commit: Commit = { id: randomUUID(), writes, events, effects }
    // Sent now, in the order of the changes; what follows is done when the reply is there.
    const sent = this.#deps.saver.save(commit, reserve)
    return this.#mailbox.post(key, async () => {
      if ((await sent) === 'dropped') return
      await this.#performAll(key as CallId, effects)
      if (effects.length > 0) this.#deps.saver.performed(commit.id)
    })
  }

  async #performAll(call: CallId, effects: readonly Effect[]): Promise<void> {
    for (const effect of effects) {
      const outcome = await this.#deps.performer.perform(call, effect)
      // Not awaited: the event posts to this same mailbox, behind the present task.
      if (outcome !== null) void this.apply(call, outcome.event)
    }
  }
}

const futureOf = (at: number | null, now: number): number | null => (at !== null && at > now ? at : null)
