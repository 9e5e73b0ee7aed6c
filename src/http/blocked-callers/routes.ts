/** Blocked callers, for supervisors. Administrators see no numbers of citizens (decision 0015), so they have no part in it. */
import { formsOf } from '../../core/configuration/line.ts'
import { blockable } from '../../core/phone-number.ts'
import { addBlock, endBlock, listedBlocks } from '../../people/blocked-callers/caller-blocks.ts'
import { recordOnce } from '../access/rights.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { done, refusals } from '../shell/documented.ts'
import { iso } from '../shell/iso-time.ts'
import { blockSentences } from '../shell/block-sentences.ts'
import { Refused } from '../shell/problem.ts'
import { BlockCaller, BlockedCallers, BlockParams, blocksMax } from './wire.ts'

const supervisorOnly = { access: ['supervisor'], cityData: true } as const
const tags = ['calls']
const dayMs = 86_400_000

export function blockedCallerRoutes(app: App, context: RouteContext): void {
  const { db, directory, now, logger } = context.deps

  app.get(
    '/api/blocked-callers',
    {
      config: supervisorOnly,
      schema: {
        operationId: 'blockedCallers',
        tags,
        summary: 'The callers who are turned away, newest first; the look is on record',
        response: { 200: BlockedCallers, ...refusals(401, 403, 503) },
      },
    },
    async (request) => {
      const blocks = await listedBlocks(db, blocksMax)
      await recordOnce(context, request, {
        kind: 'call-list',
        account: accountOf(request).id,
        call: null,
        about: 'blocked callers',
        person: null,
        query: null,
      })
      return {
        items: blocks.map(({ from, until, ...block }) => ({ ...block, from: iso(from), until: iso(until) })),
      }
    },
  )

  app.post(
    '/api/blocked-callers',
    {
      config: supervisorOnly,
      schema: {
        operationId: 'blockCaller',
        tags,
        summary: 'Turn the callers from a number away, with a reason and for a number of days',
        body: BlockCaller,
        response: { 204: done, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request, reply) => {
      const { number: typed, reason, days } = request.body
      const own = formsOf(directory.numbers())
      const contacts = directory.contacts().map(({ number }) => number)
      const judged = blockable(typed, { own, contacts })
      if (!judged.ok) throw new Refused('not-blockable', null, [], blockSentences[judged.refusal])
      const { id: by } = accountOf(request)
      const until = now() + days * dayMs
      const added = await addBlock(db, { number: judged.number, reason: reason.trim(), until, by })
      if (added === 'already blocked') throw new Refused('already-blocked')
      logger.info({ by, block: added.id, days }, 'a caller was blocked')
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/blocked-callers/:id',
    {
      config: supervisorOnly,
      schema: {
        operationId: 'unblockCaller',
        tags,
        summary: 'End a block: the callers from its number are served again',
        params: BlockParams,
        response: { 204: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const { id: by } = accountOf(request)
      const { id: block } = request.params
      if ((await endBlock(db, { block, by })) === 'not blocked') throw new Refused('not-blocked')
      logger.info({ by, block }, 'a block was ended')
      return reply.code(204).send(null)
    },
  )
}
