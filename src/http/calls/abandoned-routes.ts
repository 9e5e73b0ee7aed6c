/** Callers who left a queue without an answer, to be called back. */
import { recordOnce } from '../access/rights.ts'
import { abandonedFor } from '../access/abandoned-rights.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { refusals } from '../shell/documented.ts'
import { abandonedItem } from './view.ts'
import { abandonedMax, AbandonedCalls } from './wire.ts'

export function abandonedRoute(app: App, context: RouteContext): void {
  app.get(
    '/api/calls/abandoned',
    {
      config: { access: ['agent', 'supervisor'], cityData: true },
      schema: {
        operationId: 'abandonedCalls',
        tags: ['calls'],
        summary:
          'Callers of the last day (days without opening hours do not count) who left the queues that I serve without an answer, or whose callback has ended in vain, and who have not been reached since, newest first; the look is on record',
        response: { 200: AbandonedCalls, ...refusals(401, 403, 503) },
      },
    },
    async (request) => {
      const account = accountOf(request)
      const found = await abandonedFor(context, account, { limit: abandonedMax + 1 })
      await recordOnce(context, request, {
        kind: 'call-list',
        account: account.id,
        call: null,
        about: 'calls',
        person: null,
        query: 'abandoned',
      })
      return { items: found.slice(0, abandonedMax).map(abandonedItem), more: found.length > abandonedMax }
    },
  )
}
