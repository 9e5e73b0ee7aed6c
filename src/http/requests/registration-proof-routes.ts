/** The proof of registration, for printing. */
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { RequestId } from '../../city/requests/number.ts'
import { recordAccess } from '../../ledger/journal/access-log.ts'
import { detailsOf } from '../../ledger/requests/details.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { seenRequest } from '../access/rights.ts'
import { refusals } from '../shell/documented.ts'
import { registrationProof } from './registration-proof.ts'
import { accountOf } from '../session/session.ts'
import { RequestParams } from './wire.ts'

const pdf = { 'application/pdf': { schema: Type.String({ format: 'binary' }) } }

export function registrationProofRoutes(app: App, context: RouteContext): void {
  const { db } = context.deps

  app.get(
    '/api/requests/:id/paper',
    {
      config: { access: ['agent', 'supervisor'], cityData: true },
      schema: {
        operationId: 'requestPaper',
        tags: ['requests'],
        summary: 'The proof of registration as PDF; each download is recorded',
        params: RequestParams,
        response: { 200: { description: 'The sheet.', content: pdf }, ...refusals(401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const id = RequestId(request.params.id)
      const row = await seenRequest(context, request, id)
      await recordAccess(db, {
        kind: 'export',
        account: accountOf(request).id,
        call: null,
        about: id,
        person: null,
        query: 'paper',
      })
      const link = `${request.protocol}://${request.host}/urmarire`
      const { cityHall } = context.deps.settings
      const sheet = await registrationProof({ row, details: await detailsOf(db, id), link, cityHall })
      return sent(reply, id, sheet)
    },
  )
}

function sent(reply: FastifyReply, id: RequestId, sheet: Buffer): FastifyReply {
  return reply
    .headers({ 'content-type': 'application/pdf', 'content-disposition': `inline; filename="${id}.pdf"` })
    .send(sheet)
}
