/**
 * Every route of the API's document, requested by every role, by an agent without a signed agreement, and without a
 * session. The matrix of the answers is in the diagnostics.
 */
import t from 'tap'
import { demoRoutes } from '../../tools/demo/routes.ts'
import { addAccount } from '../../src/people/accounts.ts'
import { roles, type Role } from '../../src/http/wire.ts'
import { cookieIn, demoOf, password, serve, sign } from '../http/serve.ts'
import { noCityData } from '../http/agreement/no-city-data.ts'
import { routesOf, sampleOf, type Operation, type Route } from './wrong-requests.ts'
import { quickHash } from '../support/passwords.ts'

interface Rights extends Operation {
  readonly 'x-city-data'?: boolean
}

interface Asked {
  readonly status: number
  readonly code: string
}

/** Routes for one role only: all other roles must be refused. */
const administrators = [
  'agreement',
  'publishAgreement',
  'previewAgreement',
  'accounts',
  'addAccount',
  'changeAccount',
  'closeAccount',
  'resetAccount',
  'employers',
  'endContract',
  'renewContract',
]
const agents = ['setMyState', 'setMyDevice', 'claimPage', 'demoCallMe']
/** Supervisors listen with a phone, and serve the callers whom they take over. */
const withPhone = ['myPhone', 'admitMyPhone', 'myDeskPhone', 'actOnMyCall']
const supervisors = [
  'superviseCall',
  'stopSupervising',
  'takeOverCall',
  'moveCall',
  'endCall',
  'promiseCallback',
  'cancelCallback',
  'setAgentState',
]

const served = await serve(t, { demo: true }, [demoRoutes(demoOf())])
const routes = routesOf(served.app.swagger() as unknown as Parameters<typeof routesOf>[0])
const columns = ['nobody', ...roles, 'unsigned'] as const
type Column = (typeof columns)[number]
const matrix = new Map<Route, Readonly<Record<Column, Asked>>>()
const cookies = new Map<Column, string>()
for (const role of roles) cookies.set(role, await session(`cel.${role}`, role, true))
cookies.set('unsigned', await session('nesemnat', 'agent', false))

// `signOut` ends the session that the other requests need.
const last = (route: Route): number => Number(route.operation.operationId === 'signOut')
for (const route of routes.toSorted((a, b) => last(a) - last(b))) {
  const row: Partial<Record<Column, Asked>> = {}
  for (const column of columns) row[column] = await ask(route, cookies.get(column) ?? '')
  matrix.set(route, row as Record<Column, Asked>)
}
t.comment(drawn())

void t.test('without a session only routes declared as open answer', async (t) => {
  for (const [route, row] of matrix) {
    const open = rightsOf(route)['x-access'] === 'open'
    if (open) t.not(row.nobody.code, 'no-session', nameOf(route))
    else t.match(row.nobody, { status: 401, code: 'no-session' }, nameOf(route))
  }
})

void t.test('a route refuses every role that it does not allow, and no role that it allows', async (t) => {
  for (const [route, row] of matrix) {
    const { 'x-access': access = 'session' } = rightsOf(route)
    for (const role of roles) {
      const named = access === 'open' || access === 'session' || access.includes(role)
      if (named) t.not(row[role].code, 'no-session', `${role}, ${nameOf(route)}`)
      else t.match(row[role], { status: 403, code: 'forbidden' }, `${role}, ${nameOf(route)}`)
    }
  }
})

void t.test('administrators and accounts without a signed agreement see no city data', async (t) => {
  for (const [route, row] of matrix) {
    if (route.operation.operationId in noCityData) continue
    t.match(row.administrator, { status: 403, code: 'forbidden' }, nameOf(route))
    t.match(row.unsigned, { status: 403 }, nameOf(route))
  }
  for (const [route, row] of matrix)
    if (['calls', 'call'].includes(route.operation.operationId))
      t.equal(row.administrator.status, 403, `${nameOf(route)}: callers are no business of an administrator`)
})

const allowed: readonly (readonly [readonly string[], readonly string[]])[] = [
  [['administrator'], administrators],
  [['agent'], agents],
  [['agent', 'supervisor'], withPhone],
  [['supervisor'], supervisors],
]
void t.test(
  'only administrators manage accounts, only agents have a desk, only supervisors supervise',
  async (t) => {
    for (const [route, row] of matrix) {
      const { operationId } = route.operation
      const only = allowed.find(([, operations]) => operations.includes(operationId))?.[0] ?? []
      if (only.length === 0) continue
      for (const role of roles)
        if (only.includes(role)) t.not(row[role].status, 403, `${role}, ${nameOf(route)}`)
        else t.equal(row[role].status, 403, `${role}, ${nameOf(route)}`)
    }
    const known = new Set(routes.map(({ operation }) => operation.operationId))
    t.same(
      allowed.flatMap(([, operations]) => operations).filter((operationId) => !known.has(operationId)),
      [],
    )
  },
)

void t.test('no request fails with 500', async (t) => {
  for (const [route, row] of matrix)
    for (const column of columns)
      t.ok(row[column].status < 500 || row[column].status === 503, `${column}, ${nameOf(route)}`)
})

async function session(username: string, role: Role, signed: boolean): Promise<string> {
  const person = { username, name: 'Cineva Anume', employer: 'Firma Rolurilor', roles: [role] }
  const added = await addAccount(served.db, { ...person, password }, quickHash)
  if (!added.ok) throw new Error(added.why)
  if (signed) await sign(served.db, added.account)
  return cookieIn(await served.ask('POST', '/api/session', { body: { username, password } }))
}

/** A request that the route's schema accepts, for objects that do not exist. */
async function ask(route: Route, cookie: string): Promise<Asked> {
  const schema = route.operation.requestBody?.content['application/json']?.schema
  const response = await fetch(`${served.url}${route.path.replace(/\{\w+\}/g, 'nobody')}`, {
    method: route.method,
    headers: {
      ...(cookie === '' ? {} : { cookie }),
      ...(schema === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(schema === undefined ? {} : { body: JSON.stringify(sampleOf(schema)) }),
  })
  // The live feed never ends by itself.
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
    await response.body?.cancel()
    return { status: response.status, code: 'stream' }
  }
  const text = await response.text()
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true
  const code = isProblem ? (JSON.parse(text) as { code?: string }).code : undefined
  return { status: response.status, code: code ?? '' }
}

function rightsOf({ operation }: Route): Rights {
  return operation
}

function nameOf({ method, path }: Route): string {
  return `${method} ${path}`
}

/** One line per route; a star marks city data. */
function drawn(): string {
  const width = Math.max(...routes.map((route) => nameOf(route).length))
  const head = ['route'.padEnd(width + 2), ...columns.map((column) => column.padEnd(13))].join(' ')
  const lines = [...matrix].map(([route, row]) => {
    const star = rightsOf(route)['x-city-data'] === true ? '*' : ' '
    const cells = columns.map((column) => String(row[column].status).padEnd(13))
    return [`${nameOf(route).padEnd(width)} ${star}`, ...cells].join(' ').trimEnd()
  })
  return [head, ...lines, '* city data: needs a signed agreement'].join('\n')
}
