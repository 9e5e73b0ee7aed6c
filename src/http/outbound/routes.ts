/** Calls to citizens: the number is typed, or that of a call or a request that the agent may see. */
import type { FastifyRequest } from 'fastify'
import { RequestId } from '../../city/requests/number.ts'
import type { DeskCommandOf } from '../../core/desk-command.ts'
import { CallId, type AgentId, type QueueId } from '../../core/ids.ts'
import { startOfDay } from '../../core/local-time.ts'
import type { AbandonedCall } from '../../ledger/calls/abandoned-calls.ts'
import { callerOf } from '../../ledger/calls/calls.ts'
import { unansweredOffers } from '../../ledger/calls/unanswered-offers.ts'
import { recordAccess } from '../../ledger/journal/access-log.ts'
import { detailsOf } from '../../ledger/requests/details.ts'
import { abandonedFor } from '../access/abandoned-rights.ts'
import { seenCall, seenRequest } from '../access/rights.ts'
import { agentView } from '../agents/view.ts'
import { AgentView } from '../agents/wire.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { refusals } from '../shell/documented.ts'
import { granted, Refused } from '../shell/problem.ts'
import { CallOut } from './wire.ts'

/** More than rang one agent in a day without an answer. */
const missedMax = 200

export function outboundRoutes(app: App, context: RouteContext): void {
  const { desk } = context.deps

  app.post(
    '/api/me/call-out',
    {
      config: { access: ['agent'], cityData: true },
      schema: {
        operationId: 'callOut',
        tags: ['me'],
        summary: 'Call a citizen through the city’s number: my own phone picks up first',
        body: CallOut,
        response: { 200: AgentView, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      const called = await calledIn(context, request, request.body)
      const { id, roles } = accountOf(request)
      const isSupervisor = roles.includes('supervisor')
      const answer = await desk.perform({ do: 'callOut', agent: id, isSupervisor, ...called })
      return agentView(granted(answer), context.names)
    },
  )
}

async function calledIn(
  context: RouteContext,
  request: FastifyRequest,
  body: CallOut,
): Promise<Pick<DeskCommandOf<'callOut'>, 'number' | 'returns' | 'queue' | 'isOwnWord'>> {
  if ('number' in body) return { number: body.number, returns: null }
  if ('call' in body) {
    const call = CallId(body.call)
    const { number, queue } = await returned(context, request, call)
    return { number, returns: { call }, ...(queue !== null && { queue }) }
  }
  const row = await seenRequest(context, request, RequestId(body.request))
  const { id } = row
  const { id: account } = accountOf(request)
  const look = { kind: 'request', account, call: null, about: id } as const
  await recordAccess(context.deps.db, { ...look, person: null, query: null })
  const details = await detailsOf(context.deps.db, id)
  const phone = details?.person?.phone.trim() ?? ''
  const number = phone === '' ? null : phone
  // Otherwise an agent who may only call back could type a number into a request.
  const isOwn = row.agent === account && number !== null
  const isOwnWord = isOwn && (row.call === null || (await callerOf(context.deps.db, row.call)) !== number)
  return { number, returns: { request: id }, isOwnWord }
}

/**
 * A caller whom the agent has missed today, or who left a queue that they serve without an answer, is theirs to call back, although they may
 * not read the call; not one whom a colleague has served, or who still waits or talks.
 */
async function returned(
  context: RouteContext,
  request: FastifyRequest,
  call: CallId,
): Promise<{ readonly number: string | null; readonly queue: QueueId | null }> {
  const { db, now } = context.deps
  const account = accountOf(request)
  const { id: agent } = account
  const [abandoned] = await abandonedFor(context, account, { limit: 1, call })
  if (abandoned !== undefined)
    return { number: calledByNobody(context, abandoned, agent), queue: abandoned.queue }
  const missed = await unansweredOffers(db, { agent, from: startOfDay(now()), limit: missedMax })
  const offer = missed.find((one) => one.call === call)
  if (offer?.isLost === true) return { number: await callerOf(db, call), queue: offer.queue }
  if (offer?.isOver === false) throw new Refused('call-on-desk', null, [], notOver)
  const { caller, queue } = await seenCall(context, request, call)
  return { number: caller, queue }
}

/** @throws {Refused} while a colleague calls them, for whatever reason: the live state knows it before the record does. */
function calledByNobody({ hub }: RouteContext, { caller }: AbandonedCall, agent: AgentId): string {
  const outbound = hub.state
    .calls({ all: true, own: null, signed: false })
    .find((one) => one.direction === 'outbound' && one.caller === caller && one.agent?.id !== agent)
  if (outbound === undefined) return caller
  const name = outbound.agent?.name ?? ''
  const detail = { ro: `Îl sună acum ${name}.`, en: `${name} is calling them now.` }
  throw new Refused('call-on-desk', null, [], detail)
}

const notOver = {
  ro: 'Cetățeanul mai așteaptă sau vorbește cu un coleg.',
  en: 'The citizen still waits, or talks with a colleague.',
}
