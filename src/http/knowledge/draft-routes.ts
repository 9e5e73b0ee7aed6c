/** Drafts of articles: read, published by another editor, returned with a reason or withdrawn. */
import { dateAt } from '../../core/local-time.ts'
import type { AgentId } from '../../core/ids.ts'
import { articleById, type KeptArticle } from '../../ledger/knowledge/articles.ts'
import {
  draftById,
  draftOfArticle,
  endDraft,
  openDrafts,
  publishDraft,
  type ArticleDraft,
  type DraftRefusal,
} from '../../ledger/knowledge/drafts.ts'
import { PaperId } from '../../city/knowledge/paper.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused, WrongContent } from '../shell/problem.ts'
import { accountOf } from '../session/session.ts'
import { paperArticle } from './view.ts'
import {
  PaperDraftParams,
  PaperDraft,
  PaperDrafts,
  PaperDraftsQuery,
  PublishedPaper,
  ReturnDraft,
  type PaperDraftHead,
} from './wire.ts'

const editors = { access: ['editor'], cityData: true } as const
const draftsMax = 200

export const draftRefusals = {
  decided: 'draft-decided',
  'no such draft': 'no-such-draft',
  'own draft': 'own-draft',
  changed: 'paper-changed',
  retired: 'paper-retired',
  'no such article': 'no-such-paper',
  exists: 'paper-exists',
  'another draft': 'another-draft',
} as const satisfies Record<DraftRefusal, string>

export function articleDraftRoutes(app: App, { deps: { db, now, settings } }: RouteContext): void {
  const { articlesByOne } = settings
  const head = (draft: ArticleDraft, reader: AgentId): PaperDraftHead => ({
    draft: draft.id,
    id: draft.paper,
    basedOn: draft.basedOn,
    latest: draft.latest,
    title: draft.content.title,
    by: draft.by,
    at: iso(draft.at),
    returned: draft.returned === null ? null : { ...draft.returned, at: iso(draft.returned.at) },
    own: draft.author === reader,
    mayPublish:
      draft.returned === null && draft.latest === draft.basedOn && (articlesByOne || draft.author !== reader),
  })

  app.get(
    '/api/paper-drafts',
    {
      config: editors,
      schema: {
        operationId: 'paperDrafts',
        tags: ['papers'],
        summary: 'Drafts that wait or were returned, the oldest first; with `paper` that of one article',
        querystring: PaperDraftsQuery,
        response: { 200: PaperDrafts, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request) => {
      const reader = accountOf(request).id
      const { paper } = request.query
      const one = paper === undefined ? undefined : await draftOfArticle(db, PaperId(paper))
      const drafts = one === undefined ? await openDrafts(db, draftsMax) : one === null ? [] : [one]
      return { items: drafts.map((draft) => head(draft, reader)) }
    },
  )

  app.get(
    '/api/paper-drafts/:draft',
    {
      config: editors,
      schema: {
        operationId: 'paperDraft',
        tags: ['papers'],
        summary: 'A draft: the article as it would be, and its newest version',
        params: PaperDraftParams,
        response: { 200: PaperDraft, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      const draft = await draftById(db, request.params.draft)
      if (draft === null) throw new Refused('no-such-draft')
      const day = dateAt(now())
      const newest = await articleById(db, draft.paper, day, draft.latest === 0 ? undefined : draft.latest)
      return {
        ...head(draft, accountOf(request).id),
        article: paperArticle(asArticle(draft), day),
        before: newest === null ? null : paperArticle(newest, day),
      }
    },
  )

  app.post(
    '/api/paper-drafts/:draft/publish',
    {
      config: editors,
      schema: {
        operationId: 'publishPaperDraft',
        tags: ['papers'],
        summary: 'Publish another editor’s draft as the next version',
        params: PaperDraftParams,
        response: { 200: PublishedPaper, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      const { draft } = request.params
      const by = accountOf(request).id
      const published = await publishDraft(db, { draft, by, alone: articlesByOne })
      if (!published.ok) throw new Refused(draftRefusals[published.why])
      return { id: published.paper, version: published.version }
    },
  )

  app.post(
    '/api/paper-drafts/:draft/return',
    {
      config: editors,
      schema: {
        operationId: 'returnPaperDraft',
        tags: ['papers'],
        summary: 'Return a draft to its author, with the reason',
        params: PaperDraftParams,
        body: ReturnDraft,
        response: { 204: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const reason = request.body.reason.trim()
      if (reason === '') throw new WrongContent([{ field: 'reason', accepted: 'a text of 1–500 characters' }])
      const { draft } = request.params
      const ended = await endDraft(db, { draft, by: accountOf(request).id, reason })
      if (ended !== 'done') throw new Refused(draftRefusals[ended])
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/paper-drafts/:draft',
    {
      config: editors,
      schema: {
        operationId: 'withdrawPaperDraft',
        tags: ['papers'],
        summary: 'Withdraw my own draft; it stays on record',
        params: PaperDraftParams,
        response: { 204: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const { draft } = request.params
      const by = accountOf(request).id
      const known = await draftById(db, draft)
      if (known !== null && known.author !== by) throw new Refused('not-your-draft')
      const ended = await endDraft(db, { draft, by, reason: null })
      if (ended !== 'done') throw new Refused(draftRefusals[ended])
      return reply.code(204).send(null)
    },
  )
}

/** The version that the draft would become. */
function asArticle({ paper: id, basedOn, content, by, at }: ArticleDraft): KeptArticle {
  const version = basedOn + 1
  return { ...content, id, version, by, recordedAt: at, publishedBy: null, retired: null, current: null }
}
