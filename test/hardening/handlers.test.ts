/**
 * Requests that pass every schema, from every role, in random order, with values from earlier responses and
 * values that are known to break programs. The handlers behind the schemas must not fail, and must refuse with a
 * sentence.
 */
import t from 'tap'
import type { Role } from '../../src/http/wire.ts'
import { FakeDocuments } from '../support/city/fake-documents.ts'
import { FakeFiscal } from '../http/taxes/fake-fiscal.ts'
import { startConversation, search } from '../http/conversation.ts'
import { serve, type Person, type Served, settings } from '../http/serve.ts'
import { aCnp, anAccount } from '../http/taxes/taxpayers.ts'
import { defectOf } from './response-check.ts'
import { RightRequests } from './right-requests.ts'
import { routesOf, type Route } from './wrong-requests.ts'
import { isWholeSearch } from '../support/rotation.ts'
import { pngArms } from '../support/city/arms.ts'

/** How often each route is requested, in turn with all others: each run has a seed of its own, and `make prove` searches longer. */
const rounds = isWholeSearch() ? 200 : 8
/** Rounds of the routes that change much, and of all routes after them. */
const lastRounds = isWholeSearch() ? 30 : 3
/** The most rounds for routes that no valid request has reached yet. */
const roundsMax = 600

/** Routes that never end, hash a password, need another system's signature, or are for the machine itself. */
const leftOut = new Set([
  'live',
  'signIn',
  'changeMyPassword',
  'documentStatus',
  'metrics',
  'demoAccounts',
  'demoSignIn',
  'demoCallMe',
  // Without an identity provider there are no such routes; `provider.test` covers them.
  'goToProvider',
  'linkProvider',
  'comeFromProvider',
  'signOutOfProvider',
  'providerLogout',
])
/** Routes that change accounts; they come last. */
const lastOnes = new Set(['publishAgreement', 'changeAccount', 'closeAccount', 'endContract'])
const veryLast = new Set(['signOut'])

/**
 * Their forms have rules beyond the schema, so random forms are refused; `requests.test`, `articles.test`,
 * `skills.test`, `contacts/register.test`, `declared-days.test`, `people-import.test`, `webhooks/receivers.test`, `caller-notices.test` and `prompts.test` cover them.
 */
const ofRules = new Set([
  'registerRequest',
  'saveRequestDraft',
  'addPaper',
  'changePaper',
  'setSkills',
  'addContact',
  'changeContact',
  'declareDay',
  'checkPeople',
  'importPeople',
  'addWebhookReceiver',
  'changeWebhookReceiver',
  'addCallerNotice',
  'publishPrompt',
])

/** Codes of refusals that come before any handler. */
const beforeHandlers = new Set([
  'validation',
  'bad-text',
  'bad-request',
  'bad-json',
  'not-json',
  'body-too-large',
  'not-found',
  'method-not-allowed',
])

const roles: Readonly<Record<Person, Role>> = {
  agent01: 'agent',
  agent02: 'agent',
  super: 'supervisor',
  admin: 'administrator',
  audit: 'auditor',
  edit: 'editor',
}

function routesFor({ app }: Served): readonly Route[] {
  return routesOf(app.swagger() as unknown as Parameters<typeof routesOf>[0]).filter(
    ({ operation }) => !leftOut.has(operation.operationId),
  )
}

/** The accounts with access to a route. */
function allowed({ operation }: Route): readonly Person[] {
  const access = operation['x-access']
  const people = Object.keys(roles) as Person[]
  return typeof access === 'object' ? people.filter((one) => access.includes(roles[one])) : people
}

t.test(
  'every request that its schema accepts is answered, or refused with a sentence',
  { timeout: 1_500_000 },
  async (t) => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
    t.comment(`SEED=${seed}`)
    const cnp = aCnp()
    const account = anAccount()
    const arms = { type: 'image/png', path: 'arms.png', base64: pngArms().toString('base64') } as const
    const served = await serve(t, {
      fiscal: new FakeFiscal({ [cnp]: account }),
      documents: new FakeDocuments(),
      settings: { ...settings, cityHall: { ...settings.cityHall, arms } },
    })
    const sessions = new Map<Person, string>()
    for (const person of Object.keys(roles) as Person[]) sessions.set(person, await served.signIn(person))
    await startConversation(served, 'agent01', { as: sessions.get('agent01') ?? '' })
    const requests = new RightRequests(seed)
    const citizen = { name: account.name, address: account.address, identifier: cnp }
    requests.learn(citizen)
    requests.learn((await search(served, sessions.get('agent01') ?? '', citizen)).json)
    // The days of a notice must be in order.
    requests.learn({ from: '2026-11-25', to: '2026-12-31' })
    const routes = routesFor(served)
    const defects: string[] = []
    const reached = new Map(routes.map(({ operation }) => [operation.operationId, 0]))
    const statuses = new Map<number, number>()
    const ask = async (route: Route, person: Person): Promise<void> => {
      const { path, headers, body } = requests.of(route)
      const answer = await served.app.inject({
        method: route.method as 'GET',
        url: path,
        headers: { ...headers, cookie: sessions.get(person) ?? '' },
        ...(body === null ? {} : { payload: body }),
      })
      const { statusCode: status, body: text } = answer
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      const why = defectOf({ status, headers: answer.headers, text })
      const asked = `${person}: ${route.method} ${path} ${body?.toString() ?? ''}`
      if (why !== null) defects.push(`${asked.slice(0, 500)}: ${why}`)
      const isJson = String(answer.headers['content-type']).includes('json')
      const parsed: unknown = isJson && text !== '' ? JSON.parse(text) : null
      if (status < 300) requests.learn(parsed)
      const { code = '' } = (parsed ?? {}) as { readonly code?: string }
      const isReached = ![401, 403, 429].includes(status) && !beforeHandlers.has(code)
      const { operationId } = route.operation
      if (isReached) reached.set(operationId, (reached.get(operationId) ?? 0) + 1)
    }
    const askAll = async (some: readonly Route[], round: number): Promise<void> => {
      for (const route of some) {
        const able = allowed(route)
        await ask(route, able[round % able.length] ?? 'admin')
      }
    }
    const named = (names: ReadonlySet<string>): readonly Route[] =>
      routes.filter(({ operation }) => names.has(operation.operationId))
    const first = routes.filter((route) => ![...named(lastOnes), ...named(veryLast)].includes(route))
    const notReached = ({ operation: { operationId } }: Route): boolean =>
      reached.get(operationId) === 0 && !ofRules.has(operationId)
    for (const [some, times] of [
      [first, rounds],
      [named(lastOnes), lastRounds],
      [named(veryLast), 1],
    ] as const) {
      for (let round = 0; round < times; round += 1) await askAll(some, round)
      // Some routes need several valid values at once, which may not have occurred together yet.
      for (let round = times; round < roundsMax && some.some(notReached); round += 1)
        await askAll(some.filter(notReached), round)
    }
    for (let round = 0; round < lastRounds; round += 1) await askAll(routes, round)
    t.comment([...statuses].map(([status, count]) => `${count} × ${status}`).join(', '))
    t.same(defects.slice(0, 8), [])
    t.same(
      routes.filter(notReached).map(({ operation }) => operation.operationId),
      [],
      'every handler was reached',
    )
    t.same(served.log.filter((line) => /"level":[56]0/.test(line)).slice(0, 5), [], 'no error in the log')
  },
)
