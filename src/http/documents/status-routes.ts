/**
 * Status updates from the document system. It has no session: the signature over the raw body is verified before
 * the body is parsed, so this route has a content type parser of its own.
 */
import type { FastifyRequest } from 'fastify'
import { Compile } from 'typebox/compile'
import type { Opened } from '../../city/documents/document-system.ts'
import type { StatusUpdate } from '../../city/documents/status-update.ts'
import { dateAt } from '../../core/local-time.ts'
import { takeUpdate } from '../../ledger/documents/updates.ts'
import { requestHistory } from '../../ledger/requests/history.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { Refused } from '../shell/problem.ts'
import { StatusMessage } from './wire.ts'

const message = Compile(StatusMessage)

export async function documentStatusRoutes(app: App, context: RouteContext): Promise<void> {
  await app.register(async (scope) => statusRoute(scope as App, context))
}

function statusRoute(scope: App, { deps }: RouteContext): void {
  const { db, documents, logger, now, workingDays } = deps
  scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, parsed) => {
    parsed(null, body)
  })
  // The body stays raw bytes until its signature is verified; the schema is checked after that.
  scope.setValidatorCompiler(() => () => true)

  scope.post(
    '/api/documents/status',
    {
      // Enough for the updates of a night after an outage; more than that does not come from the document system.
      config: { access: 'open', rateLimit: { max: 600, timeWindow: 60_000 } },
      schema: {
        operationId: 'documentStatus',
        tags: ['documents'],
        summary: 'A status update from the document system; signed by Standard Webhooks, each id counts once',
        body: StatusMessage,
        response: { 204: done, ...refusals(400, 401, 404, 429, 503) },
      },
    },
    async (request, reply) => {
      const opened: Opened = documents?.open(receivedFrom(request)) ?? { ok: false, why: 'not genuine' }
      if (!opened.ok) throw new Refused(opened.why === 'not JSON' ? 'bad-json' : 'bad-signature')
      const update = updateOf(request, opened.content)
      const taken = await takeUpdate(db, update, requestHistory(dateAt(now()), workingDays()))
      logger.info(
        { request: update.request, state: update.state, taken },
        'status update from the document system',
      )
      if (taken === 'unknown request') throw new Refused('request-not-known')
      return reply.code(204).send(null)
    },
  )
}

function receivedFrom({ headers, body }: FastifyRequest) {
  return {
    id: headerOf(headers['webhook-id']),
    timestamp: headerOf(headers['webhook-timestamp']),
    signature: headerOf(headers['webhook-signature']),
    body: body instanceof Uint8Array ? body : new Uint8Array(),
  }
}

const headerOf = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '')

function updateOf(request: FastifyRequest, content: unknown): StatusUpdate {
  if (!message.Check(content)) throw new Refused('validation')
  const { data } = content
  if (hasNul(data.department) || hasNul(data.ownNumber)) throw new Refused('bad-text')
  return {
    id: headerOf(request.headers['webhook-id']),
    request: data.request,
    version: data.version,
    state: data.state,
    department: data.department ?? null,
    ownNumber: data.ownNumber ?? null,
    ownDate: data.ownDate ?? null,
    extensionDays: data.extensionDays ?? null,
  }
}

const hasNul = (text: string | null | undefined): boolean => text?.includes('\u0000') === true
