/**
 * The line as its owner decides on it, without Asterisk, Redis and promises: the owner's queues, the state machines of calls and
 * agents, routing, and what the owner looks after each second, all of them the product's own. The conductor, which saves and
 * performs what is decided, is left to `make simulate`.
 */
import { AcdState } from '../../src/acd/acd-state.ts'
import { Announcer } from '../../src/acd/announcements/announcer.ts'
import { HandlingTimes } from '../../src/acd/announcements/handling-times.ts'
import { meaningOf, type QuestionDeps } from '../../src/acd/callbacks/by-key.ts'
import { callbacksNow } from '../../src/acd/callbacks/due.ts'
import type { Clock, Directory } from '../../src/acd/ports.ts'
import { overflow } from '../../src/acd/queues/overflow.ts'
import type { AgentEvent } from '../../src/core/agent-event.ts'
import { newAgent, stepAgent } from '../../src/core/agent-step.ts'
import type { Agent } from '../../src/core/agent.ts'
import { arrive, type Arrival } from '../../src/core/call-arrival.ts'
import type { CallEvent } from '../../src/core/call-event.ts'
import { nextOf } from '../../src/core/call-step.ts'
import type { Call, LiveCall, Waiting } from '../../src/core/call.ts'
import type { MenuKey } from '../../src/core/configuration/menu.ts'
import { usualPauses } from '../../src/core/configuration/pauses.ts'
import { offerIn, type AgentId, type CallId } from '../../src/core/ids.ts'
import { invariant } from '../../src/core/invariant.ts'
import type { Opening } from '../../src/core/opening-hours.ts'
import { pick } from '../../src/core/routing.ts'
import { bounds } from '../../src/core/rules.ts'
import type { Next } from '../../src/core/steps/next.ts'
import type { Agenda } from './agenda.ts'
import { closesAt, type Day } from './scenario.ts'

/** Told of every change, in order. */
export interface Observer {
  /** `before`: null of a call that begins. An event that changes nothing is not told. */
  callChanged(before: LiveCall | null, event: CallEvent, after: Call): void
  agentChanged(after: Agent): void
}

const done = Promise.resolve()

export class Line {
  readonly acdState = new AcdState()
  readonly #day: Day
  readonly #agenda: Agenda
  readonly #observer: Observer
  readonly #clock: Clock
  readonly #question: QuestionDeps
  readonly #handlingTimes: HandlingTimes
  readonly #announcer: Announcer
  #offers = 0
  #decisions = 0
  #dispatching = false

  constructor(day: Day, agenda: Agenda, observer: Observer) {
    this.#day = day
    this.#agenda = agenda
    this.#observer = observer
    const { acdState } = this
    const profiles = day.agents.map(({ profile }) => profile)
    acdState.setDirectory(profiles, day.queues, agenda.now)
    this.#clock = clockOf(agenda)
    this.#handlingTimes = new HandlingTimes((call) => acdState.call(call)?.value.queue)
    this.#question = {
      acdState,
      directory: directoryOf(day),
      rules: day.rules,
      hasSound: () => true,
    }
    this.#announcer = new Announcer({
      ...this.#question,
      conductor: { apply: this.apply, handlingTimes: this.#handlingTimes },
      clock: this.#clock,
      mayAnnounce: () => true,
    })
  }

  /** How many times an agent was looked for. */
  get decisions(): number {
    return this.#decisions
  }

  arrive(arrival: Arrival): void {
    const admission = { opening: this.#opening(), ...this.acdState.crowd() }
    const next = arrive(arrival, admission, this.#agenda.now, this.#day.rules)
    this.#change(null, { type: 'CallArrived' }, next)
  }

  readonly apply = (id: CallId, event: CallEvent): Promise<void> => {
    const call = this.acdState.call(id)?.value
    if (call !== undefined) this.#change(call, event, nextOf(call, event, this.#agenda.now, this.#day.rules))
    return done
  }

  pressKey(call: Waiting, key: MenuKey): void {
    void this.apply(call.id, meaningOf(call, key, this.#question))
  }

  applyAgent(id: AgentId, event: AgentEvent): void {
    const before = this.acdState.agent(id)?.value ?? newAgent(id, this.#agenda.now)
    this.#changeAgent(before, event)
    this.dispatch()
  }

  /** The rest of an agent after a failed offer is over. */
  rested(id: AgentId): void {
    this.acdState.refreshCandidate(id, this.#agenda.now)
    this.dispatch()
  }

  /** As the owner does each second. */
  look(): void {
    const { acdState } = this
    callbacksNow(
      { acdState, conductor: this },
      { ...this.#question, clock: this.#clock, opening: () => this.#opening() },
    )
    this.dispatch()
    overflow({ ...this.#question, conductor: this, clock: this.#clock, takesCalls: () => true })
    this.#announcer.sweep()
  }

  dispatch(): void {
    // An offer is a change as well, after which this loop goes on by itself.
    if (this.#dispatching) return
    this.#dispatching = true
    for (;;) {
      this.#decisions += 1
      const { now } = this.#agenda
      const picked = pick(this.acdState.views(), now, this.#day.rules)
      if (picked === null) break
      const { call, agent, device, why } = picked
      const id = offerIn(call.id, String(this.#offers++))
      const expiresAt = now + this.#day.rules.ringTimeoutMs + bounds.offerMarginMs
      const offer = { id, agent: agent.id, device, madeAt: now, expiresAt }
      void this.apply(call.id, { type: 'OfferMade', offer, why })
      invariant(this.acdState.call(call.id)?.value !== call, 'an offer changed nothing')
    }
    this.#dispatching = false
  }

  #opening(): Opening {
    return this.#agenda.now < closesAt
      ? { open: true, closesAt }
      : { open: false, opensAt: null, closedAt: closesAt }
  }

  #change(before: LiveCall | null, event: CallEvent, next: Next): void {
    const { call, agents, begins } = next
    if (call === before) return
    for (const { agent, event: told } of agents)
      this.#changeAgent(this.acdState.agent(agent)?.value ?? newAgent(agent, this.#agenda.now), told)
    this.acdState.setCall(call, 1)
    if (begins !== undefined) this.acdState.setCall(begins, 1)
    this.#observer.callChanged(before, event, call)
    if (begins !== undefined)
      this.#observer.callChanged(null, { type: 'CallPlaced', by: null, returns: null }, begins)
    this.dispatch()
  }

  #changeAgent(before: Agent, event: AgentEvent): void {
    const { now } = this.#agenda
    const after = stepAgent(before, event, now, this.#day.rules)
    if (after === before) return
    this.acdState.setAgent(after, 1, now)
    this.#handlingTimes.changed(before, after, now)
    this.#observer.agentChanged(after)
  }
}

const clockOf = (agenda: Agenda): Clock => ({
  now: () => agenda.now,
  wall: () => agenda.now,
  monotonic: () => agenda.now,
  advanceTo: () => undefined,
  after: (waitMs, wake) => {
    agenda.after(waitMs, wake)
    return () => undefined
  },
})

function directoryOf({ agents, queues }: Day): Directory {
  const profiles = agents.map(({ profile }) => profile)
  const [first] = queues
  return {
    agents: () => profiles,
    queues: () => queues,
    numbers: () => [],
    pauses: () => ({ offered: usualPauses, former: [] }),
    outbound: () => null,
    contacts: () => [],
    callerNotices: () => [],
    blockOf: () => null,
    queueOf: () => first,
    menuOf: () => null,
    agentByUsername: () => undefined,
    onChange: () => undefined,
  }
}
