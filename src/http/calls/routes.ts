/** Calls on record. */
import type { Static } from 'typebox'
import { AgentId, CallId, QueueId } from '../../core/ids.ts'
import { blockReason, type BlockReason } from '../../people/blocked-callers/caller-blocks.ts'
import { callsAsJson, type CallQuestion, type CallRecord } from '../../ledger/calls/calls.ts'
import { checkStretches } from '../../ledger/recordings/full-hearings.ts'
import { callerFrom } from '../../core/phone-number.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import {
  correctableUntil,
  heardSegments,
  listedCalls,
  recordOnce,
  seenCall,
  seesSupervision,
} from '../access/rights.ts'
import { openableSegments } from '../recordings/open-segments.ts'
import { voicemailItem } from '../voicemails/view.ts'
import { callDetail } from './view.ts'
import { CallParams, refusals } from '../shell/documented.ts'
import { iso, millisOf } from '../shell/iso-time.ts'
import { assertOrder } from '../shell/parameters.ts'
import { Refused } from '../shell/problem.ts'
import { accountOf } from '../session/session.ts'
import { abandonedRoute } from './abandoned-routes.ts'
import { codesAsked, wrapUpCodeRoutes } from './code-routes.ts'
import { unansweredRoute } from './unanswered-routes.ts'
import { wrapUpRoutes } from './wrap-up-routes.ts'
import { CallDetail, CallPage, CallsQuery } from './wire.ts'
import type { Role } from '../wire.ts'

const limitByDefault = 50
const start = Buffer.from('{"items":')
/**
 * Editors and administrators serve no callers and have no access to the call record. An agent's present call is shown
 * without the signed agreement (`seenCall`); everything else requires it.
 */
export const callReaders: readonly Role[] = ['agent', 'supervisor', 'auditor']

export function callRoutes(app: App, context: RouteContext): void {
  readingRoutes(app, context)
  unansweredRoute(app, context)
  abandonedRoute(app, context)
  wrapUpCodeRoutes(app, context)
  wrapUpRoutes(app, context)
}

function readingRoutes(app: App, context: RouteContext): void {
  const { db } = context.deps
  app.get(
    '/api/calls',
    {
      config: { access: callReaders, cityData: true, scope: 'calls:read' },
      schema: {
        operationId: 'calls',
        tags: ['calls'],
        summary: 'Calls, newest first; for an agent their own, or the present caller’s',
        querystring: CallsQuery,
        response: { 200: CallPage, ...refusals(400, 401, 403, 429, 503) },
      },
    },
    async (request, reply) => {
      const {
        caller,
        agent,
        outcome,
        queue,
        code,
        updatedSince,
        limit = limitByDefault,
        cursor,
      } = request.query
      const account = accountOf(request)
      const from = request.query.from === undefined ? undefined : millisOf(request.query.from)
      const to = request.query.to === undefined ? undefined : millisOf(request.query.to)
      assertOrder(from, to)
      const question = await listedCalls(context, account, {
        from,
        to,
        ...(caller === undefined ? {} : askedNumber(caller)),
        agent: agent === undefined ? undefined : AgentId(agent),
        outcome,
        queue: queue === undefined ? undefined : QueueId(queue),
        codes: code === undefined ? undefined : await codesAsked(db, code),
        changedSince: updatedSince === undefined ? undefined : millisOf(updatedSince),
        limit,
        cursor,
      })
      if (question === 'none') return { items: [], next: null }
      const answer = await context.lists.inTurn(request, () => callsAsJson(db, question))
      if (answer.error !== undefined) throw new Refused('bad-cursor')
      // An agent's own calls are no look at anybody else's.
      if (question.agent !== account.id)
        await recordOnce(
          context,
          request,
          {
            kind: 'call-list',
            account: account.id,
            call: null,
            about: 'calls',
            person: null,
            query: askedFor(question),
          },
          question.caller ?? question.callerPart,
        )
      // Already JSON: see `callsAsJson`.
      reply.type('application/json; charset=utf-8')
      const end = Buffer.from(`,"next":${JSON.stringify(answer.next)}}`)
      const page: unknown = Buffer.concat([start, answer.items, end])
      return reply.send(page as Static<typeof CallPage>)
    },
  )

  app.get(
    '/api/calls/:id',
    {
      config: { access: callReaders, scope: 'calls:read' },
      schema: {
        operationId: 'call',
        tags: ['calls'],
        summary: 'One call with its events, notes, wrap-up form and recording manifest',
        params: CallParams,
        response: { 200: CallDetail, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      const record = await seenCall(context, request, CallId(request.params.id))
      const account = accountOf(request)
      const segments = await openableSegments(context.deps, heardSegments(context, account, record))
      const checks = segments.open.length === 0 ? [] : await checkStretches(db, record.id)
      return callDetail(record, {
        segments,
        checks,
        correctableUntil: correctableUntil(context, account, record),
        seesSupervision: seesSupervision(account),
        block: seesSupervision(account) ? await blockOf(context, record) : null,
        voicemail: record.voicemail && voicemailItem(context, record.voicemail),
      })
    },
  )
}

/** The block that turned the caller away; null: none did. */
async function blockOf({ deps }: RouteContext, { events }: CallRecord): Promise<BlockReason | null> {
  const block = events.find(({ type }) => type === 'CallArrived')?.detail['block']
  return typeof block === 'number' ? blockReason(deps.db, block) : null
}

/** The filters in words for the access log, without the caller's number. */
function askedFor(question: CallQuestion): string | null {
  const { from, to, caller, callerPart, agent, outcome, queue, codes, changedSince } = question
  const parts = [
    from === undefined ? [] : [`from ${iso(from)}`],
    to === undefined ? [] : [`to ${iso(to)}`],
    caller === undefined ? [] : ['one number'],
    callerPart === undefined ? [] : ['a part of a number'],
    agent === undefined ? [] : [`agent ${agent}`],
    outcome === undefined ? [] : [`outcome ${outcome}`],
    queue === undefined ? [] : [`queue ${queue}`],
    codes === undefined ? [] : [`code ${codes[0]}`],
    changedSince === undefined ? [] : [`since ${iso(changedSince)}`],
  ].flat()
  return parts.length === 0 ? null : parts.join(', ')
}

const partDigitsMin = 3
/** Shorter ones are parts. */
const wholeDigitsMin = 9

/**
 * A whole number as the ledger stores it, or the digits of a part. A `+` that was sent unescaped arrives as a space;
 * `00` stands for it.
 * @throws {Refused} `wrong-number`
 */
function askedNumber(text: string): Pick<CallQuestion, 'caller' | 'callerPart'> {
  const typed = text.replace(/^ |^00/, '+').trim()
  const digits = typed.replaceAll(/\D/g, '')
  if (/[^\d\s+()./-]/.test(typed) || digits.length < partDigitsMin) throw new Refused('wrong-number')
  const stored = callerFrom(typed, '').number
  const isWhole = stored?.startsWith('+') === true && digits.length >= wholeDigitsMin && /^[+0]/.test(typed)
  if (isWhole) return { caller: stored }
  if (typed.startsWith('+')) return { callerPart: `+${digits}` }
  return { callerPart: digits.startsWith('0') ? `+40${digits.slice(1)}` : digits }
}
