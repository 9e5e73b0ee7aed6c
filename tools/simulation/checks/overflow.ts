/** Callers overflow once each, at their bound, and keep their place. The product's own functions are not asked. */
import type { AcdCallEvent } from '../../../src/core/acd-event.ts'
import type { Call, Waiting } from '../../../src/core/call.ts'
import { callerLegOf, type CallId } from '../../../src/core/ids.ts'
import type { Queue } from '../../../src/core/queue.ts'
import { levelFor } from '../../../src/core/routing.ts'
import type { Owner } from '../../../src/acd/owner.ts'
import type { World } from '../world/world.ts'
import { must } from './violation.ts'

export class Overflows {
  readonly #world: World
  /** The number of the event with which each caller overflowed. */
  readonly #seqs = new Map<CallId, number>()

  constructor(world: World) {
    this.#world = world
  }

  /** An event as it enters the stream. `latest`: each call before it. */
  note({ id, seq, at, event, after }: AcdCallEvent, latest: ReadonlyMap<CallId, Call>): void {
    if (event.type !== 'CallOverflowed') return
    const text = () => JSON.stringify({ id, event, after })
    const { faults, queues } = this.#world.scenario
    // After a loss of Redis the stream has events twice, and states may have forgotten.
    const mayForget = faults.some(({ fault }) => fault.startsWith('redis'))
    must(mayForget || (this.#seqs.get(id) ?? seq) === seq, 'a caller overflowed twice', text)
    this.#seqs.set(id, seq)
    const before = latest.get(id)
    if (before === undefined || mayForget) return
    const waits = before.phase === 'waiting' && before.reservedFor === null && before.priority > 0
    must(waits, 'a caller overflowed who did not wait for whoever is free', text)
    const [left, there] = [before.queue, after.queue].map((one) => queues.find((queue) => queue.id === one))
    must(
      left?.overflow?.to === there?.id && after.priority === there?.priority,
      'a caller overflowed to a place that is not theirs',
      text,
    )
    const bound = left?.overflow?.afterSeconds ?? Infinity
    const isEarly = event.why === 'wait' && at - (before.queuedAt ?? at) < bound * 1_000
    const jumps = faults.some(({ fault }) => fault === 'clock jumped')
    must(jumps || !isEarly, 'a caller overflowed before the bound', text)
  }

  /** The waiting callers who should be in another queue by now. */
  *overdue(line: Owner['line']): Iterable<CallId> {
    const { queues } = this.#world.scenario
    const calls = line.calls().map(({ value }) => value)
    const waiting = calls.filter(
      (call): call is Waiting => call.phase === 'waiting' && call.reservedFor === null && this.#isHere(call),
    )
    for (const call of waiting) {
      const queue = queues.find(({ id }) => id === call.queue)
      if (queue?.overflow === undefined || this.#seqs.has(call.id) || call.priority === 0) continue
      const { whenWaiting = Infinity, afterSeconds = Infinity, whenNobodySignedIn = false } = queue.overflow
      const before = waiting.filter(
        (one) =>
          one.queue === call.queue &&
          one.priority === call.priority &&
          (one.queuedAt < call.queuedAt || (one.queuedAt === call.queuedAt && one.id < call.id)),
      )
      const waitedMs = this.#world.schedule.now() - call.queuedAt
      const isOver =
        before.length >= whenWaiting ||
        waitedMs >= afterSeconds * 1_000 ||
        (whenNobodySignedIn && this.#isDeserted(queue, line))
      if (isOver) yield call.id
    }
  }

  #isDeserted(queue: Queue, line: Owner['line']): boolean {
    return !this.#world.agents.some((profile) => {
      const state = line.agent(profile.id)?.value.state ?? 'signed out'
      return state !== 'signed out' && levelFor(profile, queue) !== null
    })
  }

  #isHere({ id }: Waiting): boolean {
    return this.#world.asterisk.channels.get(callerLegOf(id))?.here === true
  }
}
