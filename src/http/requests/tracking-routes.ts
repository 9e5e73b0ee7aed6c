/**
 * Public tracking of a request by its number and code: its state, and nothing of its contents. A citizen who has both may ask to be
 * called about it (decision 0073).
 */
import type { FastifyRequest } from 'fastify'
import { idOf, readNumber, writtenNumber, RequestId } from '../../city/requests/number.ts'
import { duenessOn } from '../../city/requests/standing.ts'
import { readCode } from '../../city/requests/tracking-code.ts'
import { callOutRules } from '../../core/configuration/outbound.ts'
import { saidMinutes } from '../../core/announcements/estimate.ts'
import { atLocal, dateAt, daysLater, startOfDay } from '../../core/local-time.ts'
import {
  queueThatCalls,
  type PageCallbackRefusal,
  type PagePromise,
} from '../../core/announcements/page-callback.ts'
import type { Millis } from '../../core/ids.ts'
import { callable } from '../../core/phone-number.ts'
import { bounds } from '../../core/rules.ts'
import { StoreUnavailable } from '../../acd/ports.ts'
import { callbacksAskedAbout, callbacksAskedTo, queueOfRequest } from '../../ledger/calls/page-callbacks.ts'
import { track, type Tracked } from '../../ledger/requests/tracking.ts'
import { networkOf } from '../../people/throttle.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { refusals } from '../shell/documented.ts'
import { languageOf } from '../shell/language.ts'
import { addressOf } from '../shell/origin.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import type { Code } from '../shell/sentences.ts'
import { AskCallback, PromisedCallback, TrackedRequest, TrackRequest } from './wire.ts'

const anHourSeconds = 3_600
const tenMinutesSeconds = 600

export function trackingRoutes(app: App, { deps }: RouteContext): void {
  const { db, directory, now, pageCallbacks, settings } = deps

  /** @throws {Refused} `no-tracking-match`, `too-many-tracking-tries` */
  async function trackedBy(
    request: FastifyRequest,
    asked: { readonly number: string; readonly code: string },
  ): Promise<Tracked> {
    const read = readNumber(asked.number, settings.registrationPrefix)
    // A malformed number or code counts as a failed try, like a wrong one.
    const id = read === null ? RequestId(asked.number.trim().slice(0, 40)) : idOf(read)
    const code = readCode(asked.code) ?? '??????'
    const tracked = await track(db, { id, code, address: networkOf(addressOf(request)) })
    switch (tracked.outcome) {
      case 'no match':
        throw new Refused('no-tracking-match')
      case 'too many tries':
        throw new Refused('too-many-tracking-tries', anHourSeconds)
      case 'found':
        return tracked.request
    }
  }

  /** E.164, where the number may be called. */
  function callableForm(typed: string): string {
    const judged = callable(typed, callOutRules(directory.outbound(), deps.dryRun.rules.callOut).allowed)
    return judged.ok ? judged.number : typed
  }

  app.post(
    '/api/tracking',
    {
      config: { access: 'open', rateLimit: { max: 30, timeWindow: 60_000 } },
      schema: {
        operationId: 'trackRequest',
        tags: ['tracking'],
        summary: 'The state of a request, by its number and code',
        body: TrackRequest,
        response: { 200: TrackedRequest, ...refusals(400, 404, 429, 503) },
      },
    },
    async (request) => {
      const { id, registeredOn, changedAt, ...standing } = await trackedBy(request, request.body)
      return {
        number: writtenNumber(id, registeredOn),
        registeredOn,
        ...standing,
        dueness: duenessOn(dateAt(now()), standing),
        changedAt: iso(changedAt),
        callbacks: queueThatCalls(directory.queues(), null) !== null,
      }
    },
  )

  app.post(
    '/api/tracking/callback',
    {
      config: { access: 'open', rateLimit: { max: 10, timeWindow: 60_000 } },
      schema: {
        operationId: 'askCallback',
        tags: ['tracking'],
        summary:
          'Ask to be called about a request, by its number and code; asked again, it is the same callback',
        body: AskCallback,
        response: { 200: PromisedCallback, ...refusals(400, 404, 409, 429, 503) },
      },
    },
    async (request) => {
      const { phone, ...asked } = request.body
      const { id } = await trackedBy(request, asked)
      const midnight = startOfDay(now())
      const [about, to, queue] = await Promise.all([
        callbacksAskedAbout(db, id, midnight),
        callbacksAskedTo(db, callableForm(phone), midnight),
        queueOfRequest(db, id),
      ])
      const answer = await pageCallbacks
        .ask({
          request: id,
          number: phone,
          queue,
          language: languageOf(request.headers['accept-language']),
          mayBegin: Math.max(about, to) < bounds.pageCallbacksPerDay,
        })
        .catch((error: unknown) => {
          // Whether it was promised is not known. Asked again, the answer is the same, and one callback is made.
          if (error instanceof StoreUnavailable) throw new Refused('page-callback-away')
          throw error
        })
      if (!answer.ok) {
        deps.logger.info(
          { request: id, refusal: answer.refusal },
          'a callback asked for on the public page was refused',
        )
        throw new Refused(codes[answer.refusal], retryAfter(answer.refusal, now()))
      }
      deps.logger.info({ request: id }, 'a callback was asked for on the public page')
      return promised(answer.value)
    },
  )
}

const promised = ({ number, opensAt, estimate }: PagePromise): PromisedCallback => ({
  phone: number,
  opensAt: isoOrNull(opensAt),
  wait: estimate && {
    minutes: estimate === 'more' ? longestSaid : estimate,
    isMore: estimate === 'more',
  },
})

const longestSaid = Math.max(...saidMinutes)

/** Seconds, of the refusals by a bound; null: none is known. */
function retryAfter(refusal: PageCallbackRefusal, now: Millis): number | null {
  if (refusal === 'too many callbacks') return tenMinutesSeconds
  if (refusal !== 'too many today') return null
  return Math.ceil((atLocal(daysLater(dateAt(now), 1), 0) - now) / 1_000)
}

/** One sentence for all numbers that are not called: which of them are blocked is nobody's business. */
const codes = {
  'line is away': 'page-callback-away',
  'no callbacks now': 'page-callback-not-offered',
  'request has another': 'page-callback-other-number',
  'too many today': 'page-callback-too-many-today',
  'too many callbacks': 'page-callback-too-many',
  'no number': 'page-callback-number-misread',
  'not a number': 'page-callback-number-misread',
  'an emergency number': 'page-callback-number-refused',
  'our own number': 'page-callback-number-refused',
  'a premium number': 'page-callback-number-refused',
  'a foreign number': 'page-callback-number-abroad',
  'a number not allowed': 'page-callback-number-refused',
} as const satisfies Record<PageCallbackRefusal, Code>
