/** Notices of the day: written by editors and supervisors, read on the desks, between calls and in a call that they concern. */
import { isDate } from '../../core/local-time.ts'
import { PaperId } from '../../city/knowledge/paper.ts'
import { QueueId } from '../../core/ids.ts'
import { dateAt } from '../../core/local-time.ts'
import { addNotice, endNotice, noticesOn, unknownArticles } from '../../ledger/knowledge/notices.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused, WrongContent } from '../shell/problem.ts'
import { accountOf } from '../session/session.ts'
import { NewNotice, NoticeParams, Notices, NoticesQuery } from './wire.ts'
import { readers } from './routes.ts'

const authors = { access: ['editor', 'supervisor'] } as const
const noticesMax = 50

export function noticeRoutes(app: App, { deps: { db, directory, now } }: RouteContext): void {
  app.get(
    '/api/notices',
    {
      config: { access: readers },
      schema: {
        operationId: 'notices',
        tags: ['papers'],
        summary: 'The notices shown today, newest first',
        querystring: NoticesQuery,
        response: { 200: Notices, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request) => {
      const { upcoming = false } = request.query
      const notices = await noticesOn(db, dateAt(now()), { upcoming, limit: noticesMax })
      return {
        items: notices.map(({ articles, queues, at, ...notice }) => ({
          ...notice,
          articles: articles.map((article) => ({ ...article })),
          queues: [...queues],
          at: iso(at),
        })),
      }
    },
  )

  app.post(
    '/api/notices',
    {
      config: authors,
      schema: {
        operationId: 'addNotice',
        tags: ['papers'],
        summary: 'Add a notice for the agents, shown for some days',
        body: NewNotice,
        response: { 204: done, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request, reply) => {
      const { text, from, to } = request.body
      const articles = (request.body.articles ?? []).map(PaperId)
      const queues = (request.body.queues ?? []).map(QueueId)
      const known = new Set(directory.queues().map(({ id }) => id))
      const wrong = [
        ...(text.trim() === '' ? [{ field: 'text', accepted: 'a text of 1–500 characters' }] : []),
        ...(isDate(from) ? [] : [{ field: 'from', accepted: 'a day such as 2026-11-24' }]),
        ...(isDate(to) && to >= from ? [] : [{ field: 'to', accepted: 'a day, not before the first' }]),
        ...((await unknownArticles(db, articles)).length === 0
          ? []
          : [{ field: 'articles', accepted: 'ids of articles' }]),
        ...(queues.every((id) => known.has(id)) ? [] : [{ field: 'queues', accepted: 'ids of queues' }]),
      ]
      if (wrong.length > 0) throw new WrongContent(wrong)
      await addNotice(db, { text: text.trim(), from, to, articles, queues, by: accountOf(request).id })
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/notices/:id',
    {
      config: authors,
      schema: {
        operationId: 'endNotice',
        tags: ['papers'],
        summary: 'Withdraw a notice; that it was shown stays recorded',
        params: NoticeParams,
        response: { 204: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const ended = await endNotice(db, request.params.id, accountOf(request).id)
      if (ended === 'no such notice') throw new Refused('no-such-notice')
      return reply.code(204).send(null)
    },
  )
}
