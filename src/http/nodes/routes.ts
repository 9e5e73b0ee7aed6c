/** Commands from other nodes. Caddy does not forward this path, and each request must have the nodes' credential. */
import { Type } from 'typebox'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { DeskCommandBody } from '../session/wire.ts'
import { deskPath, isNode, nodeAuthorization } from './secret.ts'
import { Refused } from '../shell/problem.ts'

export function nodeRoutes(app: App, { deps }: RouteContext): void {
  const expected = nodeAuthorization(deps.settings.sessionSecret)
  app.post(
    deskPath,
    {
      config: { access: 'open' },
      schema: { hide: true, body: DeskCommandBody, response: { 200: Type.Unknown() } },
      // Checked before the body is read.
      onRequest: async (request) => {
        if (!isNode(request.headers.authorization, expected)) throw new Refused('forbidden')
      },
    },
    // Never forwarded to a third node: the asking node looks for the owner itself.
    async (request) => {
      const own = deps.ownDesk()
      return own === null ? { ok: false, refusal: 'line is away' } : own.perform(request.body)
    },
  )
}
