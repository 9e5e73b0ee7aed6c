/** Citizens who were promised to be called back: each is called, by the place that they had, and only with an agent there. */
import type { Call, Ended, LiveCall, Waiting } from '../../../src/core/call.ts'
import {
  CallId,
  callbackOf,
  callerLegOf,
  isAskedOnPage,
  type ChannelId,
  type Millis,
} from '../../../src/core/ids.ts'
import type { AcdCallEvent } from '../../../src/core/acd-event.ts'
import type { CallEventType } from '../../../src/core/call-event.ts'
import { closedNumber, eveningNumber, morningNumber } from '../scenario.ts'
import { startOfTime } from '../kernel/schedule.ts'
import type { World } from '../world/world.ts'
import { must } from './violation.ts'

/** The owner looks once a second whether a callback's time has come. */
const lookMs = 2_500
const askedAgainMs = 180_000
/** As citizens are told on the page of the rules. */
const attempts = 3

/** Whether it is a callback whose citizen has not been reached. */
const isToBeReached = ({ direction, callback, answeredAt }: Call): boolean =>
  direction === 'outbound' && callback !== null && answeredAt === null

const isOfPage = ({ pbx, callback }: Call): boolean => callback !== null && isAskedOnPage(pbx, callback.of)

/** Whether nobody is on the line yet: the citizen's phone has not been dialled. */
export const isNotDialled = (call: LiveCall): boolean =>
  call.phase === 'summoning' || call.phase === 'promised' || (call.phase === 'ringing' && isToBeReached(call))

const notServed = ['closed', 'dismissing', 'voicemail']
const isPresent = ({ direction, phase }: LiveCall): boolean =>
  direction === 'inbound' && !notServed.includes(phase)

export class Callbacks {
  readonly #world: World
  /** Calls that must exist, because a citizen was promised them or the attempt before was in vain. */
  readonly #owed = new Set<CallId>()
  readonly #begun = new Set<CallId>()
  /** The number of each call's latest event. */
  readonly #latestSeq = new Map<CallId, number>()
  /** When each caller first came to a queue. */
  readonly #inLine = new Map<CallId, Millis>()
  /** When each number was last seen calling: also one who leaves a message is busy. */
  readonly #onLineAt = new Map<string, Millis>()
  /** The numbers of the callers who were there at the step before. */
  #presentBefore: ReadonlySet<string | null> = new Set()
  /** The callers whose place was looked at when they came. */
  readonly #seen = new Set<CallId>()
  /** When each caller was last asked whether they want to be called back. */
  readonly #askedAt = new Map<CallId, Millis>()
  /** The calls in which citizens are said to have been served instead of being called back. */
  readonly #servedIn = new Set<CallId>()
  /** When a citizen first talked with an agent, by number and queue. */
  readonly #talkedAt = new Map<string, Millis>()
  /** When the callbacks of each call were last moved to another queue. */
  readonly #movedAt = new Map<CallId, Millis>()
  /** How many attempts of each callback do not count. */
  readonly #spared = new Map<CallId, number>()
  /** The requests and numbers of the callbacks that were asked for on the public page. */
  readonly #about = new Set<string>()

  constructor(world: World) {
    this.#world = world
  }

