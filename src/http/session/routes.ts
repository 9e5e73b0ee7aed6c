/** Signing in and out. */
import type { FastifyRequest } from 'fastify'
import { accountByUsername, authenticate } from '../../people/accounts.ts'
import type { Account } from '../../people/accounts.ts'
import { TooManyDigests } from '../../people/passwords/digests.ts'
import type { SignInMethod } from '../../people/sign-in-method.ts'
import { sealWith } from '../../people/sign-in/sealed.ts'
import { refuseElsewhere } from './local-sign-in.ts'
import type { NewSession } from '../../people/sessions.ts'
import { lacksSecondFactor, secondStep } from '../../people/sign-in/second-factor.ts'
import { attemptOf, failed, forgetOldTries, mayTry, networkOf, succeeded } from '../../people/throttle.ts'
import type { Attempt } from '../../people/throttle.ts'
import type { Agent } from '../../core/agent.ts'
import { StoreUnavailable } from '../../acd/ports.ts'
import { repeat } from '../../repeat.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { done, refusals } from '../shell/documented.ts'
import { meView } from './view.ts'
import { addressOf } from '../shell/origin.ts'
import { Refused } from '../shell/problem.ts'
import { browserOf, knownBrowser, rememberBrowser } from './browser.ts'
import { accountOf, mayUse } from './session.ts'
import { KeyedLimiter } from '../shell/keyed-limiter.ts'
import { Me, SignIn } from './wire.ts'

/** Tries at once from one address, or from one known browser. A whole office may sign in at eight o'clock. */
const perClient = { atOnceMax: 4, waitingMax: 300 }
const forgettingEveryMs = 60_000

export function sessionRoutes(app: App, context: RouteContext): void {
  const ofClient = new KeyedLimiter(perClient)
  const stopping = new AbortController()
  app.addHook('onReady', async () => {
    void repeat(() => forgetOldTries(context.deps.db), {
      everyMs: forgettingEveryMs,
      signal: stopping.signal,
      failed: (error, inARow) => {
        if (inARow === 1)
          context.deps.logger.warn(
            { error: String(error) },
            'old counts of sign-in tries could not be deleted',
          )
      },
    })
  })
  app.addHook('onClose', async () => stopping.abort())

  app.post(
    '/api/session',
    {
      // An office may share an address, and somebody in it may attack: a known browser has a limit of its own.
      config: {
        access: 'open',
        rateLimit: {
          max: 600,
          timeWindow: 60_000,
          keyGenerator: (request) => browserOf(request) ?? networkOf(addressOf(request)),
        },
      },
      schema: {
        operationId: 'signIn',
        tags: ['session'],
        summary: 'Sign in',
        body: SignIn,
        response: { 200: Me, ...refusals(400, 401, 429, 503) },
      },
    },
    async (request) => {
      const { username } = request.body
      const attempt = attemptOf(context.deps.settings.sessionSecret, username, addressOf(request), (name) =>
        knownBrowser(request, name),
      )
      const client = browserOf(request) ?? attempt.address
      const checking = await ofClient.inTurn(client, () => checked(context, attempt, request.body))
      if (checking === null) throw new Refused('too-many-attempts', 1)
      return signIn(context, request, attempt, checking)
    },
  )

  app.delete(
    '/api/session',
    {
      config: { withoutSecondFactor: true },
      schema: {
        operationId: 'signOut',
        tags: ['session'],
        summary: 'Sign out',
        description: 'An agent is also signed out of the queues: at once, or after the present call.',
        response: { 204: done, ...refusals(401, 503) },
      },
    },
    async (request, reply) => {
      await signOut(context, request)
      return reply.code(204).send(null)
    },
  )
}

/** @throws {Refused} unless name, password and, where the account has one, second factor are right. */
async function checked(
  context: RouteContext,
  attempt: Attempt,
  { username, password, code }: SignIn,
): Promise<SigningIn> {
  const { db } = context.deps
  const may = await mayTry(db, attempt)
  const turn = attempt.isKnown ? 'first' : 'later'
  const authenticated = may.ok ? await authenticate(db, username, password, turn).catch(unlessBusy) : null
  if (authenticated !== null) {
    await refuseElsewhere(context, authenticated.account, authenticated.passwordAt)
    const method = await secondStepOf(context, attempt, authenticated.account, code ?? null)
    return { ...authenticated, method }
  }
  const account = await accountByUsername(db, username)
  await failed(db, attempt, account?.id ?? null, may.ok ? 'refused' : 'slowed down')
  if (may.ok) throw new Refused('wrong-credentials')
  throw new Refused('too-many-attempts', may.retryAfterMs / 1_000)
}

function unlessBusy(error: unknown): never {
  throw error instanceof TooManyDigests ? new Refused('too-many-attempts', 1) : error
}

/** The password, or an activation code, was right. @throws {Refused} */
export async function secondStepOf(
  { deps: { db, now, settings } }: RouteContext,
  attempt: Attempt,
  { id }: Account,
  code: string | null,
): Promise<SignInMethod> {
  const second = await secondStep(db, sealWith(settings.factorKey), id, code, now())
  if (second.ok) return second.method
  switch (second.why) {
    case 'code needed':
      throw new Refused('code-needed')
    case 'passkey needed':
      throw new Refused('passkey-needed')
    case 'wrong code':
      await failed(db, attempt, id)
      throw new Refused('wrong-code')
    case 'too many codes':
      await failed(db, attempt, id, 'slowed down')
      throw new Refused('too-many-attempts', second.retryAfterMs / 1_000)
  }
}

export interface SigningIn {
  readonly account: Account
  readonly method: SignInMethod
  /** The row of the password that was checked; null: none was. */
  readonly password: number | null
  /** Writes rows of the session in the same transaction. */
  readonly withSession?: NewSession['withSession']
}

/**
 * The one way into an account, whatever has authenticated it. Opens the session. An agent is also signed in to the ACD,
 * paused; if the ACD is not available, their first `ready` signs them in later.
 */
export async function signIn(
  context: RouteContext,
  request: FastifyRequest,
  attempt: Attempt,
  { account, method, password, withSession }: SigningIn,
): Promise<Me> {
  const more = withSession === undefined ? {} : { withSession }
  await context.sessions.open(request, { account: account.id, method, password, ...more })
  await succeeded(context.deps.db, attempt, account.id, method)
  rememberBrowser(request, attempt.name)
  const mustEnrol = lacksSecondFactor(account.roles, method, context.deps.settings.signIn.secondFactor)
  const agent = mayUse(account, ['agent']) && !mustEnrol ? await signInAgent(context, account) : null
  return meView(context, account, agent, method)
}

/** Ends the session of the request. */
export async function signOut(context: RouteContext, request: FastifyRequest): Promise<void> {
  const account = accountOf(request)
  const token = request.signedIn?.token ?? ''
  await context.sessions.end(request, token, context.hub.talks(account.id) !== 'no')
  context.hub.endSession((one) => one === token)
  if (mayUse(account, ['agent'])) await signOutAgent(context, account)
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
