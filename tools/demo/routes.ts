/** The demo's routes: sign-in without a password, and a trial call. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { accountByUsername } from '../../src/people/accounts.ts'
import { attemptOf } from '../../src/people/throttle.ts'
import type { Subject } from '../../src/http/route-context.ts'
import { done, refusals } from '../../src/http/shell/documented.ts'
import { addressOf, isThisMachine } from '../../src/http/shell/origin.ts'
import { Refused } from '../../src/http/shell/problem.ts'
import { accountOf } from '../../src/http/session/session.ts'
import { roles, type Role } from '../../src/http/wire.ts'
import { Me } from '../../src/http/session/wire.ts'
import { signIn } from '../../src/http/session/routes.ts'

const DemoAccounts = Type.Object({
  accounts: Type.Array(
    Type.Object({ username: Type.String(), name: Type.String(), role: Type.Enum([...roles]) }),
  ),
})
const DemoSignIn = Type.Object({ username: Type.String({ minLength: 1, maxLength: 100 }) })

export interface DemoAccount {
  readonly username: string
  readonly name: string
  readonly role: Role
}

export interface Demo {
  /** False: real callers or data are connected, and the routes answer nobody. */
  readonly buttons: boolean
  accounts(): readonly DemoAccount[]
  /** Starts a trial call; resolves once the INVITE has been sent. */
  callMe(agentUsername: string): Promise<void>
}

/** Routes that answer only requests from this machine. */
export const demoRoutes =
  (demo: Demo): Subject =>
  (app, context) => {
    const { db, logger } = context.deps

    app.get(
      '/api/demo',
      {
        config: { access: 'open' },
        schema: {
          operationId: 'demoAccounts',
          tags: ['demo'],
          summary: 'Accounts offered by the demo’s sign-in page',
          response: { 200: DemoAccounts, ...refusals(404) },
        },
      },
      async (request) => {
        const accounts = onlyOnThisMachine(demo, request).accounts()
        return { accounts: accounts.map(({ username, name, role }) => ({ username, name, role })) }
      },
    )

    app.post(
      '/api/demo/session',
      {
        config: { access: 'open' },
        schema: {
          operationId: 'demoSignIn',
          tags: ['demo'],
          summary: 'Sign in as one of these accounts, without the password',
          body: DemoSignIn,
          response: { 200: Me, ...refusals(400, 404, 503) },
        },
      },
      async (request) => {
        const { username } = request.body
        const offered = onlyOnThisMachine(demo, request)
          .accounts()
          .some((one) => one.username === username)
        const account = offered ? await accountByUsername(db, username) : null
        if (account === null || account.closedAt !== null) throw new Refused('not-found')
        const { sessionSecret } = context.deps.settings
        const attempt = attemptOf(sessionSecret, username, addressOf(request))
        return signIn(context, request, attempt, { account, method: 'demo', password: null })
      },
    )

    app.post(
      '/api/demo/call-me',
      {
        config: { access: ['agent'] },
        schema: {
          operationId: 'demoCallMe',
          tags: ['demo'],
          summary: 'Start a trial call to 969 now',
          response: { 202: done, ...refusals(401, 403, 404, 503) },
        },
      },
      async (request, reply) => {
        const { username } = accountOf(request)
        try {
          await onlyOnThisMachine(demo, request).callMe(username)
        } catch (error) {
          if (error instanceof Refused) throw error
          logger.warn({ error: String(error) }, 'the trial call could not be started')
          throw new Refused('demo-failed')
        }
        return reply.code(202).send(null)
      },
    )
  }

/** For a request from another machine these routes do not exist. @throws {Refused} `not-found`. */
function onlyOnThisMachine(demo: Demo, request: FastifyRequest): Demo {
  if (!demo.buttons || !isThisMachine(request)) throw new Refused('not-found')
  return demo
}
