/**
 * Wakes calls and agents when their states end by time. A timer makes it punctual; the sweep finds what a lost timer
 * missed.
 */
import type { Agent } from '../core/agent.ts'
import type { Call } from '../core/call.ts'
import { agentDeadline, callDeadline } from '../core/deadline.ts'
import type { AgentId, CallId, Millis } from '../core/ids.ts'
import type { AcdState } from './acd-state.ts'
import type { Clock } from './ports.ts'
import { Timers } from './timers.ts'

/**
 * `passed` is the deadline. It may lie ahead of the clock: timers are monotonic, and the clock may have been set back
 * meanwhile.
 */
export interface Wakes {
  readonly call: (id: CallId, passed: Millis) => void
  readonly agent: (id: AgentId, passed: Millis) => void
}

/** The stages in which the fallback queue may have the caller for longer than the stage lasts. */
const keptElsewhere: readonly Call['phase'][] = [
  'greeting',
  'menu',
  'closed',
  'voicemail',
  'survey',
  'waiting',
]

export class Deadlines {
  readonly #acdState: AcdState
  readonly #clock: Clock
  readonly #wake: Wakes
  readonly #timers: Timers

  constructor(acdState: AcdState, clock: Clock, wake: Wakes) {
    this.#acdState = acdState
    this.#clock = clock
    this.#wake = wake
    this.#timers = new Timers(clock)
  }

  watchCall(call: Call): void {
    const at = callDeadline(call)
    this.#timers.set(`call ${call.id}`, at, () => this.#callPassed(call.id, at ?? 0))
  }

  watchAgent(agent: Agent): void {
    const at = agentDeadline(agent)
    // A rest that is over changes nothing: only a future deadline gets a timer.
    const future = at !== null && at > this.#clock.now() ? at : null
    this.#timers.set(`agent ${agent.id}`, future, () => this.#wake.agent(agent.id, future ?? 0))
  }

  watchAll(): void {
    for (const { value } of this.#acdState.calls()) this.watchCall(value)
    for (const { value } of this.#acdState.agents()) this.watchAgent(value)
  }

  sweep(): void {
    const now = this.#clock.now()
    for (const { value } of this.#acdState.calls()) {
      const at = callDeadline(value)
      if (at !== null && at <= now) this.#callPassed(value.id, at)
    }
    for (const { value } of this.#acdState.agents()) {
      const at = agentDeadline(value)
      if (at !== null && at <= now) this.#wake.agent(value.id, at)
    }
  }

  /** Cancels all timers. */
  stop(): void {
    this.#timers.stop()
  }

  #callPassed(id: CallId, passed: Millis): void {
    // A caller who waits in the fallback queue cannot be dismissed from here, and is read no menu.
    const phase = this.#acdState.call(id)?.value.phase
    if (phase !== undefined && keptElsewhere.includes(phase) && this.#acdState.isDetached(id)) return
    this.#wake.call(id, passed)
  }
}
