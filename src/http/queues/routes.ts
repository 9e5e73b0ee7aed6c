/** The queues, and how many calls wait in each. */
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { refusals } from '../shell/documented.ts'
import { lineRoutes } from './line-routes.ts'
import { QueueList } from './wire.ts'

export function queueRoutes(app: App, context: RouteContext): void {
  lineRoutes(app, context)
  const {
    deps: { directory, now },
    hub,
  } = context
  app.get(
    '/api/queues',
    {
      config: { scope: 'configuration:read' },
      schema: {
        operationId: 'queues',
        tags: ['queues'],
        summary: 'The queues, and how many calls wait in each',
        response: { 200: QueueList, ...refusals(401, 503) },
      },
    },
    async () => ({
      items: directory.queues().map(({ id, name, nameEn, skill, levelMin, priority }) => ({
        id,
        name,
        nameEn,
        skill,
        levelMin,
        priority,
        ...hub.state.waitingIn(id, now()),
      })),
    }),
  )
}
