/** Callers overflow once each, at their bound, and keep their place, or leave a message, or are asked. The product's own functions are not asked. */
import type { AcdCallEvent } from '../../../src/core/acd-event.ts'
import type { Call, LiveCall, Waiting } from '../../../src/core/call.ts'
import type { OverflowWay } from '../../../src/core/configuration/overflow.ts'
import { callerLegOf, type CallId } from '../../../src/core/ids.ts'
import type { Queue } from '../../../src/core/queue.ts'
import { levelFor } from '../../../src/core/routing.ts'
import type { Owner } from '../../../src/acd/owner.ts'
import type { World } from '../world/world.ts'
import { must } from './violation.ts'

/** The stages of callers who leave a message, or hear why they are not served. */
const notServed: ReadonlySet<Call['phase']> = new Set(['closed', 'voicemail', 'dismissing'])
/** Far fewer than may stand in a queue that says nothing. */
const someMax = 20

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
    if (event.way !== undefined) this.#checkWay(event.way, before, after, latest, text)
    const isTheirs =
      event.way === undefined
        ? left?.overflow?.to === there?.id && after.priority === there?.priority
        : after.queue === before.queue && after.priority === before.priority
    must(isTheirs, 'a caller overflowed to a place that is not theirs', text)
    const bound = left?.overflow?.afterSeconds ?? Infinity
    const isEarly =
      event.why === 'wait' && at - Math.max(before.arrivedAt, before.queuedAt ?? at) < bound * 1_000
    const jumps = faults.some(({ fault }) => fault === 'clock jumped')
    must(jumps || !isEarly, 'a caller overflowed before the bound', text)
  }

  /** Who leaves a message is not too many, and who is asked hears nothing else. Both keep the time of their entry. */
  #checkWay(
    way: OverflowWay,
    before: Call,
    after: Call,
    latest: ReadonlyMap<CallId, Call>,
    text: () => string,
  ): void {
    const { queues, rules } = this.#world.scenario
    must(
      queues.some(({ overflow }) => overflow?.[way] === true),
      'a caller overflowed to what their queue does not offer',
      text,
    )
    must(after.queuedAt === before.queuedAt, 'a caller who overflowed lost the time of their entry', text)
    const hearsNothing =
      before.phase === 'waiting' && before.announcement === null && before.question === null
    must(hearsNothing, 'a caller overflowed who hears something else', text)
    if (way === 'voicemail') {
      const others = [...latest.values()].filter(({ phase }) => notServed.has(phase))
      const isRoom = others.length < rules.lineLengthMax / 2
      must(after.phase === 'voicemail' && isRoom, 'too many leave a message, or one who waits on', text)
      return
    }
    const isAsked = after.phase === 'waiting' && after.question?.awaits === 'interest'
    must(before.lineAnswered && isAsked, 'a caller is asked whose keys do not get through, or none is', text)
  }

  /** Whether it is open to the caller: what their queue has in place of another one may be full. */
  #isOpen(call: Waiting, queue: Queue, calls: readonly LiveCall[]): boolean {
    const { rules } = this.#world.scenario
    // The queue to which theirs leads may offer a message or a question, too: they hear what they hear to its end.
    if (call.announcement !== null || call.question !== null) return false
    if (queue.overflow?.voicemail === true)
      return calls.filter(({ phase }) => notServed.has(phase)).length < rules.lineLengthMax / 2
    if (queue.overflow?.callback !== true) return true
    const standing = calls.filter(
      (one) =>
        one.callback !== null || one.phase === 'closed' || ('question' in one && one.question !== null),
    )
    const isAlone = calls.every((one) => one.id === call.id || one.caller.number !== call.caller.number)
    return (
      isAlone &&
      call.lineAnswered &&
      call.announced.askedAt === null &&
      standing.length < (queue.callback?.standingMax ?? someMax)
    )
  }

  /** The waiting callers who should have left by now. */
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
      const waitedMs = this.#world.schedule.now() - Math.max(call.arrivedAt, call.queuedAt)
      const isOver =
        before.length >= whenWaiting ||
        waitedMs >= afterSeconds * 1_000 ||
        (whenNobodySignedIn && this.#isDeserted(queue, line))
      if (isOver && this.#isOpen(call, queue, calls)) yield call.id
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
