import type { App, Rooms } from '../app.ts'
import { refusals } from '../documented.ts'
import { QueueList } from '../wire.ts'

export function queueRoutes(app: App, { deps: { directory, now }, hub }: Rooms): void {
  app.get(
    '/api/queues',
    {
      schema: {
        operationId: 'queues',
        tags: ['queues'],
        summary: 'The queues, and who waits in each',
        response: { 200: QueueList, ...refusals(401, 503) },
      },
    },
    async () => ({
      items: directory.queues().map(({ id, name, skill, levelMin, priority }) => ({
        id,
        name,
        skill,
        levelMin,
        priority,
        ...hub.line.waitingIn(id, now()),
      })),
    }),
  )
}
