/**
 * Nobody who waits is passed over by a later caller of their queue, or by one of another queue whose effective priority
 * is higher, the lowest being served first; and what follows for the time after which nobody overtakes any more.
 *
 * A caller of the queue `l` has waited for `w` when one of the queue `h`, who has waited for `v`, is offered to an agent who serves
 * both: `pₕ − v/aₕ ≤ pₗ − w/aₗ`, or `w/aₗ − v/aₕ ≤ d`, with `d = pₗ − pₕ` steps. So
 *
 * - where `aₗ ≤ aₕ`, the one came at most `aₗ·d` after the other: `w − v ≤ w(1 − aₕ/aₗ) + aₕ·d` falls with `w` and meets `w` at `aₗ·d`;
 * - where `aₗ > aₕ`, the one has waited as well: `w ≤ aₗ(d + v/aₕ)`, so the wait is bounded by the longest of the other queue.
 */
import type { AgentProfile, Queue } from '../../../src/core/queue.ts'
import type { Millis } from '../../../src/core/ids.ts'
import { closesAt } from '../scenario.ts'
import type { Callers, Tracked } from './callers.ts'
import type { Violations } from './violations.ts'

/** The owner looks each second; here, to save time, less often. */
export const lookMs = 10_000

export const serves = ({ skills }: AgentProfile, { skill, levelMin }: Queue): boolean =>
  (skills[skill] ?? 0) >= levelMin

export class Order {
  readonly #callers: Callers
  readonly #violations: Violations
  readonly #waitMaxMs: Millis
  /** The longest wait at an offer, of the callers of each queue that were not at its front. */
  readonly #longest = new Map<Queue, Millis>()
  /** How late the last one came who overtook somebody of another queue, as a share of the bound; only where there is one. */
  latestShare = 0
  /** The longest time after which somebody came who overtook a caller of another queue. */
  latestMs = 0

  constructor(callers: Callers, violations: Violations, { waitMaxMs }: { readonly waitMaxMs: Millis }) {
    this.#callers = callers
    this.#waitMaxMs = waitMaxMs
    this.#violations = violations
  }

  /** Before the record has the offer. */
  checkOffer(offered: Tracked, agent: AgentProfile, now: Millis): void {
    const isServed = serves(agent, offered.queue)
    this.#violations.must(isServed, 'an agent was offered a call that they do not serve', () => agent.id)
    if (!offered.isAtFront) this.#remember(offered, now)
    for (const waiting of this.#callers.waiting) {
      if (waiting === offered || !mayBeOffered(waiting, now) || !serves(agent, waiting.queue)) continue
      this.#checkPair(waiting, offered, now)
    }
  }

  #checkPair(waiting: Tracked, offered: Tracked, now: Millis): void {
    const violations = this.#violations
    const detail = () => `${textOf(waiting, now)} by ${textOf(offered, now)}`
    const isEarlier = waiting.caller.at < offered.caller.at
    if (offered.isAtFront) {
      violations.must(
        !waiting.isAtFront || !isEarlier,
        'a caller at the front was overtaken by a later one',
        detail,
      )
      return
    }
    violations.must(!waiting.isAtFront, 'a caller at the front was passed over', detail)
    if (waiting.queue === offered.queue) {
      violations.must(!isEarlier, 'a caller was overtaken by a later one of the queue', detail)
      return
    }
    const steps = this.#effective(waiting, now) - this.#effective(offered, now)
    violations.must(steps >= -1e-9, 'a caller was passed over by one of a worse queue', detail)
    if (isEarlier) this.#checkBounds(waiting, offered, now, detail)
  }

  #checkBounds(waiting: Tracked, offered: Tracked, now: Millis, detail: () => string): void {
    const [of, other] = [waiting.queue, offered.queue]
    const laterMs = offered.caller.at - waiting.caller.at
    this.latestMs = Math.max(this.latestMs, laterMs)
    if (of.ageingSeconds === undefined || other.ageingSeconds === undefined) return
    // Longer than any caller waits on the line, a citizen who is to be called back ages no further.
    if (now - waiting.caller.at > this.#waitMaxMs) return
    const steps = of.priority - other.priority
    const [rate, otherRate] = [of.ageingSeconds * 1_000, other.ageingSeconds * 1_000]
    if (rate <= otherRate) {
      this.#violations.must(
        laterMs <= rate * steps,
        'a caller was overtaken by one who came after the bound',
        detail,
      )
      if (steps > 0) this.latestShare = Math.max(this.latestShare, laterMs / (rate * steps))
      return
    }
    const longest = this.#longest.get(other) ?? 0
    const boundMs = rate * (steps + longest / otherRate)
    this.#violations.must(
      now - waiting.caller.at <= boundMs + 1,
      'a wait was longer than ageing lets it be',
      detail,
    )
  }

  #effective({ queue: { priority, ageingSeconds }, caller }: Tracked, now: Millis): number {
    if (ageingSeconds === undefined) return priority
    return priority - Math.min(now - caller.at, this.#waitMaxMs) / 1_000 / ageingSeconds
  }

  #remember({ queue, caller }: Tracked, now: Millis): void {
    this.#longest.set(queue, Math.max(this.#longest.get(queue) ?? 0, now - caller.at))
  }
}

/** A callback has its place from the first look on after its time. */
export const mayBeOffered = ({ phase, dueFrom }: Tracked, now: Millis): boolean =>
  phase === 'waiting' || (phase === 'promised' && now > dueFrom + lookMs && now < closesAt)

const textOf = ({ caller, queue, isAtFront, phase }: Tracked, now: Millis): string =>
  `${caller.id} (${queue.id}, priority ${queue.priority}, ageing ${queue.ageingSeconds ?? 'never'}, ` +
  `${((now - caller.at) / 1_000).toFixed(1)} s${isAtFront ? ', front' : ''}${phase === 'promised' ? ', promised' : ''})`
