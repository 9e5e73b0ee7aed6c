/**
 * Runs the state machines. Each event is stepped in memory at once, so events take effect in the order of their
 * arrival. The change is then saved by compare-and-set, and its effects are performed once it is saved, in order per
 * call. An offer is the same: one commit changes the call and the agent.
 *
 * While Redis is away the owner goes on in memory: calls talk, wait and end; no new offer is made.
 */
import type { Logger } from 'pino'
import { newAgent, stepAgent } from '../core/agent-step.ts'
import type { AgentEvent } from '../core/agent-event.ts'
import { reachableDevice, type Agent } from '../core/agent.ts'
import { arrive, isServed, type Admission, type Arrival } from '../core/call-arrival.ts'
import type { CallEvent, Returned } from '../core/call-event.ts'
import { returnedBy } from '../core/steps/callback.ts'
import { placed, type CallOut } from '../core/steps/placed.ts'
import { endBroken, momentOf, step } from '../core/call-step.ts'
import { inConversation, type Call, type LiveCall, type Promised } from '../core/call.ts'
import type { Contact, External } from '../core/contact.ts'
import type { Effect } from '../core/effect.ts'
import { callerLegOf, offerIn, outboundCallIn, type AgentId, type CallId, type Millis } from '../core/ids.ts'
import type { AcdEvent } from '../core/acd-event.ts'
import { failedAtPhone, type Offer } from '../core/offer.ts'
import { pick, type Pick } from '../core/routing.ts'
import { bounds, rulesIn, type Rules } from '../core/rules.ts'
import type { Stepped } from '../core/steps/next.ts'
import { invariant } from '../core/invariant.ts'
import { freedBy } from './quarantined-calls.ts'
import { isServedIn } from './callbacks/on-line.ts'
import { Deadlines } from './deadlines.ts'
import { CallsOut } from './desk/calls-out.ts'
import { HandlingTimes } from './announcements/handling-times.ts'
import { EffectQueue, type Undone } from './effect-queue.ts'
import { LatestIds } from './latest-ids.ts'
import { RecentCallers } from './recent-callers.ts'
import type { AcdState } from './acd-state.ts'
import type { Performer } from './perform.ts'
import type { Clock, Commit, AcdMeter } from './ports.ts'
import type { StateWriter } from './state-writer.ts'

export interface ConductorDeps {
  readonly acdState: AcdState
  readonly stateWriter: StateWriter
  readonly performer: Performer
  readonly rules: Rules
  readonly clock: Clock
  readonly newId: () => string
  readonly meter: AcdMeter
  readonly log: Logger
  /** Whether offers may be made now (lease held, PBX and Redis there, reconciled). */
  readonly mayOffer: () => boolean
  /** Whether agents of lost legs may be rung again: conversations are mended while Redis is away as well. */
  readonly mayReconnect: () => boolean
  /** False once another node may be the owner. */
  readonly mayPerform: () => boolean
}

type Write = Commit['writes'][number]

export class Conductor {
  readonly #deps: ConductorDeps
  readonly #queue: EffectQueue
  readonly #deadlines: Deadlines
  /** Calls whose step threw: their media is left alone until the caller hangs up. */
  readonly #quarantined = new Set<CallId>()
  readonly #ended = new LatestIds<CallId>()
  readonly #recent: RecentCallers
  readonly callsOut: CallsOut
  readonly handlingTimes: HandlingTimes
  /**
   * Calls whose agent was rung again in vain. Without this an unreachable agent would be rung again and again: the
   * next attempt waits until their phones change.
   */
  readonly #notReturned = new Set<CallId>()
  #dispatching = false

