/** Drafts of requests, saved while the agent types: a reload loses nothing, and only their author can read them. */
import { callOfDraft, draftsOf, saveDraft, throwAway } from '../../ledger/requests/drafts.ts'
import type { CallId } from '../../core/ids.ts'
import type { Account } from '../../people/accounts.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { ownCall } from '../access/rights.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import { accountOf } from '../session/session.ts'
import { DraftList, RequestDraftParams, SaveDraft, type RequestForm } from './wire.ts'

/**
 * The call of a draft, checked against the account. A draft that was begun in a call keeps it, even after the
 * call has gone to another agent.
 */
export async function draftsCall(
  context: RouteContext,
  account: Account,
  draft: string,
  named: string | null,
): Promise<CallId | null> {
  if (named === null) return null
  const begunIn = await callOfDraft(context.deps.db, account.id, draft)
  return begunIn === named ? begunIn : ownCall(context, account, named)
}

const writers = { access: ['agent', 'supervisor'], cityData: true } as const

export function requestDraftRoutes(app: App, context: RouteContext): void {
  const { db } = context.deps

  app.get(
    '/api/request-drafts',
    {
      config: writers,
      schema: {
        operationId: 'requestDrafts',
        tags: ['requests'],
        summary: 'My drafts, newest first',
        response: { 200: DraftList, ...refusals(401, 403, 503) },
      },
    },
    async (request) => {
      const drafts = await draftsOf(db, accountOf(request).id)
      return {
        items: drafts.map(({ id, call, form, changedAt }) => ({
          id,
          call,
          // Validated by the same schema when it was saved.
          form: form as RequestForm,
          changedAt: iso(changedAt),
        })),
      }
    },
  )

  app.put(
    '/api/request-drafts/:id',
    {
      config: writers,
      schema: {
        operationId: 'saveRequestDraft',
        tags: ['requests'],
        summary: 'Save my draft; the last version counts',
        params: RequestDraftParams,
        body: SaveDraft,
        response: { 204: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const account = accountOf(request)
      const { id } = request.params
      const call = await draftsCall(context, account, id, request.body.call)
      const saved = await saveDraft(db, account.id, { id, call, form: request.body.form })
      if (saved === 'not yours') throw new Refused('draft-taken')
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/request-drafts/:id',
    {
      config: writers,
      schema: {
        operationId: 'throwAwayRequestDraft',
        tags: ['requests'],
        summary: 'Discard my draft',
        params: RequestDraftParams,
        response: { 204: done, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request, reply) => {
      await throwAway(db, accountOf(request).id, request.params.id)
      return reply.code(204).send(null)
    },
  )
}
