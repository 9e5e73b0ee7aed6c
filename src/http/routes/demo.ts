/** The demo's short cuts: only where the demo runs, and only for who sits at that machine. */
import type { FastifyRequest } from 'fastify'
import { accountByUsername } from '../../people/accounts.ts'
import type { App, Rooms } from '../app.ts'
import { done, refusals } from '../documented.ts'
import { isThisMachine } from '../origin.ts'
import type { Demo } from '../ports.ts'
import { Refused } from '../problem.ts'
import { accountOf } from '../session.ts'
import { DemoAccounts, DemoSignIn, Me } from '../wire.ts'
import { signIn } from './session.ts'

export function demoRoutes(app: App, rooms: Rooms): void {
  const { db, demo, logger } = rooms.deps

  app.get(
    '/api/demo',
    {
      config: { access: 'open' },
      schema: {
        operationId: 'demoAccounts',
        tags: ['demo'],
        summary: 'Whom the sign-in page of the demo offers',
        response: { 200: DemoAccounts, ...refusals(404) },
      },
    },
    async (request) => {
      const accounts = here(demo, request).accounts()
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
        summary: 'Sign in as one of them, without the password',
        body: DemoSignIn,
        response: { 200: Me, ...refusals(400, 404, 503) },
      },
    },
    async (request) => {
      const { username } = request.body
      const offered = here(demo, request)
        .accounts()
        .some((one) => one.username === username)
      const account = offered ? await accountByUsername(db, username) : null
      if (account === null || account.closedAt !== null) throw new Refused('not-found')
      return signIn(rooms, request, account)
    },
  )

  app.post(
    '/api/demo/call-me',
    {
      config: { access: ['agent'] },
      schema: {
        operationId: 'demoCallMe',
        tags: ['demo'],
        summary: 'A citizen who speaks calls 969 now',
        response: { 202: done, ...refusals(401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const { username } = accountOf(request)
      try {
        await here(demo, request).callMe(username)
      } catch (error) {
        if (error instanceof Refused) throw error
        logger.warn({ error: String(error) }, 'the trial call could not be started')
        throw new Refused('demo-failed')
      }
      return reply.code(202).send(null)
    },
  )
}

/** Elsewhere these addresses do not exist. */
function here(demo: Demo | null, request: FastifyRequest): Demo {
  if (demo === null || !isThisMachine(request)) throw new Refused('not-found')
  return demo
}