  /** Since when a caller waits: the place of one who was to be called back is older than their own call, which may have a menu. */
  inLineSince({ id, queuedAt, arrivedAt, since }: Waiting): Millis {
    return queuedAt >= arrivedAt ? queuedAt : (this.#inLine.get(id) ?? since)
  }

  /** Whether a callback should have its place in the queue by now. */
  isDue(call: LiveCall, now: Millis): boolean {
    // Nobody is called back while the number is closed.
    if (call.phase !== 'promised' || call.line === closedNumber) return false
    const onLineAt = this.#onLineAt.get(call.caller.number ?? '') ?? 0
    if (call.line === morningNumber && now >= startOfTime + this.#world.scenario.morningClosesMs) return false
    const opensAt = call.line === eveningNumber ? this.#opensAt() : 0
    return Math.max(call.since, call.notBefore, onLineAt, opensAt) + lookMs <= now
  }

  /** When the number that is closed at first opens. */
  #opensAt(): Millis {
    return startOfTime + this.#world.scenario.eveningOpensMs
  }

  /** After a loss of Redis, or of an answer of it, the stream has events twice. */
  isAgain({ id, seq }: AcdCallEvent): boolean {
    return seq <= (this.#latestSeq.get(id) ?? 0)
  }

  /** An event as it enters the stream. `latest`: each call before it. */
  note(acdEvent: AcdCallEvent, latest: ReadonlyMap<CallId, Call>): void {
    const { id, seq, event, after, at } = acdEvent
    const isAgain = this.isAgain(acdEvent)
    if (!isAgain) this.#latestSeq.set(id, seq)
    this.#begun.add(id)
    if (after.phase === 'talking' && after.direction === 'inbound')
      this.#talkedAt.set(matterOf(after), after.answeredAt)
    const text = () => JSON.stringify(after)
    for (const request of after.callback?.requests ?? []) this.#about.add(`${request} ${after.caller.number}`)
    this.#checkKeys({ id, event, at }, text)
    const before = latest.get(id)
    if (after.phase === 'waiting' && !this.#inLine.has(id)) this.#inLine.set(id, at)
    if (event.type === 'CallbackPromised') this.#owed.add(event.call)
    this.#spare(after, event.type, isAgain)
    if (after.phase === 'ended' && isToBeReached(after) && goesOn(after, event.type, this.#sparedOf(after)))
      this.#owed.add(nextOf(after))
    if (event.type === 'CallMoved' && after.callback !== null) this.#movedAt.set(after.callback.of, at)
    if (event.type === 'CallerServed') {
      this.#servedIn.add(event.call)
      const answeredAt = latest.get(event.call)?.answeredAt ?? null
      must(
        answeredAt === null || answeredAt >= (after.callback?.promisedAt ?? 0),
        'a callback ended by a conversation that had begun before it',
        text,
      )
    }
    if (event.type === 'CallPlaced' && isOfPage(after) && after.callback?.attempt === 1)
      must(
        after.queuedAt === after.arrivedAt || isPlaceOfCaller(after, latest),
        'a callback of the page is ahead of others',
        text,
      )
    if (event.type === 'CallbackPromised' && !isAgain) {
      const kept = latest.get(event.call)
      must(
        kept === undefined || (kept.queuedAt ?? 0) <= (before?.queuedAt ?? Infinity),
        'a caller lost their place to a callback',
        text,
      )
    }
    if (event.type === 'CallPlaced' && after.callback !== null) {
      const first = latest.get(after.callback.of)
      must(
        // Of a number that was closed that of the arrival.
        first === undefined || (first.queuedAt ?? first.arrivedAt) === after.queuedAt,
        'a callback lost the place of its caller',
        text,
      )
    }
    const { faults } = this.#world.scenario
    const jumps = faults.some(({ fault }) => fault === 'clock jumped')
    if (event.type !== 'OfferMade' || before?.phase !== 'promised' || isAgain || jumps) return
    must(at >= before.notBefore, 'a callback offered before its time', text)
    must(
      before.line !== eveningNumber || at >= this.#opensAt(),
      'a citizen is called back while the number is closed',
      text,
    )
  }

  /** An attempt does not count during which the citizen called. */
  #spare({ phase, callback }: Call, by: CallEventType, isAgain: boolean): void {
    if (phase !== 'ended' || callback === null || by !== 'CallerCameBack' || isAgain) return
    this.#spared.set(callback.of, (this.#spared.get(callback.of) ?? 0) + 1)
  }

  #sparedOf({ callback }: Call): number {
    return callback === null ? 0 : (this.#spared.get(callback.of) ?? 0)
  }

  /** Nobody is asked twice in a row, and nobody is promised a callback by key who has not pressed both keys. */
  #checkKeys({ id, event, at }: Pick<AcdCallEvent, 'id' | 'event' | 'at'>, text: () => string): void {
    const isAsked =
      event.type === 'CallerAsked' || (event.type === 'CallOverflowed' && event.way === 'callback')
    if (isAsked) {
      const before = this.#askedAt.get(id) ?? -Infinity
      must(this.#isRedisLost() || at - before >= askedAgainMs, 'a caller was asked twice in a row', text)
      this.#askedAt.set(id, at)
    }
    if (event.type !== 'CallbackPromised' || event.by !== null) return
    const keys = this.#world.simulatedCallers.pressedOn(callerLegOf(id))
    const interest = keys.indexOf('2')
    const isConfirmed = interest >= 0 && keys.lastIndexOf('1') > interest
    must(isConfirmed, 'a callback was promised without a confirmation', () => `${keys.join('')} ${text()}`)
  }

  /** At most one for each number; the first one who calls from it has the place. */
  checkStep(calls: readonly LiveCall[]): void {
    const callbacks = new Map(calls.filter(isToBeReached).map((call) => [call.caller.number, call]))
    const numbers = calls.filter(isToBeReached).map(({ caller }) => caller.number)
    must(callbacks.size === numbers.length, 'two callbacks to one number', () => numbers.join(', '))
    const requests = calls.filter(isToBeReached).flatMap(({ callback }) => callback?.requests ?? [])
    must(new Set(requests).size === requests.length, 'two callbacks about one request', () =>
      requests.join(', '),
    )
    for (const { caller, direction } of calls)
      if (direction === 'inbound' && caller.number !== null)
        this.#onLineAt.set(caller.number, this.#world.schedule.now())
    const present = Map.groupBy(calls.filter(isPresent), ({ caller }) => caller.number)
    for (const [number, callers] of present) {
      const callback = callbacks.get(number)
      const [caller] = callers
      const isNew = caller !== undefined && callers.length === 1 && !this.#seen.has(caller.id)
      for (const { id } of callers) this.#seen.add(id)
      // Another call from the number, which had the place as this one came, may have ended within the step.
      if (!isNew || callback === undefined || this.#presentBefore.has(number) || this.#isRedisLost()) continue
      const hasPlace = (caller.queuedAt ?? Infinity) <= (callback.queuedAt ?? 0)
      must(hasPlace, 'a caller who came back lost the place', () => JSON.stringify([caller, callback]))
    }
    this.#presentBefore = new Set(present.keys())
  }

  /** A citizen's phone begins to ring. `hasAgent`: whether an agent has picked up for this call. */
  checkDial(citizen: ChannelId, hasAgent: boolean): void {
    must(hasAgent, 'a citizen was dialled before an agent was there', () => citizen)
    const { owner, faultState, schedule } = this.#world
    if (owner === undefined || !faultState.isHealthy) return
    const calls = owner.owner.line.calls().map(({ value }) => value)
    const call = calls.find(({ id }) => id === CallId(citizen))
    if (call === undefined || call.callback === null) return
    const present = calls.find(
      (one) =>
        isPresent(one) && one.caller.number === call.caller.number && one.arrivedAt + lookMs < schedule.now(),
    )
    must(present === undefined, 'a citizen was called who was on the line', () => JSON.stringify(present))
    const talkedAt = this.#talkedAt.get(matterOf(call)) ?? 0
    const { of, promisedAt } = call.callback
    must(
      talkedAt <= (this.#movedAt.get(of) ?? promisedAt) || talkedAt + lookMs > schedule.now(),
      'a citizen was called who had talked with an agent',
      () => JSON.stringify(call),
    )
  }

  /** `latest`: each call as of its last event. */
  checkEnd(latest: ReadonlyMap<CallId, Call>): void {
    if (this.#isRedisLost()) return
    const unserved = [...this.#servedIn].find((id) => (latest.get(id)?.answeredAt ?? null) === null)
    must(unserved === undefined, 'a callback ended although its citizen was not served', () => `${unserved}`)
    const unkept = this.#world.pageVisitors.promised.find(
      ({ request, number }) => !this.#about.has(`${request} ${number}`),
    )
    must(unkept === undefined, 'a promise of the page was not kept', () => JSON.stringify(unkept))
    const lost = [...this.#owed].find((id) => !this.#begun.has(id))
    must(lost === undefined, 'a callback was lost', () => `${lost}`)
    const left = [...latest.values()].find(({ callback, phase }) => callback !== null && phase !== 'ended')
    must(left === undefined, 'a callback was lost', () => JSON.stringify(left))
  }

  /** Events of the stream may not have happened. */
  #isRedisLost(): boolean {
    return this.#world.scenario.faults.some(({ fault }) => fault.startsWith('redis'))
  }
}

/** Whether a caller with the number waits, or waited when it was asked for, by the same place. */
const isPlaceOfCaller = ({ caller, queue, queuedAt }: Call, latest: ReadonlyMap<CallId, Call>): boolean =>
  [...latest.values()].some(
    (one) =>
      one.direction === 'inbound' &&
      one.caller.number === caller.number &&
      one.queue === queue &&
      one.queuedAt === queuedAt,
  )

/** Whether the citizen is to be called once more. `spared`: the attempts that do not count. */
const goesOn = ({ callback, outcome, endedBy }: Ended, by: CallEventType, spared: number): boolean =>
  by === 'CallerCameBack' ||
  (callback !== null &&
    callback.attempt - spared < attempts &&
    (outcome === 'cancelled' ? endedBy === 'agent' : endedBy !== 'supervisor'))

const matterOf = ({ caller, queue }: Call): string => `${caller.number} ${queue}`

const nextOf = ({ pbx, callback }: Ended): CallId =>
  callback === null ? CallId('') : callbackOf(pbx, callback.of, callback.attempt + 1)
