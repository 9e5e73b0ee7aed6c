/** Calls that rang an agent and were not answered. */
import { AgentId } from '../../core/ids.ts'
import { startOfDay } from '../../core/local-time.ts'
import { unansweredOffers } from '../../ledger/calls/unanswered-offers.ts'
import { recordOnce } from '../access/rights.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf, mayUse } from '../session/session.ts'
import { refusals } from '../shell/documented.ts'
import { Refused } from '../shell/problem.ts'
import { unansweredItem } from './view.ts'
import { UnansweredOffers, UnansweredQuery } from './wire.ts'

const limitByDefault = 50

export function unansweredRoute(app: App, context: RouteContext): void {
  const { db, now } = context.deps
  app.get(
    '/api/calls/unanswered',
    {
      config: { access: ['agent', 'supervisor'], cityData: true },
      schema: {
        operationId: 'unansweredOffers',
        tags: ['calls'],
        summary: 'Today’s calls that rang an agent without an answer, newest first; for an agent their own',
        querystring: UnansweredQuery,
        response: { 200: UnansweredOffers, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request) => {
      const account = accountOf(request)
      const { agent = account.id, limit = limitByDefault } = request.query
      const isOwn = agent === account.id
      if (!isOwn && !mayUse(account, ['supervisor'])) throw new Refused('forbidden')
      const question = { agent: AgentId(agent), from: startOfDay(now()), limit: limit + 1 }
      const found = await unansweredOffers(db, question)
      if (!isOwn)
        await recordOnce(context, request, {
          kind: 'call-list',
          account: account.id,
          call: null,
          about: 'calls',
          person: null,
          query: `without an answer, agent ${agent}`,
        })
      return { items: found.slice(0, limit).map(unansweredItem), more: found.length > limit }
    },
  )
}
