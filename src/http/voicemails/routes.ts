/** Messages that callers have left, for the agents of their queue and for supervisors: taken, released, closed. */
import type { FastifyRequest } from 'fastify'
import { CallId, QueueId } from '../../core/ids.ts'
import { startOfDay } from '../../core/local-time.ts'
import { isLate } from '../../core/voicemails/voicemail.ts'
import {
  addVoicemailStep,
  voicemails,
  type Voicemail,
  type VoicemailStep,
} from '../../ledger/voicemails/voicemails.ts'
import { assertVoicemail, recordOnce } from '../access/rights.ts'
import { leftFor, openVoicemailsOf, takerOf } from '../access/voicemail-rights.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf, mayUse } from '../session/session.ts'
import { CallParams, done, refusals } from '../shell/documented.ts'
import { iso, millisOf } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import { voicemailItem } from './view.ts'
import { CloseVoicemail, OpenVoicemails, Voicemails, voicemailsMax, VoicemailsQuery } from './wire.ts'

const readers = { access: ['agent', 'supervisor'], cityData: true, scope: 'voicemails:read' } as const
const actors = { ...readers, scope: 'voicemails:command' } as const
const tags = ['calls']

export function voicemailRoutes(app: App, context: RouteContext): void {
  readingRoutes(app, context)
  app.put(
    '/api/voicemails/:id/taker',
    {
      config: actors,
      schema: {
        operationId: 'takeVoicemail',
        tags,
        summary: 'See to a message: colleagues are told that somebody does',
        params: CallParams,
        response: { 204: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      await act(context, request, request.params.id, { step: 'taken' })
      return reply.code(204).send(null)
    },
  )
  app.delete(
    '/api/voicemails/:id/taker',
    {
      config: actors,
      schema: {
        operationId: 'releaseVoicemail',
        tags,
        summary: 'Leave a message to somebody else; a supervisor also that of an agent',
        params: CallParams,
        response: { 204: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      await act(context, request, request.params.id, { step: 'released' })
      return reply.code(204).send(null)
    },
  )
  app.post(
    '/api/voicemails/:id/closing',
    {
      config: actors,
      schema: {
        operationId: 'closeVoicemail',
        tags,
        summary: 'Close a message with what became of it',
        params: CallParams,
        body: CloseVoicemail,
        response: { 204: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const { result, note } = request.body
      await act(context, request, request.params.id, { step: 'closed', result, note })
      return reply.code(204).send(null)
    },
  )
}

function readingRoutes(app: App, context: RouteContext): void {
  const { db, now } = context.deps
  app.get(
    '/api/voicemails',
    {
      config: readers,
      schema: {
        operationId: 'voicemails',
        tags,
        summary:
          'The messages of the queues that I serve, the one that has waited longest first; the look is on record',
        querystring: VoicemailsQuery,
        response: { 200: Voicemails, ...refusals(400, 401, 403, 429, 503) },
      },
    },
    async (request) => {
      const account = accountOf(request)
      const { queue, updatedSince } = request.query
      const changedSince = updatedSince === undefined ? undefined : millisOf(updatedSince)
      const isSupervisor = mayUse(account, ['supervisor'])
      const found = await context.lists.inTurn(request, async () =>
        voicemails(db, {
          leftFor: queue === undefined ? undefined : await leftFor(context, QueueId(queue)),
          leftIn: isSupervisor ? undefined : await openVoicemailsOf(context, account),
          closedSince: changedSince === undefined ? startOfDay(now()) : 0,
          closedBy: isSupervisor ? undefined : account.id,
          changedSince,
          limit: voicemailsMax + 1,
        }),
      )
      await recordOnce(context, request, {
        kind: 'call-list',
        account: account.id,
        call: null,
        about: 'calls',
        person: null,
        query: [
          'voicemails',
          ...(queue === undefined ? [] : [`queue ${queue}`]),
          ...(changedSince === undefined ? [] : [`since ${iso(changedSince)}`]),
        ].join(', '),
      })
      const items = found.slice(0, voicemailsMax).map((one) => voicemailItem(context, one))
      return { items, more: found.length > voicemailsMax }
    },
  )
  app.get(
    '/api/voicemails/open',
    {
      config: readers,
      schema: {
        operationId: 'openVoicemails',
        tags,
        summary: 'How many messages of the queues that I serve are open',
        response: { 200: OpenVoicemails, ...refusals(401, 403, 503) },
      },
    },
    async (request) => {
      const open = await openVoicemailsOf(context, accountOf(request))
      return {
        count: open.reduce((sum, { count }) => sum + count, 0),
        isLate: open.some(({ oldestAt }) => isLate(oldestAt, now())),
      }
    },
  )
}

async function act(
  context: RouteContext,
  request: FastifyRequest,
  id: string,
  step: VoicemailStep,
): Promise<void> {
  const account = accountOf(request)
  const call = CallId(id)
  await assertVoicemail(context, request, call)
  const stepping = {
    call,
    by: account.id,
    isSupervisor: mayUse(account, ['supervisor']),
    takerOf: (voicemail: Voicemail) => takerOf(context, voicemail),
  }
  const answer = await addVoicemailStep(context.deps.db, stepping, step)
  if (answer === 'done') return
  if (answer === 'closed') throw new Refused('voicemail-closed')
  const { name } = answer.takenBy
  const detail = { ro: `De mesajul acesta se ocupă ${name}.`, en: `${name} sees to this message.` }
  throw new Refused('voicemail-taken', null, [], detail)
}
