/** Notices that callers hear when they enter a queue: published and ended by supervisors. */
import { callerNoticeDaysMax, isEverHeard, furthestAfter } from '../../core/announcements/caller-notice.ts'
import { QueueId } from '../../core/ids.ts'
import { clockOf } from '../../core/local-time.ts'
import {
  addCallerNotice,
  endCallerNotice,
  listedCallerNotices,
} from '../../people/caller-notices/caller-notices.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { done, refusals } from '../shell/documented.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused, WrongContent } from '../shell/problem.ts'
import { CallerNoticeParams, CallerNotices, callerNoticesMax, NewCallerNotice } from './wire.ts'

const supervisorOnly = { access: ['supervisor'] } as const
const tags = ['queues']
/** A beginning may pass while the notice is typed; it then begins at once. */
const typedForMs = 900_000

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

export function callerNoticeRoutes(app: App, { deps: { db, directory, now, logger } }: RouteContext): void {
  app.get(
    '/api/caller-notices',
    {
      config: supervisorOnly,
      schema: {
        operationId: 'callerNotices',
        tags,
        summary:
          'The latest notices that callers hear, newest first, each with the callers whom it has spared',
        response: { 200: CallerNotices, ...refusals(401, 403, 503) },
      },
    },
    async () => {
      const notices = await listedCallerNotices(db, callerNoticesMax)
      return {
        items: notices.map(({ at, from, until, daily, endedAt, queues, ...notice }) => ({
          ...notice,
          queues: [...queues],
          publishedAt: iso(at),
          from: iso(from),
          until: iso(until),
          daily: daily === null ? null : { from: clockOf(daily.from), to: clockOf(daily.to) },
          endedAt: endedAt === null ? null : iso(endedAt),
        })),
      }
    },
  )

  app.post(
    '/api/caller-notices',
    {
      config: supervisorOnly,
      schema: {
        operationId: 'addCallerNotice',
        tags,
        summary:
          'Have callers hear a notice when they enter a queue, from a moment or at once, until another',
        body: NewCallerNotice,
        response: { 204: done, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request, reply) => {
      const { text, daily: hours = null } = request.body
      const at = now()
      const from = request.body.from ? Date.parse(request.body.from) : null
      const until = Date.parse(request.body.until)
      const daily = hours === null ? null : { from: minutesOf(hours.from), to: minutesOf(hours.to) || 1_440 }
      const queues = [...new Set(request.body.queues)].map(QueueId)
      const known = new Set(directory.queues().map(({ id }) => id))
      const begins = Math.max(from ?? at, at)
      const wrong = [
        ...(from !== null && (from < at - typedForMs || from > furthestAfter(at))
          ? [{ field: 'from', accepted: `a moment within ${callerNoticeDaysMax} days, or null: at once` }]
          : []),
        ...(until <= begins || until > furthestAfter(begins)
          ? [{ field: 'until', accepted: `a moment within ${callerNoticeDaysMax} days after it begins` }]
          : []),
        ...(daily !== null && daily.from === daily.to
          ? [{ field: 'daily', accepted: 'a beginning and an end that differ' }]
          : []),
        ...(queues.every((id) => known.has(id)) ? [] : [{ field: 'queues', accepted: 'ids of queues' }]),
      ]
      if (wrong.length === 0 && !isEverHeard({ from: begins, until, daily }))
        wrong.push({ field: 'daily', accepted: 'hours of which some lie between its beginning and its end' })
      if (wrong.length > 0) throw new WrongContent(wrong)
      const { id: by } = accountOf(request)
      const planned = begins > at ? begins : null
      const notice = await addCallerNotice(db, { text: text.trim(), queues, from: planned, until, daily, by })
      logger.info({ by, notice }, 'a notice for callers was published')
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/caller-notices/:id',
    {
      config: supervisorOnly,
      schema: {
        operationId: 'endCallerNotice',
        tags,
        summary: 'End a notice, also one that is planned: callers hear it no more, and it stays on record',
        params: CallerNoticeParams,
        response: { 204: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const { id: by } = accountOf(request)
      const { id: notice } = request.params
      if ((await endCallerNotice(db, { notice, by })) === 'not in force') throw new Refused('no-such-notice')
      logger.info({ by, notice }, 'a notice for callers was ended')
      return reply.code(204).send(null)
    },
  )
}
