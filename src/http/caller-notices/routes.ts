/** Notices that callers hear when they enter a queue: published and ended by supervisors. */
import { QueueId } from '../../core/ids.ts'
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
import {
  CallerNoticeParams,
  callerNoticeDaysMax,
  CallerNotices,
  callerNoticesMax,
  NewCallerNotice,
} from './wire.ts'

const supervisorOnly = { access: ['supervisor'] } as const
const tags = ['queues']
const dayMs = 86_400_000

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
        items: notices.map(({ at, until, endedAt, queues, ...notice }) => ({
          ...notice,
          queues: [...queues],
          from: iso(at),
          until: iso(until),
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
        summary: 'Have callers hear a notice when they enter a queue, until a moment',
        body: NewCallerNotice,
        response: { 204: done, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request, reply) => {
      const { text } = request.body
      const until = Date.parse(request.body.until)
      const queues = [...new Set(request.body.queues)].map(QueueId)
      const known = new Set(directory.queues().map(({ id }) => id))
      const isSoon = until > now() && until <= now() + callerNoticeDaysMax * dayMs
      const wrong = [
        ...(isSoon ? [] : [{ field: 'until', accepted: `a moment within ${callerNoticeDaysMax} days` }]),
        ...(queues.every((id) => known.has(id)) ? [] : [{ field: 'queues', accepted: 'ids of queues' }]),
      ]
      if (wrong.length > 0) throw new WrongContent(wrong)
      const { id: by } = accountOf(request)
      const notice = await addCallerNotice(db, { text: text.trim(), queues, until, by })
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
        summary: 'End a notice: callers hear it no more, and it stays on record',
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