  constructor(deps: ConductorDeps) {
    this.#deps = deps
    this.#recent = new RecentCallers(deps.rules.returningMs, () => deps.clock.now())
    this.callsOut = new CallsOut(deps.clock)
    this.handlingTimes = new HandlingTimes((call) => deps.acdState.call(call)?.value.queue)
    this.#deadlines = new Deadlines(deps.acdState, deps.clock, {
      call: (id, passed) => this.#callDeadline(id, passed),
      agent: (id, passed) => this.#agentDeadline(id, passed),
    })
    this.#queue = new EffectQueue({
      ...deps,
      followed: (call, event) => void this.apply(call, event),
      eased: () => this.dispatch(),
    })
  }

  /** Loads the state that an earlier process saved. */
  adopt(
    calls: readonly { readonly call: LiveCall; readonly version: number }[],
    agents: readonly { readonly agent: Agent; readonly version: number }[],
    undone: readonly Omit<Undone, 'call'>[],
  ): void {
    const { clock } = this.#deps
    for (const { call, version } of calls) this.#deps.acdState.setCall(call, version)
    for (const { agent } of agents) clock.advanceTo(agent.since)
    for (const { call } of calls) clock.advanceTo(call.since, true)
    this.#queue.keep(undone.map((one) => ({ ...one, call: null })))
    for (const effect of undone.flatMap(({ effects }) => effects)) {
      // A recording is handed over only when its call has ended.
      if (effect.do === 'FinishRecording') this.#ended.add(effect.call)
    }
    for (const { agent, version } of agents) this.#deps.acdState.setAgent(agent, version, clock.now())
  }

  /** Sets the timers of all deadlines. Called once reconciled. */
  watchDeadlines(): void {
    this.#deadlines.watchAll()
  }

  /** A new call. Resolves when its first state is saved. */
  arrive(arrival: Arrival, admission: Admission): Promise<void> {
    const { acdState, clock, rules } = this.#deps
    if (acdState.call(arrival.id) !== undefined) return Promise.resolve()
    if (this.#ended.has(arrival.id)) {
      // This call has ended already; the hang-up is still under way, or was lost.
      return this.perform(arrival.id, [{ do: 'HangUp', channel: callerLegOf(arrival.id), as: 'normal' }])
    }
    const stepped = arrive(arrival, admission, clock.now(), rules)
    const { block } = arrival
    const event: CallEvent = block === null ? { type: 'CallArrived' } : { type: 'CallArrived', block }
    const callback = isServed(stepped.call) ? arrival.callback : null
    // Before an agent is looked for: the citizen has the place now.
    if (callback !== null) acdState.setDue(callback.id, false)
    const saved = this.#change(arrival.id, null, 0, event, stepped)
    if (callback !== null) void this.apply(callback.id, { type: 'CallerCameBack', call: arrival.id })
    return saved
  }

  /** The agent, who must not be engaged, calls a citizen. Resolves when the call's first state is saved. */
  callOut(
    call: Omit<CallOut, 'id' | 'offer'>,
    by: AgentId,
    device: Offer['device'],
    returns: Returned | null,
  ): Promise<void> {
    const now = this.#deps.clock.now()
    const id = outboundCallIn(call.pbx, now, this.#deps.newId())
    const offer = this.#newOffer(id, by, device, bounds.summonMs + bounds.offerMarginMs)
    const event: CallEvent = { type: 'CallPlaced', by, returns }
    return this.#change(id, null, 0, event, placed({ ...call, id, offer }, now), now)
  }

  /** A callback that was promised in no call. Resolves when it is saved. */
  beginCallback(call: Promised): Promise<void> {
    const { write, event } = this.#begin(call, this.#deps.clock.now())
    return this.#save([write], [event], [], call.id)
  }

  /** Applies an event to a call; an unknown call is no error. The event's time is `since` at the earliest. */
  apply(id: CallId, event: CallEvent, since: Millis = 0): Promise<void> {
    const { acdState, clock, rules } = this.#deps
    const now = Math.max(clock.now(), since)
    const held = acdState.call(id)
    if (held === undefined) return Promise.resolve()
    if (this.#quarantined.has(id)) return this.#applyBroken(held.value, held.version, event)
    try {
      const ruled = rulesIn(acdState.queue(held.value.queue), rules)
      const stepped = step(held.value, event, now, ruled)
      return this.#change(id, held.value, held.version, event, stepped, now)
    } catch (error) {
      this.#quarantine(id, event.type, error)
      return Promise.resolve()
    }
  }

  /** Applies an event to an agent; the first event creates the agent's state. */
  applyAgent(id: AgentId, event: AgentEvent, since: Millis = 0): Promise<void> {
    const { acdState, clock, rules } = this.#deps
    const now = Math.max(clock.now(), since)
    const held = acdState.agent(id)
    const before = held?.value ?? newAgent(id, now)
    const phoneMayRing = event.type === 'PhonesChanged' || event.type === 'DeviceChosen'
    if (phoneMayRing && before.state === 'talking') this.#notReturned.delete(before.call)
    const after = stepAgent(before, event, now, rules)
    if (after === before) {
      // A phone that registers anew changes no state, and may be why the last attempt failed.
      if (event.type === 'PhonesChanged') this.dispatch()
      return Promise.resolve()
    }
    const { write, event: line } = this.#takeAgent(before, after, held?.version ?? 0, event, now)
    const saved = this.#save([write], [line], [], `agent ${id}`)
    this.dispatch()
    return saved
  }

  /**
   * Rings agents: first those who lost their caller, then for as long as a caller waits and an able agent is free.
   * Called after every change; nothing else decides that an agent is rung.
   */
  dispatch(): void {
    // An offer is a change as well, after which this loop goes on by itself.
    if (this.#dispatching) return
    this.#dispatching = true
    try {
      this.#offerReturns()
      this.#offerWaiting()
    } finally {
      this.#dispatching = false
    }
  }

  /** Callers whose agent's leg was lost: the same agent is rung again, wherever they can be reached now. */
  #offerReturns(): void {
    const { acdState, mayReconnect } = this.#deps
    for (const call of acdState.toReconnect()) {
      const { agent } = call.offer
      const phones = acdState.agent(agent)?.value.phones
      const device = phones === undefined ? null : reachableDevice(phones)
      if (device === null || this.#notReturned.has(call.id) || !mayReconnect()) continue
      const offer = this.#newOffer(call.id, agent, device, this.#deps.rules.reconnectMs)
      void this.apply(call.id, { type: 'ReturnOffered', offer })
    }
  }

  #offerWaiting(): void {
    const { acdState, clock, mayOffer, rules } = this.#deps
    while (mayOffer() && this.#queue.mayRing()) {
      const picked = pick(acdState.views(), clock.now(), rules, this.#recent.agentOf)
      if (picked === null) return
      try {
        this.#offer(picked)
      } catch (error) {
        this.#quarantine(picked.call.id, 'OfferMade', error)
        return
      }
    }
  }

  /** Whether this call is quarantined: its media is left alone until the caller hangs up. */
  readonly isBroken = (id: CallId): boolean => this.#quarantined.has(id)

  /** Whether commands of this call are under way, so that Asterisk may not yet match memory. */
  readonly isAtWorkFor = (id: CallId): boolean => this.#queue.isAtWorkFor(id)

  /** Whether the PBX is so slow that more callers would only make it slower. */
  readonly isStrained = (): boolean => this.#queue.isStrained()

  /** The caller is in the application again, and is served like any other. */
  returned(id: CallId): void {
    if (this.#quarantined.has(id)) return
    this.#deps.acdState.attach(id)
    this.dispatch()
  }

  /** Finds what a lost timer missed; called each second. */
  sweep(): void {
    // Before a reservation runs out that could be kept only now.
    this.dispatch()
    this.#deadlines.sweep()
    this.dispatch()
  }

  /** Performs effects that need no commit: they repeat a decision that is saved already. */
  perform(call: CallId, effects: readonly Effect[]): Promise<void> {
    return this.#queue.perform(call, effects)
  }

  /** Repeats the effects that failed so far and are still wanted. */
  async repeatUndone(isStillPending: (effect: Effect) => boolean): Promise<void> {
    await Promise.all(this.#queue.takeUndone().map((undone) => this.#queue.repeat(undone, isStillPending)))
  }

  async stop(): Promise<void> {
    this.#deadlines.stop()
    await this.#queue.drained()
  }

  /** One attempt to bring an agent into the call beside the one who serves it. */
  offerBeside(call: CallId, agent: AgentId, device: Offer['device']): Offer {
    return this.#newOffer(call, agent, device, this.#deps.rules.ringTimeoutMs + bounds.offerMarginMs)
  }

  /** One attempt to reach a contact for the call; `ringMs`: how long their phone rings. */
  externalFor(call: CallId, contact: Contact, ringMs: Millis): External {
    const madeAt = this.#deps.clock.now()
    const expiresAt = madeAt + ringMs + bounds.dialMarginMs
    return { id: offerIn(call, this.#deps.newId()), contact, madeAt, expiresAt }
  }

  #offer({ call, agent, device, why }: Pick): void {
    const { rules, clock } = this.#deps
    const offer = this.#newOffer(call.id, agent.id, device, rules.ringTimeoutMs + bounds.offerMarginMs)
    const held = this.#deps.acdState.call(call.id)
    invariant(held?.value === call, 'the queue holds another state of the call than the memory')
    const event: CallEvent = { type: 'OfferMade', offer, why }
    const stepped = step(call, event, clock.now(), rules)
    void this.#change(call.id, call, held.version, event, stepped)
  }

  #newOffer(call: CallId, agent: AgentId, device: Offer['device'], lifeMs: number): Offer {
    const now = this.#deps.clock.now()
    return { id: offerIn(call, this.#deps.newId()), agent, device, madeAt: now, expiresAt: now + lifeMs }
  }

  /** Takes a stepped call (and its agents) into memory and saves all of it as one commit. */
  #change(
    id: CallId,
    before: LiveCall | null,
    version: number,
    event: CallEvent,
    stepped: Stepped,
    now = this.#deps.clock.now(),
  ): Promise<void> {
    const { acdState, rules, log } = this.#deps
    if (stepped.call === before) {
      return stepped.effects.length === 0 ? Promise.resolve() : this.perform(id, stepped.effects)
    }
    const agents = stepped.agents.flatMap(({ agent, event: told }) => {
      const held = acdState.agent(agent)
      const agentBefore = held?.value ?? newAgent(agent, now)
      const after = stepAgent(agentBefore, told, now, rules)
      return after === agentBefore ? [] : [this.#takeAgent(agentBefore, after, held?.version ?? 0, told, now)]
    })
    const to = acdState.afterCall(id, version)
    this.#takeCall(stepped.call, to)
    const begun = stepped.begins === undefined ? [] : [this.#begin(stepped.begins, now)]
    this.callsOut.changed(event, stepped.call)
    for (const { offer } of [...(before?.supervisions ?? []), ...stepped.call.supervisions])
      acdState.refreshCandidate(offer.agent, now)
    if (stepped.call.phase !== 'reconnecting') this.#notReturned.delete(id)
    else if (event.type === 'OfferEnded' && failedAtPhone(event.end)) this.#notReturned.add(id)
    const line: AcdEvent = { subject: 'call', id, seq: to, at: now, event, after: stepped.call }
    log.info({ call: id, from: before?.phase ?? null, event: event.type, to: stepped.call.phase }, 'call')
    const write: Write = { entity: { kind: 'call', call: stepped.call }, from: version, to }
    const saved = this.#save(
      [write, ...[...begun, ...agents].map((one) => one.write)],
      [line, ...[...begun, ...agents].map((one) => one.event)],
      stepped.effects,
      id,
    )
    if (before?.phase !== stepped.call.phase)
      this.#endCallback([stepped.call, ...(before === null ? [] : [before])])
    // A call waits, or an agent is free: both look for the other after their own change.
    this.dispatch()
    return saved
  }

  /** The citizen has talked with an agent, and is not called back. `call`: after a step, and before it. */
  #endCallback(call: readonly [Call, ...Call[]]): void {
    if (!call.some(inConversation)) return
    const [{ id, caller }] = call
    const callback = this.#deps.acdState.callbackTo(caller.number)
    if (callback !== null && call.some((one) => isServedIn(callback, one)))
      void this.apply(callback.id, { type: 'CallerServed', call: id })
  }

  #begin(call: Promised, now: Millis) {
    const to = this.#deps.acdState.afterCall(call.id, 0)
    this.#takeCall(call, to)
    const placed: CallEvent = { type: 'CallPlaced', by: null, returns: returnedBy(call) }
    const event: AcdEvent = { subject: 'call', id: call.id, seq: to, at: now, event: placed, after: call }
    this.#deps.log.info({ call: call.id, from: null, event: placed.type, to: call.phase }, 'call')
    const write: Write = { entity: { kind: 'call', call }, from: 0, to }
    return { write, event }
  }

  #takeCall(call: Call, version: number): void {
    this.#deps.acdState.setCall(call, version)
    if (call.phase === 'ended') {
      this.#quarantined.delete(call.id)
      this.#ended.add(call.id)
      this.#recent.ended(call)
    }
    this.#deadlines.watchCall(call)
  }

  #quarantine(id: CallId, event: CallEvent['type'], error: unknown): void {
    const { acdState, meter, log } = this.#deps
    this.#quarantined.add(id)
    acdState.detach(id)
    meter.alarm('call quarantined')
    log.error({ call: id, event, err: error }, 'call quarantined')
  }

  /** A quarantined call: its media is left alone, its agent is freed, and it ends with its caller. */
  #applyBroken(call: LiveCall, version: number, event: CallEvent): Promise<void> {
    if (event.type === 'CallerHungUp' || event.type === 'CallerLost') {
      return this.#change(
        call.id,
        call,
        version,
        event,
        endBroken(call, momentOf(call, event, this.#deps.clock.now())),
      )
    }
    const freed = freedBy(call, event, this.#deps.acdState)
    return freed === null ? Promise.resolve() : this.applyAgent(freed.agent, freed.event)
  }

  #takeAgent(before: Agent, after: Agent, version: number, event: AgentEvent, now: Millis) {
    const { acdState, log } = this.#deps
    const to = acdState.afterAgent(after.id, version)
    acdState.setAgent(after, to, now)
    this.handlingTimes.changed(before, after, now)
    this.#deadlines.watchAgent(after)
    log.info({ agent: after.id, from: before.state, event: event.type, to: after.state }, 'agent')
    const write: Write = { entity: { kind: 'agent', agent: after }, from: version, to }
    const line: AcdEvent = { subject: 'agent', id: after.id, seq: to, at: now, event, after }
    return { write, event: line }
  }

  #callDeadline(id: CallId, passed: Millis): void {
    const call = this.#deps.acdState.call(id)?.value
    // A reservation does not run out while nobody can be rung.
    if (call?.phase === 'waiting' && call.reservedFor?.until === passed && !this.#deps.mayOffer()) return
    void this.apply(id, { type: 'DeadlinePassed' }, passed)
  }

  #agentDeadline(id: AgentId, passed: Millis): void {
    // A rest that is over changes no state; it only makes the agent free again.
    this.#deps.acdState.refreshCandidate(id, Math.max(this.#deps.clock.now(), passed))
    void this.applyAgent(id, { type: 'DeadlinePassed' }, passed)
    this.dispatch()
  }

  #save(
    writes: readonly Write[],
    events: readonly AcdEvent[],
    effects: readonly Effect[],
    key: string,
  ): Promise<void> {
    return this.#queue.save(key, { id: this.#deps.newId(), writes, events, effects })
  }
}
