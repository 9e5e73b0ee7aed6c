/** Public tracking of a request by its number and code: its state, and nothing of its contents. */
import { idOf, readNumber, writtenNumber, RequestId } from '../../city/requests/number.ts'
import { duenessOn } from '../../city/requests/standing.ts'
import { readCode } from '../../city/requests/tracking-code.ts'
import { dateAt } from '../../core/local-time.ts'
import { track } from '../../ledger/requests/tracking.ts'
import { networkOf } from '../../people/throttle.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { refusals } from '../shell/documented.ts'
import { addressOf } from '../shell/origin.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import { TrackedRequest, TrackRequest } from './wire.ts'

const anHourSeconds = 3_600

export function trackingRoutes(app: App, { deps }: RouteContext): void {
  const { db, now, settings } = deps

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
      const read = readNumber(request.body.number, settings.registrationPrefix)
      // A malformed number or code counts as a failed try, like a wrong one.
      const id = read === null ? RequestId(request.body.number.trim().slice(0, 40)) : idOf(read)
      const code = readCode(request.body.code) ?? '??????'
      const tracked = await track(db, { id, code, address: networkOf(addressOf(request)) })
      switch (tracked.outcome) {
        case 'no match':
          throw new Refused('no-tracking-match')
        case 'too many tries':
          throw new Refused('too-many-tracking-tries', anHourSeconds)
        case 'found': {
          const { id, registeredOn, changedAt, ...standing } = tracked.request
          return {
            number: writtenNumber(id, registeredOn),
            registeredOn,
            ...standing,
            dueness: duenessOn(dateAt(now()), standing),
            changedAt: iso(changedAt),
          }
        }
      }
    },
  )
}
