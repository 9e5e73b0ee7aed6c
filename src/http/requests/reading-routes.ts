/** Reading requests. Each access is recorded before the answer is sent. */
import { idOf, readNumber, RequestId, type RequestNumber } from '../../city/requests/number.ts'
import { AgentId, CallId, type Millis } from '../../core/ids.ts'
import { dateAt } from '../../core/local-time.ts'
import { recordAccess } from '../../ledger/journal/access-log.ts'
import { detailsOf } from '../../ledger/requests/details.ts'
import {
  followUpsOf,
  joinedCounts,
  openRequestsFrom,
  requestsListed,
  requestsNumbered,
  requestsRegisteredIn,
  similarRequests,
} from '../../ledger/requests/lists.ts'
import { historyOf } from '../../ledger/requests/statuses.ts'
import { toldAt } from '../../ledger/requests/tellings.ts'
import { accountById } from '../../people/accounts.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { CallParams, refusals } from '../shell/documented.ts'
import { millisOf } from '../shell/iso-time.ts'
import {
  callerPresent,
  openableCall,
  openableRequests,
  ownCall,
  seenCall,
  seenRequest,
} from '../access/rights.ts'
import { Refused } from '../shell/problem.ts'
import { requestDetail, requestItem } from './view.ts'
import { accountOf } from '../session/session.ts'
import {
  FindRequest,
  InCall,
  RegisteredInCall,
  RequestDetail,
  RequestList,
  RequestPage,
  RequestParams,
  RequestsQuery,
  SimilarAsked,
  SimilarList,
} from './wire.ts'

const readers = { access: ['agent', 'supervisor'], cityData: true } as const
const limitByDefault = 50
/** The length of the lists on an agent's desk. */
const fewMax = 20
const similarMax = 5
const dayMs = 86_400_000
/** Older requests are about another problem: a lamp that failed two months ago is not today's. */
const similarSinceMs = 60 * dayMs
/** Citizens are not called back after this time. */
const followUpSinceMs = 30 * dayMs

export function requestReadingRoutes(app: App, context: RouteContext): void {
  deskRoutes(app, context)
  searchRoutes(app, context)
}

