/** Signing in and out. */
import type { FastifyRequest } from 'fastify'
import { authenticate } from '../../people/accounts.ts'
import type { Account } from '../../people/accounts.ts'
import { attemptOf, failed, mayTry, succeeded } from '../../people/attempts.ts'
import type { Attempt } from '../../people/attempts.ts'
import type { Agent } from '../../core/agent.ts'
import { StoreUnavailable } from '../../acd/ports.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { meView } from './view.ts'
import { addressOf } from '../shell/origin.ts'
import { Refused } from '../shell/problem.ts'
import { accountOf, mayUse } from './session.ts'
import { KeyedLimiter } from '../shell/keyed-limiter.ts'
import { Me, SignIn } from './wire.ts'

/** Guesses at one name that are looked at together: failures must be on record before the next is tried. */
const triesAtOnceMax = 3
/** The same for guesses at many names; a whole office that comes at eight waits for its turn. */
const perAddress = { atOnceMax: 4, waitingMax: 300 }

export function sessionRoutes(app: App, context: RouteContext): void {
  const ofName = new KeyedLimiter({ atOnceMax: triesAtOnceMax, waitingMax: 0 })
  const ofAddress = new KeyedLimiter(perAddress)

  app.post(
    '/api/session',
    {
      // Per address; a whole office may share one. Failures are slowed down far earlier.
      config: { access: 'open', rateLimit: { max: 600, timeWindow: 60_000 } },
      schema: {
        operationId: 'signIn',
        tags: ['session'],
        summary: 'Sign in',
        body: SignIn,
        response: { 200: Me, ...refusals(400, 401, 429, 503) },
      },
    },
    async (request) => {
      const { username, password } = request.body
      const attempt = attemptOf(context.deps.settings.sessionSecret, username, addressOf(request))
      const account = await ofName.inTurn(attempt.name.toString('base64'), () =>
        ofAddress.inTurn(attempt.address, () => checked(context, attempt, username, password)),
      )
      if (account === null) throw new Refused('too-many-attempts', 1)
      return signIn(context, request, account)
    },
  )

  app.delete(
    '/api/session',
    {
      schema: {
        operationId: 'signOut',
        tags: ['session'],
        summary: 'Sign out',
        description: 'An agent leaves the line too: at once, or after the present call.',
        response: { 204: done, ...refusals(401, 503) },
      },
    },
    async (request, reply) => {
      const account = accountOf(request)
      const token = request.signedIn?.token ?? ''
      await context.sessions.end(request, token)
      context.hub.endSession((one) => one === token)
      if (mayUse(account, ['agent'])) await leaveLine(context, account)
      return reply.code(204).send(null)
    },
  )
}

async function checked(
  { deps: { db } }: RouteContext,
  attempt: Attempt,
  username: string,
  password: string,
): Promise<Account> {
  const may = await mayTry(db, attempt)
  if (!may.ok) throw new Refused('too-many-attempts', may.retryAfterMs / 1_000)
  const account = await authenticate(db, username, password)
  if (account === null) {
    await failed(db, attempt)
    throw new Refused('wrong-credentials')
  }
  await succeeded(db, attempt, account.id)
  return account
}

/** Opens the session; an agent joins the line, paused. Without the line, "ready" joins it later. */
export async function signIn(context: RouteContext, request: FastifyRequest, account: Account): Promise<Me> {
  await context.sessions.open(request, account)
  const agent = mayUse(account, ['agent']) ? await joinLine(context, account) : null
  return meView(context, account, agent)
}

async function joinLine({ deps }: RouteContext, account: Account): Promise<Agent | null> {
  try {
    const joined = await deps.desk.perform({ do: 'signIn', agent: account.id })
    if (joined.ok) return joined.value
    deps.logger.warn({ agent: account.id, refusal: joined.refusal }, 'an agent signed in without the line')
    return null
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    deps.logger.warn({ agent: account.id }, 'an agent signed in without the line')
    return null
  }
}

/** The session has ended whatever the line says; an agent whom no phone can reach any more is paused by the line itself. */
async function leaveLine({ deps }: RouteContext, account: Account): Promise<void> {
  try {
    const left = await deps.desk.perform({ do: 'signOut', agent: account.id })
    if (!left.ok)
      deps.logger.info({ agent: account.id, refusal: left.refusal }, 'signed out without the line')
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    deps.logger.warn({ agent: account.id }, 'signed out without the line')
  }
}
