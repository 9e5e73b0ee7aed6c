/** Articles of the knowledge base, as agents look them up. Each opened article is recorded before it is sent. */
import { freshSince, PaperId } from '../../city/knowledge/paper.ts'
import { CallId } from '../../core/ids.ts'
import { dateAt } from '../../core/local-time.ts'
import { articlesOf, recordOpening } from '../../ledger/knowledge/openings.ts'
import { searchArticles, usualArticles, type FoundArticle } from '../../ledger/knowledge/search.ts'
import { articleById, staleArticles, versionsOf } from '../../ledger/knowledge/articles.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { assertOwnCall, seenCall } from '../access/rights.ts'
import { CallParams, refusals } from '../shell/documented.ts'
import { paperArticle } from './view.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import { accountOf } from '../session/session.ts'
import type { Role } from '../wire.ts'
import {
  ConsultedPapers,
  FoundPapers,
  OpenPaper,
  PaperArticle,
  PaperParams,
  PapersQuery,
  PaperVersions,
  StalePapers,
} from './wire.ts'

/** All roles except administrators, who have no access to city data. */
export const readers: readonly Role[] = ['agent', 'supervisor', 'editor', 'auditor']
const limitByDefault = 12
const staleMax = 200
const versionsMax = 100

export function articleRoutes(app: App, context: RouteContext): void {
  const { db, now } = context.deps
  const today = () => dateAt(now())

  app.get(
    '/api/papers',
    {
      config: { access: readers, cityData: true },
      schema: {
        operationId: 'papers',
        tags: ['papers'],
        summary: 'Articles that match the caller’s words, best first',
        querystring: PapersQuery,
        response: { 200: FoundPapers, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request) => {
      const { text = '', limit = limitByDefault } = request.query
      const day = today()
      const found =
        text.trim() === ''
          ? await usualArticles(db, day, limit)
          : await searchArticles(db, { text, day, limit })
      return { items: found.map((paper) => foundView(paper, freshSince(day))) }
    },
  )

  app.get(
    '/api/papers/stale',
    {
      config: { access: ['editor', 'supervisor'], cityData: true },
      schema: {
        operationId: 'stalePapers',
        tags: ['papers'],
        summary: 'Articles that have expired, or are overdue for comparison with their source',
        response: { 200: StalePapers, ...refusals(401, 403, 503) },
      },
    },
    async () => ({ items: await staleArticles(db, today(), staleMax) }),
  )

  app.post(
    '/api/papers/:id/openings',
    {
      config: { access: readers, cityData: true },
      schema: {
        operationId: 'openPaper',
        tags: ['papers'],
        summary: 'Open an article, within a call or outside of one; the opening is recorded',
        params: PaperParams,
        body: OpenPaper,
        response: { 200: PaperArticle, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      const account = accountOf(request)
      const { version, query } = request.body
      const call = request.body.call === null ? null : CallId(request.body.call)
      if (call !== null) await assertOwnCall(context, account, call)
      const paper = await articleById(db, PaperId(request.params.id), today(), version)
      if (paper === null) throw new Refused('no-such-paper')
      const { id } = paper
      await recordOpening(db, { account: account.id, call, paper: id, version: paper.version, query })
      return paperArticle(paper, today())
    },
  )

  app.get(
    '/api/papers/:id/versions',
    {
      config: { access: readers, cityData: true },
      schema: {
        operationId: 'paperVersions',
        tags: ['papers'],
        summary: 'The versions of an article, with time and author, newest first',
        params: PaperParams,
        response: { 200: PaperVersions, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      const versions = await versionsOf(db, PaperId(request.params.id), versionsMax)
      if (versions.length === 0) throw new Refused('no-such-paper')
      return { items: versions.map((one) => ({ ...one, recordedAt: iso(one.recordedAt) })) }
    },
  )

  app.get(
    '/api/calls/:id/papers',
    {
      config: { access: ['agent', 'supervisor', 'auditor'], cityData: true },
      schema: {
        operationId: 'consultedPapers',
        tags: ['papers'],
        summary: 'The articles opened in a call, in order',
        params: CallParams,
        response: { 200: ConsultedPapers, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      const call = CallId(request.params.id)
      // The present call is there before the ledger has it.
      if (!context.hub.state.concerns(call, accountOf(request).id)) await seenCall(context, request, call)
      const consulted = await articlesOf(db, call)
      const { id: reader } = accountOf(request)
      return {
        items: consulted.map(({ account, ...one }) => ({ ...one, at: iso(one.at), own: account === reader })),
      }
    },
  )
}

function foundView({ reviewedAt, ...paper }: FoundArticle, fresh: string) {
  return { ...paper, stale: reviewedAt < fresh }
}
