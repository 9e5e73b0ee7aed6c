/** The commands of a consultation that carry more than an action; the others are actions of `POST /api/me/call`. */
import { agentView } from '../agents/view.ts'
import { AgentView } from '../agents/wire.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { refusals } from '../shell/documented.ts'
import { granted } from '../shell/problem.ts'
import { Consult, consultOf, PauseRecording, recordingPauseOf } from './wire.ts'

const agentOnly = { access: ['agent'] } as const

export function consultRoutes(app: App, { deps: { desk }, names }: RouteContext): void {
  app.post(
    '/api/me/consult',
    {
      config: agentOnly,
      schema: {
        operationId: 'consultColleague',
        tags: ['me'],
        summary: 'Ask a colleague about my call, or somebody outside, while the caller hears music',
        body: Consult,
        response: { 200: AgentView, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) =>
      agentView(granted(await desk.perform(consultOf(accountOf(request).id, request.body))), names),
  )

  app.post(
    '/api/me/recording-pause',
    {
      config: agentOnly,
      schema: {
        operationId: 'pauseMyRecording',
        tags: ['me'],
        summary: 'Leave the next five minutes of my conversation out of the recording, for a reason',
        body: PauseRecording,
        response: { 200: AgentView, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request) =>
      agentView(granted(await desk.perform(recordingPauseOf(accountOf(request).id, request.body))), names),
  )
}