function deskRoutes(app: App, context: RouteContext): void {
  const { db, now } = context.deps
  const today = () => dateAt(now())

  app.get(
    '/api/calls/:id/requests',
    {
      config: readers,
      schema: {
        operationId: 'requestsOfCaller',
        tags: ['requests'],
        summary: 'Open requests of the caller: their subject, not their contents',
        params: CallParams,
        response: { 200: RequestList, ...refusals(401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      const account = accountOf(request)
      const call = CallId(request.params.id)
      const number = await callerPresent(context, account, call)
      // A withheld number is nobody's; what was registered in this call is the caller's all the same.
      const rows =
        number === null
          ? (await requestsRegisteredIn(db, call)).slice(0, fewMax)
          : await openRequestsFrom(db, number, fewMax)
      await recordAccess(db, {
        kind: 'screen-pop',
        account: account.id,
        call,
        about: `requests: ${rows.length}`,
        person: null,
        query: null,
      })
      return { items: rows.map((row) => requestItem(row, today())) }
    },
  )

  app.get(
    '/api/calls/:id/registered-requests',
    {
      config: { access: ['agent', 'supervisor', 'auditor'], cityData: true },
      schema: {
        operationId: 'requestsRegisteredInCall',
        tags: ['requests'],
        summary: 'Requests registered in a call: number and status, not their contents',
        params: CallParams,
        response: { 200: RegisteredInCall, ...refusals(401, 403, 404, 503) },
      },
    },
    async (request) => {
      const { id: call } = await seenCall(context, request, CallId(request.params.id))
      const rows = await requestsRegisteredIn(db, call)
      const opens = await openableRequests(context, request, rows)
      return {
        items: rows.map((row) => {
          const { id, number, category, state, dueness } = requestItem(row, today())
          const own = row.agent === accountOf(request).id
          return { id, number, category, state, dueness, opens: opens.has(row.id), own }
        }),
      }
    },
  )

  app.get(
    '/api/requests/follow-ups',
    {
      config: readers,
      schema: {
        operationId: 'requestFollowUps',
        tags: ['requests'],
        summary: 'My requests whose number the citizen has not been told yet, oldest first',
        response: { 200: RequestList, ...refusals(401, 403, 503) },
      },
    },
    async (request) => {
      const { id } = accountOf(request)
      const rows = await followUpsOf(db, id, now() - followUpSinceMs, fewMax)
      // An empty list reveals nothing, and idle desks request it often.
      if (rows.length > 0)
        await recordAccess(db, {
          kind: 'request-list',
          account: id,
          call: null,
          about: 'follow-ups',
          person: null,
          query: null,
        })
      return { items: rows.map((row) => requestItem(row, today())) }
    },
  )

  app.post(
    '/api/requests/similar',
    {
      config: readers,
      schema: {
        operationId: 'similarRequests',
        tags: ['requests'],
        summary: 'Open requests about the same problem in the same street',
        body: SimilarAsked,
        response: { 200: SimilarList, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      const account = accountOf(request)
      const { category, street } = request.body
      const call = await ownCall(context, account, request.body.call)
      const sinceMs: Millis = now() - similarSinceMs
      const rows = await similarRequests(db, { category, street, sinceMs }, similarMax)
      const joined = await joinedCounts(
        db,
        rows.map(({ id }) => id),
      )
      if (rows.length > 0)
        await recordAccess(db, {
          kind: 'request-list',
          account: account.id,
          call,
          about: 'similar',
          person: null,
          query: category.slice(0, 60),
        })
      return {
        items: rows.map((row) => ({
          ...requestItem(row, today()),
          place: row.place,
          joined: joined.get(row.id) ?? 0,
        })),
      }
    },
  )
}

function searchRoutes(app: App, context: RouteContext): void {
  const { db, now, settings } = context.deps
  const today = () => dateAt(now())

  app.post(
    '/api/requests/find',
    {
      config: readers,
      schema: {
        operationId: 'findRequest',
        tags: ['requests'],
        summary: 'Find a request by our number, or by the document system’s',
        body: FindRequest,
        response: { 200: RequestList, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      const account = accountOf(request)
      const { number } = request.body
      const call = await ownCall(context, account, request.body.call)
      const prefix = settings.registrationPrefix
      const read = readNumber(number, prefix)
      const rows = await requestsNumbered(db, read, number, fewMax)
      await recordAccess(db, {
        kind: 'request-list',
        account: account.id,
        call,
        about: 'by number',
        person: null,
        query: loggedQuery(number, read, rows, prefix),
      })
      return { items: rows.map((row) => requestItem(row, today())) }
    },
  )

  app.get(
    '/api/requests',
    {
      config: { access: ['supervisor'], cityData: true, scope: 'requests:read' },
      schema: {
        operationId: 'requests',
        tags: ['requests'],
        summary: 'Requests, newest first: their state, without personal data',
        querystring: RequestsQuery,
        response: { 200: RequestPage, ...refusals(400, 401, 403, 429, 503) },
      },
    },
    async (request) => {
      const { which = 'open', department = null, category = null, agent, updatedSince } = request.query
      const { limit = limitByDefault, cursor } = request.query
      const question = {
        which,
        department,
        category,
        agent: agent === undefined ? null : AgentId(agent),
        changedSince: updatedSince === undefined ? null : millisOf(updatedSince),
        today: today(),
        limit: limit + 1,
        after: cursor === undefined ? null : positionIn(cursor),
      }
      const rows = await context.lists.inTurn(request, () => requestsListed(db, question))
      const items = rows.slice(0, limit)
      await recordAccess(db, {
        kind: 'request-list',
        account: accountOf(request).id,
        call: null,
        about: which,
        person: null,
        query:
          department === null || category === null ? (department ?? category) : `${department}, ${category}`,
      })
      const last = items.at(-1)
      return {
        items: items.map((row) => requestItem(row, today())),
        next:
          rows.length > limit && last !== undefined
            ? Buffer.from(`${last.registeredAt} ${last.id}`).toString('base64url')
            : null,
      }
    },
  )

  app.get(
    '/api/requests/:id',
    {
      config: { ...readers, scope: 'requests:read' },
      schema: {
        operationId: 'request',
        tags: ['requests'],
        summary: 'One request with its petitioner, contents and history',
        params: RequestParams,
        querystring: InCall,
        response: { 200: RequestDetail, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      const account = accountOf(request)
      const id = RequestId(request.params.id)
      const call = await ownCall(context, account, request.query.call)
      const row = await seenRequest(context, request, id)
      await recordAccess(db, {
        kind: 'request',
        account: account.id,
        call,
        about: id,
        person: null,
        query: null,
      })
      const [registeredIn, details, history, told, agent] = await Promise.all([
        row.call === null ? null : openableCall(context, request, row.call),
        detailsOf(db, id),
        historyOf(db, id),
        toldAt(db, id),
        accountById(db, row.agent),
      ])
      return requestDetail(
        { row, details, history, told, agent: agent?.name ?? row.agent, registeredIn },
        today(),
      )
    },
  )
}

function positionIn(cursor: string) {
  const [, at = '', id = ''] =
    /^(\d{1,15}) ([A-Z]{1,6}\d{4}-\d{6,9})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? []
  if (id === '') throw new Refused('bad-cursor')
  return { registeredAt: Number(at), id: RequestId(id) }
}

/**
 * The search text for the access log: our number, or the document system's number if it found something. Any
 * other text is left out (null), because it could be a CNP or a name, and the log keeps it for ever.
 */
function loggedQuery(
  typed: string,
  read: RequestNumber | null,
  rows: readonly { readonly id: RequestId }[],
  prefix: string,
): string | null {
  const isOurs = ({ id }: { readonly id: RequestId }): boolean => {
    const found = readNumber(id, prefix)
    return found?.year === read?.year && found?.number === read?.number
  }
  if (!rows.every(isOurs)) return typed.trim()
  return read === null ? null : idOf({ ...read, prefix })
}
