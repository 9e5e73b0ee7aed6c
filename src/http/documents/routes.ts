/** Queries of the document system, and the messages that have not reached it. */
import { Type } from 'typebox'
import { MessageId } from '../../city/documents/message.ts'
import { askAgain, undeliveredCounts, undeliveredMessages } from '../../ledger/documents/outbox.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { ownCall } from '../access/rights.ts'
import { done, refusals } from '../shell/documented.ts'
import { Refused } from '../shell/problem.ts'
import { accountOf } from '../session/session.ts'
import { findRecorded } from './find-recorded.ts'
import { undeliveredView } from './view.ts'
import { FindDocument, FoundDocument, UndeliveredList } from './wire.ts'

/** More undelivered messages than this have one common cause; the list is enough to see it. */
const listMax = 200
const keepers = { access: ['supervisor', 'administrator'] } as const
const MessageParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 60 }) })

export function filedDocumentRoutes(app: App, context: RouteContext): void {
  findRoute(app, context)
  undeliveredRoutes(app, context)
}

function findRoute(app: App, context: RouteContext): void {
  app.post(
    '/api/documents/find',
    {
      config: { access: ['agent', 'supervisor'], cityData: true },
      schema: {
        operationId: 'findDocument',
        tags: ['documents'],
        summary: 'A document that was filed at the counter, by number, day and name; each query is recorded',
        body: FindDocument,
        response: { 200: FoundDocument, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request) => {
      const { number, date, name } = request.body
      const account = accountOf(request)
      const call = await ownCall(context, account, request.body.callId)
      const asked = { number: number.trim(), date, name: name.trim() }
      const result = await findRecorded(context.deps, asked, { account: account.id, call })
      return { outcome: result.outcome, document: result.outcome === 'found' ? result.document : null }
    },
  )
}

function undeliveredRoutes(app: App, { deps }: RouteContext): void {
  const { db, documents, now, logger } = deps
  app.get(
    '/api/documents/undelivered',
    {
      config: keepers,
      schema: {
        operationId: 'undeliveredDocuments',
        tags: ['documents'],
        summary: 'Messages that have not reached the document system, those given up first',
        response: { 200: UndeliveredList, ...refusals(401, 403, 503) },
      },
    },
    async () => {
      const at = now()
      const [counts, items] = await Promise.all([undeliveredCounts(db, at), undeliveredMessages(db, listMax)])
      return { connected: documents !== null, counts, items: items.map((item) => undeliveredView(item, at)) }
    },
  )

  app.post(
    '/api/documents/undelivered/:id/retry',
    {
      config: keepers,
      schema: {
        operationId: 'retryDocument',
        tags: ['documents'],
        summary: 'Retry a message now; a new week of tries begins',
        params: MessageParams,
        response: { 204: done, ...refusals(401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const message = MessageId(request.params.id)
      const by = accountOf(request).id
      if ((await askAgain(db, message, by, now())) === 'not unsent') throw new Refused('not-waiting')
      logger.info({ by, message }, 'a message to the document system is retried on request')
      return reply.code(204).send(null)
    },
  )
}
