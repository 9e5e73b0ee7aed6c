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

/** Tries for one name at once: each failure must be recorded before the next try is checked. */
const triesAtOnceMax = 3
/** Tries from one address at once. The limits allow a whole office to sign in at eight o'clock. */
const perAddress = { atOnceMax: 4, waitingMax: 300 }

export function sessionRoutes(app: App, context: RouteContext): void {
  const ofName = new KeyedLimiter({ atOnceMax: triesAtOnceMax, waitingMax: 0 })
  const ofAddress = new KeyedLimiter(perAddress)

  app.post(
    '/api/session',
    {
      // Per address, which a whole office may share. Failed tries are slowed down far earlier.
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
        description: 'An agent is also signed out of the queues: at once, or after the present call.',
        response: { 204: done, ...refusals(401, 503) },
      },
    },
    async (request, reply) => {
      const account = accountOf(request)
      const token = request.signedIn?.token ?? ''
      await context.sessions.end(request, token)
      context.hub.endSession((one) => one === token)
      if (mayUse(account, ['agent'])) await signOutAgent(context, account)
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

/**
 * Opens the session. An agent is also signed in to the ACD, paused; if the ACD is not available, their first `ready`
 * signs them in later.
 */
export async function signIn(context: RouteContext, request: FastifyRequest, account: Account): Promise<Me> {
  await context.sessions.open(request, account)
  const agent = mayUse(account, ['agent']) ? await signInAgent(context, account) : null
  return meView(context, account, agent)
}

async function signInAgent({ deps }: RouteContext, account: Account): Promise<Agent | null> {
  try {
    const answer = await deps.desk.perform({ do: 'signIn', agent: account.id })
    if (answer.ok) return answer.value
    deps.logger.warn(
      { agent: account.id, refusal: answer.refusal },
      'the agent has a session, but is not signed in to the ACD',
    )
    return null
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    deps.logger.warn({ agent: account.id }, 'the agent has a session, but is not signed in to the ACD')
    return null
  }
}

/** A refusal is only logged: the session has ended already, and the ACD pauses an agent without a reachable phone. */
async function signOutAgent({ deps }: RouteContext, account: Account): Promise<void> {
  try {
    const answer = await deps.desk.perform({ do: 'signOut', agent: account.id })
    if (!answer.ok)
      deps.logger.info(
        { agent: account.id, refusal: answer.refusal },
        'the session ended, but the agent could not be signed out of the ACD',
      )
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    deps.logger.warn(
      { agent: account.id },
      'the session ended, but the agent could not be signed out of the ACD',
    )
  }
}
