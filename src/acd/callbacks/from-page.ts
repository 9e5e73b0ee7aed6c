/** Callbacks that citizens ask for on the public page (decision 0073). */
import { estimateFor } from '../../core/announcements/estimate.ts'
import { isCallback, type LiveCall } from '../../core/call.ts'
import type { Millis, PbxName } from '../../core/ids.ts'
import type { Opening } from '../../core/opening-hours.ts'
import {
  queueThatCalls,
  type AskedOnPage,
  type PageCallbackAnswer,
  type PageCallbackRefusal,
  type PagePromise,
} from '../../core/announcements/page-callback.ts'
import { cityLine, type Callable } from '../../core/phone-number.ts'
import type { Queue } from '../../core/queue.ts'
import { bounds } from '../../core/rules.ts'
import { promisedOnPage, type PlaceInQueue } from '../../core/steps/page-callback.ts'
import type { Conductor } from '../conductor.ts'
import type { Clock, PageCallbacks } from '../ports.ts'
import { callbacksLeft } from './by-key.ts'
import { numberToCallBack, type PromisableDeps } from './promisable.ts'

export interface FromPageDeps extends PromisableDeps {
  readonly conductor: Conductor
  readonly clock: Clock
  readonly pbx: PbxName
  readonly newId: () => string
  readonly opening: (now: Millis, number: string) => Opening
  /** Whether the line is served by this node, and what it promises is kept. */
  readonly takesCalls: () => boolean
}

const refuse = (refusal: PageCallbackRefusal): PageCallbackAnswer => ({ ok: false, refusal })

/**
 * A holder of one request's code must not learn from the answer whether somebody else's number is on the line, or has a callback:
 * the answer is the same for every number that may be called. A callback that the number has keeps its place.
 */
export function pageCallbacks(deps: FromPageDeps): PageCallbacks {
  const { acdState, clock, conductor, directory, takesCalls } = deps

  return {
    async ask(asked) {
      // A promise that is not saved may be lost.
      if (!takesCalls()) return refuse('line is away')
      const queue = queueThatCalls(directory.queues(), asked.queue)
      if (queue === null) return refuse('no callbacks now')
      const judged = numberOf(asked.number, deps)
      if (!judged.ok) return refuse(judged.refusal)
      const { number } = judged
      const line = lineOf(queue, deps)
      const opening = deps.opening(clock.wall(), line)
      const opensAt = opening.open ? null : opening.opensAt
      const isOpenSoon = opening.open || (opensAt !== null && opensAt <= clock.now() + bounds.callbackOpensMs)
      if (!isOpenSoon) return refuse('no callbacks now')
      const promise: PagePromise = {
        number,
        opensAt,
        estimate: opening.open ? estimateIn(queue, deps) : null,
      }

      const callbacks = acdState.calls().flatMap(({ value }) => (isCallback(value) ? [value] : []))
      const own = callbacks.find((one) => isAbout(one, asked))
      // A second press of the button, or a retry whose first answer was lost.
      if (own?.caller.number === number) return { ok: true, value: promise }
      if (own !== undefined) return refuse('request has another')
      if (!asked.mayBegin) return refuse('too many today')
      if (isFull(queue, callbacks, deps)) return refuse('too many callbacks')
      // Last, so that whoever looks for blocked numbers spends the callbacks of a day on it.
      if (directory.blockOf(number, clock.now()) !== null) return refuse('a number not allowed')
      const kept = acdState.callbackTo(number)
      const { language, request } = asked
      const saved =
        kept === null
          ? conductor.beginCallback(
              promisedOnPage(
                {
                  pbx: deps.pbx,
                  unique: deps.newId(),
                  line,
                  number,
                  language,
                  queue,
                  request,
                  opensAt,
                  place: placeOf(number, queue, deps),
                },
                clock.now(),
              ),
            )
          : conductor.apply(kept.id, { type: 'CallbackAsked', request })
      // A save that takes longer is not taken for one: asked again, the answer is the same.
      const isSaved = await within(saved, clock)
      return isSaved && takesCalls() ? { ok: true, value: promise } : refuse('line is away')
    },
  }
}

const isAbout = ({ callback }: LiveCall, { request }: AskedOnPage): boolean =>
  callback?.requests?.includes(request) === true

/** The bound of the page is one of all its callbacks, so that many codes together do not fill the line. */
const isFull = (queue: Queue, callbacks: readonly LiveCall[], { acdState }: FromPageDeps): boolean =>
  callbacks.filter(({ callback }) => callback?.requests !== undefined).length >= bounds.pageCallbacksMax ||
  callbacksLeft(queue, acdState) <= 0

/** Without it a caller who then asks by key, and is promised the same callback, would be behind those who came later. */
function placeOf(number: string, { id }: Queue, { acdState }: FromPageDeps): PlaceInQueue | null {
  for (const { value } of acdState.calls())
    if (value.phase === 'waiting' && value.caller.number === number && value.queue === id)
      return { queuedAt: value.queuedAt, priority: value.priority }
  return null
}

/** As a callback by key is judged. A short number is no citizen's. */
function numberOf(typed: string, deps: FromPageDeps): Callable {
  const asked = numberToCallBack(typed, deps)
  return !asked.ok || asked.number.startsWith('+') ? asked : { ok: false, refusal: 'a number not allowed' }
}

/** The number by which callers come to the queue, the city's short one first. */
function lineOf({ id }: Queue, { directory }: FromPageDeps): string {
  const numbers = [cityLine, ...directory.numbers().map(({ number }) => number)]
  return numbers.find((number) => directory.queueOf(number).id === id) ?? cityLine
}

function estimateIn({ id }: Queue, { acdState, conductor }: FromPageDeps): PagePromise['estimate'] {
  const handlingMs = conductor.handlingTimes.meanOf(id)
  const line = [...acdState.lines()].find(({ queue }) => queue.id === id)
  if (handlingMs === null || line === undefined) return null
  return estimateFor(line.waiting.length + 1, { agents: acdState.atWorkFor(line.queue), handlingMs })
}

/** Whether it is done in time. */
function within(work: Promise<void>, clock: Clock): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>()
  const cancel = clock.after(bounds.pageCallbackSavedMs, () => resolve(false))
  work.then(() => resolve(true), reject)
  return promise.finally(cancel)
}
