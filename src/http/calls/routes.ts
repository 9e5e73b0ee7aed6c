/** Calls on record, and the notes and wrap-up forms about them. */
import { setTimeout as delay } from 'node:timers/promises'
import { AgentId, CallId } from '../../core/ids.ts'
import { callById, calls, type CallRecord } from '../../ledger/calls/calls.ts'
import { checkStretches } from '../../ledger/recordings/full-hearings.ts'
import { addNote } from '../../ledger/calls/notes.ts'
import { addWrapUp } from '../../ledger/calls/wrap-ups.ts'
import { callerFrom } from '../../core/phone-number.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { assertOwnCall } from './rights.ts'
import { callDetail, callItem } from './view.ts'
import { CallParams, done, refusals } from '../shell/documented.ts'
import { millisOf } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import { accountOf } from '../session/session.ts'
import { CallDetail, CallPage, CallsQuery, SetNotes, WrapUpForm } from './wire.ts'
import type { Role } from '../wire.ts'

const limitByDefault = 50
/**
 * The call record is needed to serve the next caller, so it does not require the signed agreement. Editors and
 * administrators serve no callers and have no access to it.
 */
export const callReaders: readonly Role[] = ['agent', 'supervisor', 'auditor']
/** The ledger's writer collects events for some milliseconds. A greater delay is a fault and not waited for. */
export const ledgerBehindMs = 1_000
const ledgerAgainMs = 20

export function callRoutes(app: App, context: RouteContext): void {
  readingRoutes(app, context)
  writingRoutes(app, context)
}

function readingRoutes(app: App, context: RouteContext): void {
  const { db } = context.deps
  app.get(
    '/api/calls',
    {
      config: { access: callReaders },
      schema: {
        operationId: 'calls',
        tags: ['calls'],
        summary: 'Calls, newest first',
        querystring: CallsQuery,
        response: { 200: CallPage, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request) => {
      const { from, to, caller, agent, outcome, limit = limitByDefault, cursor } = request.query
      const answer = await calls(db, {
        from: from === undefined ? undefined : millisOf(from),
        to: to === undefined ? undefined : millisOf(to),
        caller: caller === undefined ? undefined : storedNumber(caller),
        agent: agent === undefined ? undefined : AgentId(agent),
        outcome,
        limit,
        cursor,
      })
      if (answer.error !== undefined) throw new Refused('bad-cursor')
      return { items: answer.items.map(callItem), next: answer.next }
    },
  )

  app.get(
    '/api/calls/:id',
    {
      config: { access: callReaders },
      schema: {
        operationId: 'call',
        tags: ['calls'],
        summary: 'One call with its events, notes, wrap-up form and recording manifest',
        params: CallParams,
        response: { 200: CallDetail, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      const record = await recordOf(context, CallId(request.params.id))
      if (record === null) throw new Refused('no-such-call')
      const checks = record.manifest === null ? [] : await checkStretches(db, record.id)
      return callDetail(record, checks)
    },
  )
}

function writingRoutes(app: App, context: RouteContext): void {
  const { db } = context.deps

  app.put(
    '/api/calls/:id/notes',
    {
      config: { access: ['agent', 'supervisor'] },
      schema: {
        operationId: 'setNotes',
        tags: ['calls'],
        summary: 'Save my notes on this call; the last version counts',
        params: CallParams,
        body: SetNotes,
        response: { 204: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const account = accountOf(request)
      const call = CallId(request.params.id)
      await assertOwnCall(context, account, call)
      await addNote(db, { call, author: account.id, text: request.body.text })
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
        summary: 'Save the wrap-up form of a call; the last form counts',
        params: CallParams,
        body: WrapUpForm,
        response: { 204: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const account = accountOf(request)
      const call = CallId(request.params.id)
      await assertOwnCall(context, account, call)
      await addWrapUp(db, { call, agent: account.id, form: request.body })
      return reply.code(204).send(null)
    },
  )
}

/**
 * A phone rings before the ledger has written the call. A call that the live feed has is therefore waited for,
 * instead of answered with `no-such-call`.
 */
async function recordOf({ deps, hub }: RouteContext, call: CallId): Promise<CallRecord | null> {
  const deadline = performance.now() + ledgerBehindMs
  for (;;) {
    const record = await callById(deps.db, call)
    if (record !== null || hub.state.call(call) === undefined || performance.now() > deadline) return record
    await delay(ledgerAgainMs)
  }
}

/** The number as the ledger stores it. A `+` that was sent unescaped arrives as a space. */
function storedNumber(caller: string): string {
  return callerFrom(caller.replace(/^ /, '+'), '').number ?? caller
}
