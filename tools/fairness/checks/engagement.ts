/** No agent has two calls, no citizen is dialled without one, and nobody who is free sits beside a caller whom they serve. */
import type { Agent } from '../../../src/core/agent.ts'
import type { Call, LiveCall } from '../../../src/core/call.ts'
import type { AgentId, CallId, Millis } from '../../../src/core/ids.ts'
import type { AgentProfile } from '../../../src/core/queue.ts'
import { lookMs, mayBeOffered, serves } from './order.ts'
import type { Callers } from './callers.ts'
import type { Violations } from './violations.ts'

export class Engagement {
  /** By the calls that name them. */
  readonly #engaged = new Map<AgentId, CallId>()
  /** Whose citizens are dialled. */
  readonly #dialled = new Set<CallId>()
  readonly #signedIn = new Set<AgentId>()
  /** Since when they are ready; the rest after an offer that failed included. */
  readonly #readySince = new Map<AgentId, Millis>()
  readonly #profiles: readonly AgentProfile[]

  readonly #violations: Violations

  constructor(profiles: readonly AgentProfile[], violations: Violations) {
    this.#profiles = profiles
    this.#violations = violations
  }

  agentChanged({ id, state }: Agent, now: Millis): void {
    if (state === 'signed out') this.#signedIn.delete(id)
    else this.#signedIn.add(id)
    if (state !== 'ready') this.#readySince.delete(id)
    else if (!this.#readySince.has(id)) this.#readySince.set(id, now)
  }

  callChanged(before: LiveCall | null, after: Call): void {
    const freed = before !== null && 'offer' in before ? before.offer.agent : null
    if (freed !== null && this.#engaged.get(freed) === after.id) this.#engaged.delete(freed)
    if (after.phase === 'dialling') this.#dialled.add(after.id)
    else this.#dialled.delete(after.id)
    if (!('offer' in after)) return
    const { agent } = after.offer
    this.#violations.must(
      !this.#engaged.has(agent),
      'an agent was offered a call while engaged',
      () => `${agent}: ${after.id}`,
    )
    this.#engaged.set(agent, after.id)
    if (after.phase === 'dialling' && before?.phase !== 'dialling') this.#checkDialled()
  }

  /** Those who have picked up for a citizen are free for nobody else. */
  #checkDialled(): void {
    const others = [...this.#engaged.values()].filter((call) => !this.#dialled.has(call)).length
    const [dialled, free] = [this.#dialled.size, this.#signedIn.size - others]
    this.#violations.must(
      dialled <= free,
      'more citizens were dialled than agents were free',
      () => `${dialled} with ${free} agents`,
    )
  }

  checkIdle({ waiting }: Callers, now: Millis): void {
    if (waiting.size === 0 || this.#readySince.size === 0) return
    for (const profile of this.#profiles) {
      if ((this.#readySince.get(profile.id) ?? now) > now - lookMs) continue
      for (const tracked of waiting) {
        const isPassing = tracked.since > now - lookMs || !mayBeOffered(tracked, now)
        this.#violations.must(
          isPassing || !serves(profile, tracked.queue),
          'a free agent beside a caller whom they serve',
          () => `${profile.id}, ${tracked.caller.id}`,
        )
      }
    }
  }
}
