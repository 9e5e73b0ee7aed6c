/** Commands from other nodes. Caddy does not forward this path, and each request must have the nodes' credential. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { DeskCommandBody } from '../session/wire.ts'
import type { TrunkAnswers } from '../../acd/ports.ts'
import { deskPath, isNode, nodeAuthorization, pageCallbackPath, trunkPath } from './secret.ts'
import { AskedOnPageBody } from './page-callback-exchange.ts'
import { TrunkQuestion, TrunkReply } from './trunk-exchange.ts'
import { Refused } from '../shell/problem.ts'

export function nodeRoutes(app: App, { deps }: RouteContext): void {
  const expected = nodeAuthorization(deps.settings.sessionSecret)
  /** Checked before the body is read. */
  const fromNode = async (request: FastifyRequest): Promise<void> => {
    if (!isNode(request.headers.authorization, expected)) throw new Refused('forbidden')
  }
  app.post(
    deskPath,
    {
      config: { access: 'open' },
      schema: { hide: true, body: DeskCommandBody, response: { 200: Type.Unknown() } },
      onRequest: fromNode,
    },
    // Never forwarded to a third node: the asking node looks for the owner itself.
    async (request) => {
      const own = deps.ownDesk()
      return own === null ? { ok: false, refusal: 'line is away' } : own.perform(request.body)
    },
  )

  app.post(
    pageCallbackPath,
    {
      config: { access: 'open' },
      schema: { hide: true, body: AskedOnPageBody, response: { 200: Type.Unknown() } },
      onRequest: fromNode,
    },
    async (request) => {
      const own = deps.ownPageCallbacks()
      return own === null ? { ok: false, refusal: 'line is away' } : own.ask(request.body)
    },
  )

  app.post(
    trunkPath,
    {
      config: { access: 'open' },
      schema: { hide: true, body: TrunkQuestion, response: { 200: TrunkReply } },
      onRequest: fromNode,
    },
    async ({ body: { ask } }): Promise<TrunkReply> => {
      const own = deps.ownTrunk()
      if (own === null) throw new Refused('line-is-away')
      const { node } = deps
      if (ask === 'test') return { node, state: null, answers: copied(await own.test()) }
      const { parts, inForce } = own.state()
      return {
        node,
        state: {
          parts: [...parts],
          inForce: inForce === null ? null : { ...inForce, codecs: [...inForce.codecs] },
        },
        answers: null,
      }
    },
  )
}

const copied = (answers: TrunkAnswers | null) => (answers === null ? null : [...answers])
