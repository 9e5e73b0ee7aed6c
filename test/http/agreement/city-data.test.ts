/** No city data without a signature, on every route that the API's document marks with `x-city-data`. */
import rateLimit from '@fastify/rate-limit'
import fastify from 'fastify'
import { sql } from 'kysely'
import t from 'tap'
import type { HttpDeps } from '../../../src/http/ports.ts'
import { installSessions, Sessions } from '../../../src/http/session/session.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { roles, type Role } from '../../../src/http/wire.ts'
import { quickHash } from '../../support/passwords.ts'
import { openTestDatabase, testDatabase } from '../../support/postgres.ts'
import { cookieIn, password, serve, sign, type Served } from '../serve.ts'

interface CityRoute {
  readonly method: string
  readonly path: string
  readonly access: readonly Role[]
}

/** The roles that a route allows; all roles if it declares none. */
function cityRoutesOf({ app }: Served): readonly CityRoute[] {
  return Object.entries(app.swagger().paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Record<string, unknown>>).flatMap(([method, operation]) => {
      if (operation['x-city-data'] !== true) return []
      const access = operation['x-access']
      return { method: method.toUpperCase(), path, access: Array.isArray(access) ? access : roles }
    }),
  )
}

const filled = (path: string): string => path.replace(/\{\w+\}/g, 'nobody')

async function newcomer({ db, ask }: Served, role: Role) {
  const person = { username: `nou.${role}`, name: 'Nou Venit', employer: 'Primăria', roles: [role] }
  const added = await addAccount(db, { ...person, password }, quickHash)
  if (!added.ok) throw new Error(added.why)
  const body = { username: person.username, password }
  const cookie = cookieIn(await ask('POST', '/api/session', { body }))
  return { account: added.account, cookie }
}

t.test('no role sees city data without a signature', async (t) => {
  const served = await serve(t)
  const routes = cityRoutesOf(served)
  t.ok(routes.length > 0, `${routes.length} routes show city data`)
  for (const role of roles) {
    const { account, cookie } = await newcomer(served, role)
    const codes = async () => {
      const asked = routes.map(async ({ method, path }) => {
        const { status, json } = await served.ask(method, filled(path), { as: cookie })
        return [`${method} ${path}`, status === 403 ? json['code'] : status] as const
      })
      return new Map(await Promise.all(asked))
    }
    const before = await codes()
    for (const { method, path, access } of routes) {
      const expected = role === 'administrator' || !access.includes(role) ? 'forbidden' : 'agreement-unsigned'
      t.equal(before.get(`${method} ${path}`), expected, `${role}, ${method} ${path}`)
    }
    await sign(served.db, account)
    for (const [route, code] of await codes()) {
      if (role === 'administrator') t.equal(code, 'forbidden', `${role}, ${route}: signed or not`)
      else t.not(code, 'agreement-unsigned', `${role}, ${route}`)
    }
  }
})

t.test('without a session no city data is shown, and no such route is open by mistake', async (t) => {
  const served = await serve(t)
  for (const { method, path } of cityRoutesOf(served)) {
    t.equal((await served.ask(method, filled(path))).status, 401, `${method} ${path}`)
  }
})

t.test('a server with a route that shows city data without a session does not start', async (t) => {
  const { db } = await serve(t)
  const app = fastify()
  const sessionSecret = 'a secret of the tests, long enough for it'
  const settings = { sessionSecret, signIn: { origin: 'http://127.0.0.1' } }
  const sessions = new Sessions({ db, now: Date.now }, async () => undefined)
  await app.register(rateLimit, { global: false })
  await installSessions(app, { db, settings } as HttpDeps, sessions)
  const open = () => app.get('/api/open', { config: { access: 'open', cityData: true } }, async () => ({}))
  t.throws(open, /\/api\/open would show city data without a session/)
})

t.test('an old account with further roles beside administrator sees no city data either', async (t) => {
  const { db, adminUrl } = await testDatabase(t)
  const served = await serve(t, { db })
  const { account } = await newcomer(served, 'supervisor')
  await sign(db, account)
  const { name, employer, id, username } = account
  // Possible in a database from before migration 0010.
  const owner = openTestDatabase(adminUrl)
  await sql`alter table account_versions drop constraint administrator_alone`.execute(owner)
  await owner.destroy()
  const both = { account: id, name, employer, roles: ['supervisor', 'administrator'] as Role[] }
  await db
    .insertInto('account_versions')
    .values({ ...both, closed: false, by: null })
    .execute()
  const session = await served.ask('POST', '/api/session', { body: { username, password } })
  const answer = await served.ask('GET', '/api/calls/nobody/recording', { as: cookieIn(session) })
  t.match(answer.json, { status: 403, code: 'forbidden' })
})

t.test('while signatures cannot be read, no city data is shown', async (t) => {
  const { db } = await testDatabase(t)
  const served = await serve(t, { db })
  const as = await served.signIn('super')
  t.equal((await served.ask('GET', '/api/calls/nobody/recording', { as })).status, 404)
  await db.destroy()
  const answer = await served.ask('GET', '/api/calls/nobody/recording', { as })
  t.ok(answer.status >= 500, `${answer.status}`)
})
