/**
 * Notes and wrap-up forms of calls: saved as the agent fills them in, and completed or corrected for a day after the call.
 * Every save is a row, with who and when. A supervisor adds notes and changes no form: it is the agent's own statement.
 */
import { correctableMs } from '../../city/calls/wrap-up.ts'
import { CallId } from '../../core/ids.ts'
import { addNote } from '../../ledger/calls/notes.ts'
import { addWrapUp, unfinishedWrapUps } from '../../ledger/calls/wrap-ups.ts'
import type { Account } from '../../people/accounts.ts'
import { assertNotable, assertOwnForm } from '../access/rights.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { refuseUnsigned } from '../session/city-data.ts'
import { accountOf } from '../session/session.ts'
import { CallParams, done, refusals } from '../shell/documented.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused, WrongContent } from '../shell/problem.ts'
import { recordedForm } from './code-routes.ts'
import { AddNote, SetNotes, UnfinishedCalls, WrapUpForm } from './wire.ts'

export function wrapUpRoutes(app: App, context: RouteContext): void {
  typedRoutes(app, context)
  laterRoutes(app, context)
}

/**
 * Whether the call has left the desk: what is typed arrives as a correction then, which needs the signed agreement like
 * every record of the past.
 */
async function isLater(context: RouteContext, account: Account, call: CallId): Promise<boolean> {
  const later = (await assertOwnForm(context, account, call)) === 'later'
  if (later) await refuseUnsigned(context.deps.db, account)
  return later
}

function typedRoutes(app: App, context: RouteContext): void {
  const { db } = context.deps

  app.put(
    '/api/calls/:id/notes',
    {
      config: { access: ['agent', 'supervisor'] },
      schema: {
        operationId: 'setNotes',
        tags: ['calls'],
        summary:
          'Save my notes on my call as I type; the last version counts, and after the call one as a later note',
        params: CallParams,
        body: SetNotes,
        response: { 204: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const account = accountOf(request)
      const call = CallId(request.params.id)
      const { text } = request.body
      const later = await isLater(context, account, call)
      if (later && text.trim() === '')
        throw new WrongContent([{ field: 'text', accepted: 'a text that is not blank' }])
      const added = await addNote(db, { call, author: account.id, text, later, unlessCorrected: later })
      if (!added) throw new Refused('wrap-up-corrected')
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/api/calls/:id/wrap-up',
    {
      config: { access: ['agent', 'supervisor'] },
      schema: {
        operationId: 'setWrapUp',
        tags: ['calls'],
        summary: 'Save the wrap-up form of my call as I fill it in; after the call one, as a correction',
        params: CallParams,
        body: WrapUpForm,
        response: { 204: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const account = accountOf(request)
      const call = CallId(request.params.id)
      const later = await isLater(context, account, call)
      const form = await recordedForm(db, request.body)
      const added = await addWrapUp(db, { call, agent: account.id, form, later, unlessCorrected: later })
      if (!added) throw new Refused('wrap-up-corrected')
      return reply.code(204).send(null)
    },
  )
}

function laterRoutes(app: App, context: RouteContext): void {
  const { deps, hub } = context
  const { db, now } = deps

  app.get(
    '/api/calls/unfinished',
    {
      config: { access: ['agent', 'supervisor'], cityData: true },
      schema: {
        operationId: 'unfinishedCalls',
        tags: ['calls'],
        summary: 'My calls of the last 24 hours whose wrap-up form is not complete, newest first',
        response: { 200: UnfinishedCalls, ...refusals(401, 403, 503) },
      },
    },
    async (request) => {
      const { id } = accountOf(request)
      const rows = await unfinishedWrapUps(db, id, now() - correctableMs)
      return {
        items: rows
          .filter(({ call }) => !hub.state.concerns(call, id))
          .map(({ call, caller, arrivedAt, endedAt, subject }) => ({
            id: call,
            caller,
            arrivedAt: iso(arrivedAt),
            until: iso(endedAt + correctableMs),
            subject,
          })),
      }
    },
  )

  app.post(
    '/api/calls/:id/wrap-up/corrections',
    {
      config: { access: ['agent', 'supervisor'], cityData: true },
      schema: {
        operationId: 'correctWrapUp',
        tags: ['calls'],
        summary: 'Complete or correct the wrap-up form of my ended call, for 24 hours; earlier forms stay',
        params: CallParams,
        body: WrapUpForm,
        response: { 204: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const account = accountOf(request)
      const call = CallId(request.params.id)
      if ((await assertOwnForm(context, account, call)) === 'on the desk') throw new Refused('call-on-desk')
      const form = await recordedForm(db, request.body)
      await addWrapUp(db, { call, agent: account.id, form, later: true })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/calls/:id/notes',
    {
      config: { access: ['agent', 'supervisor'], cityData: true, scope: 'calls:command' },
      schema: {
        operationId: 'addNote',
        tags: ['calls'],
        summary: 'Add a note: to my own call for 24 hours after its end, to any ended call for supervisors',
        params: CallParams,
        body: AddNote,
        response: { 204: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const account = accountOf(request)
      const call = CallId(request.params.id)
      await assertNotable(context, account, call)
      await addNote(db, { call, author: account.id, text: request.body.text.trim(), later: true })
      return reply.code(204).send(null)
    },
  )
}
