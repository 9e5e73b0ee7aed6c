/** What nodes ask of one another. The front does not lead here, and each shows that it is a node. */
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
      // Before anything of it is read.
      onRequest: async (request) => {
        if (!isNode(request.headers.authorization, expected)) throw new Refused('forbidden')
      },
    },
    // Never led on to a third node: who asked looks for the owner itself.
    async (request) => {
      const own = deps.ownDesk()
      return own === null ? { ok: false, refusal: 'line is away' } : own.perform(request.body)
    },
  )
}
