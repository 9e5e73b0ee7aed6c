/** Editing of the knowledge base: drafts of new articles and of changes, synonyms. Nothing is ever overwritten. */
import { checkContent } from '../../city/knowledge/check.ts'
import { PaperId, type PaperContent as Content } from '../../city/knowledge/paper.ts'
import { isReviewOnly } from '../../city/knowledge/review.ts'
import { dateAt } from '../../core/local-time.ts'
import { articleById } from '../../ledger/knowledge/articles.ts'
import { addDraft, addReview } from '../../ledger/knowledge/drafts.ts'
import { setSynonym, synonyms } from '../../ledger/knowledge/synonyms.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { Refused, WrongContent } from '../shell/problem.ts'
import { accountOf } from '../session/session.ts'
import {
  NewPaper,
  NewVersion,
  PaperParams,
  SavedPaper,
  Synonym,
  Synonyms,
  type PaperContent,
} from './wire.ts'
import { draftRefusals } from './draft-routes.ts'
import { readers } from './routes.ts'

const editors = { access: ['editor'], cityData: true } as const
const synonymsMax = 1_000

export function articleEditingRoutes(app: App, { deps: { db, now } }: RouteContext): void {
  app.post(
    '/api/papers',
    {
      config: editors,
      schema: {
        operationId: 'addPaper',
        tags: ['papers'],
        summary: 'Draft an article; another editor publishes it',
        body: NewPaper,
        response: { 200: SavedPaper, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request) => {
      const content = checked(request.body.content)
      const id = PaperId(request.body.id)
      const { replaces = null } = request.body
      const draft = await addDraft(db, { id, basedOn: 0, content, replaces, by: accountOf(request).id })
      if (!draft.ok) throw new Refused(draftRefusals[draft.why])
      return { id, version: null, draft: draft.draft }
    },
  )

  app.post(
    '/api/papers/:id/versions',
    {
      config: editors,
      schema: {
        operationId: 'changePaper',
        tags: ['papers'],
        summary: 'Draft a version of an article; a review that changes nothing is published at once',
        params: PaperParams,
        body: NewVersion,
        response: { 200: SavedPaper, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      const content = checked(request.body.content)
      const id = PaperId(request.params.id)
      const { basedOn, replaces = null } = request.body
      const by = accountOf(request).id
      const today = dateAt(now())
      const before = await articleById(db, id, today, basedOn)
      if (before !== null && replaces === null && isReviewOnly(before, content, today)) {
        const added = await addReview(db, { id, basedOn, content, by })
        if (!added.ok) throw new Refused(draftRefusals[added.why])
        return { id, version: added.version, draft: null }
      }
      const draft = await addDraft(db, { id, basedOn, content, replaces, by })
      if (!draft.ok) throw new Refused(draftRefusals[draft.why])
      return { id, version: null, draft: draft.draft }
    },
  )

  app.get(
    '/api/papers/synonyms',
    {
      config: { access: readers, cityData: true },
      schema: {
        operationId: 'paperSynonyms',
        tags: ['papers'],
        summary: 'Synonyms of the search',
        response: { 200: Synonyms, ...refusals(401, 403, 503) },
      },
    },
    async () => ({ items: await synonyms(db, synonymsMax) }),
  )

  app.put(
    '/api/papers/synonyms',
    {
      config: editors,
      schema: {
        operationId: 'setPaperSynonym',
        tags: ['papers'],
        summary: 'Set a synonym of the search; an empty meaning removes it',
        body: Synonym,
        response: { 204: done, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request, reply) => {
      await setSynonym(db, request.body, accountOf(request).id)
      return reply.code(204).send(null)
    },
  )
}

/** Rules that a schema cannot express: existing days, an end after the beginning, no blank texts. */
function checked(given: PaperContent): Content {
  const content = checkContent(given)
  if (content.ok) return content.value
  throw new WrongContent(
    content.wrong.map(({ field, accepted }) => ({ field: `content.${field}`, accepted })),
  )
}
