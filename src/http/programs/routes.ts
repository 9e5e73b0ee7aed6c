/** Making and ending the tokens of other programs. */
import {
  acceptToken,
  endToken,
  listTokens,
  enterToken,
  type ProgramToken,
} from '../../people/programs/tokens.ts'
import { AgentId, type Millis } from '../../core/ids.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import { digestOf } from '../../people/sessions.ts'
import { accountOf } from '../session/session.ts'
import {
  EnteredProgramToken,
  NewProgramToken,
  type ProgramTokenItem,
  ProgramTokenList,
  ProgramSecret,
  ProgramTokenParams,
  requestsPerMinute,
} from './wire.ts'

const config = { access: ['administrator'] } as const

export function programRoutes(app: App, context: RouteContext): void {
  const { db, logger, programRates } = context.deps
  /** Of one account, or of all. */
  async function items(account: AgentId | null): Promise<ProgramTokenList> {
    // The page is needed most while something is away.
    const refused = await programRates.refused().catch(() => null)
    const tokens = await listTokens(db, account)
    return { items: tokens.map((token) => itemOf(token, refused && (refused.get(token.id) ?? 0))) }
  }
  app.get(
    '/api/programs',
    {
      config,
      schema: {
        operationId: 'programTokens',
        tags: ['programs'],
        summary: 'The tokens of other programs, open ones first, with their last use',
        response: { 200: ProgramTokenList, ...refusals(403) },
      },
    },
    async () => items(null),
  )

  app.post(
    '/api/programs',
    {
      config,
      schema: {
        operationId: 'enterProgramToken',
        tags: ['programs'],
        summary: 'Enter a token for a program: its secret is made when the person accepts it',
        body: NewProgramToken,
        response: { 201: EnteredProgramToken, ...refusals(404) },
      },
    },
    async (request, reply) => {
      const { program, account, scopes, days, perMinute = requestsPerMinute.usual } = request.body
      const by = accountOf(request).id
      const entry = { program: program.trim(), account: AgentId(account), scopes, days, perMinute }
      const entered = await enterToken(db, entry, by)
      if (!entered.ok) throw new Refused(entered.why === 'unknown account' ? 'no-such-account' : 'forbidden')
      logger.info({ by, token: entered.id, account, scopes }, 'a token was entered for a program')
      return reply.code(201).send({ id: entered.id })
    },
  )

  app.get(
    '/api/me/programs',
    {
      schema: {
        operationId: 'myProgramTokens',
        tags: ['programs'],
        summary: 'The tokens with which programs ask in my name',
        response: { 200: ProgramTokenList },
      },
    },
    async (request) => items(accountOf(request).id),
  )

  app.post(
    '/api/me/programs/:id/acceptance',
    {
      schema: {
        operationId: 'acceptProgramToken',
        tags: ['programs'],
        summary: 'Accept a token in my name: its secret is made, and shown in this answer alone',
        params: ProgramTokenParams,
        response: { 201: ProgramSecret, ...refusals(404, 409) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { id: by } = accountOf(request)
      const accepted = await acceptToken(db, id, by)
      if (!accepted.ok)
        throw new Refused(accepted.why === 'no such token' ? 'no-such-token' : 'token-accepted')
      logger.info({ by, token: id }, 'the token of a program was accepted')
      return reply.code(201).send({ token: accepted.token })
    },
  )

  app.delete(
    '/api/programs/:id',
    {
      schema: {
        operationId: 'endProgramToken',
        tags: ['programs'],
        summary:
          'End a token, as an administrator or the person in whose name it asks: its requests are refused and its feeds end at once, on every node',
        params: ProgramTokenParams,
        response: { 204: done, ...refusals(404) },
      },
    },
    async (request, reply) => {
      const by = accountOf(request).id
      const digests = await endToken(db, request.params.id, by)
      if (digests === null) throw new Refused('no-such-token')
      for (const digest of digests) {
        await context.sessions.endedEverywhere(digest)
        context.hub.endSession((token) => digestOf(token).equals(digest))
      }
      logger.info({ by, token: request.params.id }, 'the token of a program was ended')
      return reply.code(204).send(null)
    },
  )
}

const maybeIso = (at: Millis | null): string | null => (at === null ? null : iso(at))

const itemOf = (token: ProgramToken, refusedLastDay: number | null): ProgramTokenItem => ({
  ...token,
  refusedLastDay,
  scopes: [...token.scopes],
  madeAt: iso(token.madeAt),
  expiresAt: iso(token.expiresAt),
  lastUsedAt: maybeIso(token.lastUsedAt),
  acceptedAt: maybeIso(token.acceptedAt),
  endedAt: maybeIso(token.endedAt),
})
