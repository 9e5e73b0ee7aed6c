/** What an agent is writing, kept as he types: a refresh loses nothing, and nobody else sees it. */
import { callOfDraft, draftsOf, saveDraft, throwAway } from '../../ledger/requests/drafts.ts'
import type { CallId } from '../../core/ids.ts'
import type { Account } from '../../people/accounts.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { ownCall } from '../calls/rights.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import { accountOf } from '../session/session.ts'
import { DraftList, DraftParams, SaveDraft, type RequestForm } from './wire.ts'

/** The call was his when he began to write in it; that it has gone to somebody else since takes nothing from him. */
export async function draftsCall(
  context: RouteContext,
  account: Account,
  draft: string,
  told: string | null,
): Promise<CallId | null> {
  if (told === null) return null
  const begunIn = await callOfDraft(context.deps.db, account.id, draft)
  return begunIn === told ? begunIn : ownCall(context, account, told)
}

const writers = { access: ['agent', 'supervisor'], cityData: true } as const

export function requestDraftRoutes(app: App, context: RouteContext): void {
  const { db } = context.deps

  app.get(
    '/api/requests/drafts',
    {
      config: writers,
      schema: {
        operationId: 'requestDrafts',
        tags: ['requests'],
        summary: 'What I have begun to write, newest first',
        response: { 200: DraftList, ...refusals(401, 403, 503) },
      },
    },
    async (request) => {
      const drafts = await draftsOf(db, accountOf(request).id)
      return {
        items: drafts.map(({ id, call, form, changedAt }) => ({
          id,
          call,
          // Kept by the same schema by which it is read.
          form: form as RequestForm,
          changedAt: iso(changedAt),
        })),
      }
    },
  )

  app.put(
    '/api/requests/drafts/:id',
    {
      config: writers,
      schema: {
        operationId: 'saveRequestDraft',
        tags: ['requests'],
        summary: 'Keeps what I am writing; the last version counts',
        params: DraftParams,
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
    '/api/requests/drafts/:id',
    {
      config: writers,
      schema: {
        operationId: 'throwAwayRequestDraft',
        tags: ['requests'],
        summary: 'Throws away what I have begun',
        params: DraftParams,
        response: { 204: done, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request, reply) => {
      await throwAway(db, accountOf(request).id, request.params.id)
      return reply.code(204).send(null)
    },
  )
}
