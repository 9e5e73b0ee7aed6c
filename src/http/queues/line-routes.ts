/** The settings of the line now, for the board. All of them are in the node's memory: open boards cost the database nothing. */
import { noticeStateAt } from '../../core/announcements/caller-notice.ts'
import { clockOf } from '../../core/local-time.ts'
import { openingAt } from '../../core/opening-hours.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { refusals } from '../shell/documented.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import { LineNow } from './wire.ts'

export function lineRoutes(app: App, { deps }: RouteContext): void {
  const { directory, blockedNumbers, now } = deps
  // The dry run and this answer agree on when the line is open.
  const { lineHours, closedOn } = deps.dryRun
  app.get(
    '/api/line',
    {
      config: { access: ['supervisor'] },
      schema: {
        operationId: 'lineNow',
        tags: ['queues'],
        summary:
          'What is set now: whether each number is open, the notices to callers, and how many numbers are blocked',
        response: { 200: LineNow, ...refusals(401, 403) },
      },
    },
    async () => {
      const at = now()
      const closed = closedOn(at)
      return {
        numbers: directory.numbers().map(({ number, hours }) => {
          const opening = openingAt(hours ?? lineHours, closed, at)
          const changesAt = isoOrNull(opening.open ? opening.closesAt : opening.opensAt)
          return { number, isOpen: opening.open, changesAt }
        }),
        notices: directory
          .callerNotices()
          .filter((notice) => noticeStateAt(notice, at).state !== 'over')
          .map(({ id, text, from, until, daily }) => ({
            id,
            text,
            from: iso(from),
            until: iso(until),
            daily: daily === null ? null : { from: clockOf(daily.from), to: clockOf(daily.to) },
          })),
        blocked: blockedNumbers(at),
      }
    },
  )
}
