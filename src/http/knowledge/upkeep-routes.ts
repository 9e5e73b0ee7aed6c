/** Upkeep of the knowledge base: retired articles, and searches of agents that found nothing. */
import { addDays } from '../../city/day.ts'
import { PaperId } from '../../city/knowledge/paper.ts'
import { dateAt } from '../../core/local-time.ts'
import { countMiss, missedSearches } from '../../ledger/knowledge/misses.ts'
import { retiredArticles, setRetired } from '../../ledger/knowledge/retirements.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused, WrongContent } from '../shell/problem.ts'
import { accountOf } from '../session/session.ts'
import { PaperMiss, PaperMisses, PaperParams, RetiredPapers, RetirePaper } from './wire.ts'

const editors = { access: ['editor'], cityData: true } as const
const retiredMax = 500
/** The list is of the last three months, whatever is kept. */
const missedDays = 90
const missedMax = 50

export function articleUpkeepRoutes(app: App, { deps: { db, now } }: RouteContext): void {
  app.post(
    '/api/papers/:id/retirement',
    {
      config: editors,
      schema: {
        operationId: 'retirePaper',
        tags: ['papers'],
        summary: 'Retire an article: no search finds it, old links open it with the reason',
        params: PaperParams,
        body: RetirePaper,
        response: { 204: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const reason = request.body.reason.trim()
      if (reason === '') throw new WrongContent([{ field: 'reason', accepted: 'a text of 1–300 characters' }])
      const id = PaperId(request.params.id)
      const result = await setRetired(db, { id, reason, by: accountOf(request).id })
      if (result !== 'done') throw new Refused('no-such-paper')
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/papers/:id/retirement',
    {
      config: editors,
      schema: {
        operationId: 'bringBackPaper',
        tags: ['papers'],
        summary: 'Bring a retired article back',
        params: PaperParams,
        response: { 204: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const id = PaperId(request.params.id)
      const result = await setRetired(db, { id, reason: null, by: accountOf(request).id })
      if (result !== 'done') throw new Refused('no-such-paper')
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/api/papers/retired',
    {
      config: editors,
      schema: {
        operationId: 'retiredPapers',
        tags: ['papers'],
        summary: 'Retired articles, newest first',
        response: { 200: RetiredPapers, ...refusals(401, 403, 503) },
      },
    },
    async () => {
      const retired = await retiredArticles(db, retiredMax)
      return { items: retired.map((one) => ({ ...one, at: iso(one.at) })) }
    },
  )

  app.post(
    '/api/papers/misses',
    {
      config: { access: ['agent'], cityData: true },
      schema: {
        operationId: 'countPaperMiss',
        tags: ['papers'],
        summary: 'Count a search that found nothing, without who searched',
        body: PaperMiss,
        response: { 204: done, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request, reply) => {
      await countMiss(db, request.body.text, dateAt(now()))
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/api/papers/misses',
    {
      config: editors,
      schema: {
        operationId: 'paperMisses',
        tags: ['papers'],
        summary: 'Searches of agents that still find nothing, with their number in the last three months',
        response: { 200: PaperMisses, ...refusals(401, 403, 503) },
      },
    },
    async () => {
      const day = dateAt(now())
      return { items: await missedSearches(db, { from: addDays(day, -missedDays), day, limit: missedMax }) }
    },
  )
}
