/** What an agent is writing, kept as he types: a refresh loses nothing, and nobody else sees it. */
import { draftsOf, saveDraft, throwAway } from '../../ledger/request-drafts.ts'
import type { App, Rooms } from '../app.ts'
import { done, refusals } from '../documented.ts'
import { ownCall } from '../call-rights.ts'
import { iso } from '../present.ts'
import { Refused } from '../problem.ts'
import { accountOf } from '../session.ts'
import { DraftList, DraftParams, SaveDraft, type RequestForm } from '../wire-requests.ts'

const writers = { access: ['agent', 'supervisor'], cityData: true } as const

export function requestDraftRoutes(app: App, rooms: Rooms): void {
  const { db } = rooms.deps

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
      const call = await ownCall(rooms, account, request.body.call)
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
