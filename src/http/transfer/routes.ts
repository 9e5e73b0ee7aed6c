/** Transfers: where a caller can be sent, and the sending. */
import { isFree, takesCalls } from '../../core/agent.ts'
import type { AgentId } from '../../core/ids.ts'
import { levelFor } from '../../core/routing.ts'
import { agentView } from '../agents/view.ts'
import { AgentView } from '../agents/wire.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { refusals } from '../shell/documented.ts'
import { granted } from '../shell/problem.ts'
import { TransferCall, transferOf, TransferTargets } from './wire.ts'

const agentOnly = { access: ['agent'] } as const

export function transferRoutes(app: App, context: RouteContext): void {
  const { desk } = context.deps

  app.get(
    '/api/me/transfer-targets',
    {
      config: agentOnly,
      schema: {
        operationId: 'transferTargets',
        tags: ['me'],
        summary: 'The queues and colleagues to whom I can send my caller',
        response: { 200: TransferTargets, ...refusals(401, 403, 503) },
      },
    },
    async (request) => targetsFor(accountOf(request).id, context),
  )

  app.post(
    '/api/me/transfer',
    {
      config: agentOnly,
      schema: {
        operationId: 'transferMyCall',
        tags: ['me'],
        summary: 'Send my caller on, to a queue or to one colleague, and leave the call',
        body: TransferCall,
        response: { 200: AgentView, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) =>
      agentView(granted(await desk.perform(transferOf(accountOf(request).id, request.body))), context.names),
  )
}

function targetsFor(me: AgentId, { deps: { directory, now }, hub, names }: RouteContext): TransferTargets {
  const at = now()
  const others = directory.agents().flatMap((profile) => {
    const agent = hub.state.agent(profile.id)
    return profile.id === me || agent === undefined || agent.state === 'signed out'
      ? []
      : [{ profile, agent, free: isFree(agent, at) }]
  })
  return {
    queues: directory.queues().map((queue) => {
      const serving = others.filter(({ profile }) => levelFor(profile, queue) !== null)
      return {
        id: queue.id,
        name: queue.name,
        waiting: hub.state.waitingIn(queue.id, at).waiting,
        free: serving.filter(({ free }) => free).length,
        atWork: serving.filter(({ agent }) => takesCalls(agent)).length,
      }
    }),
    colleagues: others.map(({ agent, free }) => ({ ...names.agent(agent.id), state: agent.state, free })),
  }
}
