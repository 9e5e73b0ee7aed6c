/** The gate's questions about the session of a browser phone's WebSocket. */
import { accountOfEndedSession, digestOf, sessionHoursMax } from '../../people/sessions.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { addressOf } from '../shell/origin.ts'
import { Refused } from '../shell/problem.ts'
import { accountOf, tokenOf } from './session.ts'
import { phoneSocket } from './wire.ts'

export function phoneSocketRoutes(app: App, { deps, hub }: RouteContext): void {
  app.get(
    phoneSocket.path,
    {
      config: {
        access: ['agent', 'supervisor'],
        // A phone that reconnects, and the gate's own questions; another page of the same account as well.
        rateLimit: { max: 60, timeWindow: 60_000, keyGenerator: (request) => accountOf(request).id },
      },
      schema: {
        operationId: 'admitMyPhone',
        tags: ['me'],
        summary: 'Whether my session may have the WebSocket of the browser phone; asked by the gate',
        response: { 204: done, ...refusals(401, 403, 429, 503) },
      },
    },
    async (request, reply) => {
      const openedAt = request.signedIn?.session.openedAt ?? 0
      return reply
        .header(phoneSocket.accountHeader, accountOf(request).id)
        .header(phoneSocket.untilHeader, openedAt + sessionHoursMax * 3_600_000)
        .code(204)
        .send(null)
    },
  )

  app.get(
    phoneSocket.callPath,
    {
      config: {
        access: 'open',
        rateLimit: {
          max: 60,
          timeWindow: 60_000,
          keyGenerator: (request) => {
            const token = tokenOf(request)
            return token === null ? addressOf(request) : digestOf(token).toString('base64url')
          },
        },
      },
      schema: {
        operationId: 'finishMyCall',
        tags: ['me'],
        summary:
          'Whether the call of my session, which has ended, may go on until its end; asked by the gate and the page',
        response: { 204: done, ...refusals(409, 429, 503) },
      },
    },
    async (request, reply) => {
      const token = tokenOf(request)
      const account = token === null ? null : await accountOfEndedSession(deps.db, token)
      if (account === null) throw new Refused('not-in-a-call')
      const talks = hub.talks(account)
      // The gate ends the phone's connection at a "no", so a node that has just started must not guess.
      if (talks === 'unknown') throw new Refused('line-is-away')
      if (talks === 'no') throw new Refused('not-in-a-call')
      return reply.code(204).send(null)
    },
  )
}
