/** Every route with tokens of programs: none is accepted beyond its scope, whatever its account may do. */
import t from 'tap'
import { demoRoutes } from '../../tools/demo/routes.ts'
import { scopes, type Scope } from '../../src/people/programs/scopes.ts'
import { acceptToken, enterToken } from '../../src/people/programs/tokens.ts'
import { demoOf, serve } from '../http/serve.ts'
import { routesOf, type Operation } from './wrong-requests.ts'

const served = await serve(t, { demo: true }, [demoRoutes(demoOf())])
const { db, people, ask } = served
const routes = routesOf(served.app.swagger() as unknown as Parameters<typeof routesOf>[0])

type Scoped = Operation & { readonly 'x-scope'?: Scope; readonly 'x-city-data'?: boolean }
const scopeOf = (operation: Operation): Scope | undefined => (operation as Scoped)['x-scope']

async function tokenFor(name: 'super' | 'agent01' | 'admin', of: readonly Scope[]): Promise<string> {
  const account = people[name].id
  const entered = await enterToken(db, { program: 'CRM', account, scopes: of, days: 30 }, people.admin.id)
  if (!entered.ok) throw new Error(entered.why)
  const accepted = await acceptToken(db, entered.id, account)
  if (!accepted.ok) throw new Error(accepted.why)
  return accepted.token
}

const status = async (method: string, path: string, token: string) => {
  // The live feed does not end by itself.
  const stop = new AbortController()
  const answer = await fetch(served.url + path.replaceAll(/\{\w+\}/g, '1'), {
    method,
    signal: stop.signal,
    redirect: 'manual',
    headers: { authorization: `Bearer ${token}` },
  })
  const isJson = answer.headers.get('content-type')?.includes('json') === true
  const { code } = isJson ? ((await answer.json()) as { code?: string }) : {}
  stop.abort()
  return { status: answer.status, code }
}

void t.test('a token opens the routes of its scope, and no other', { timeout: 120_000 }, async (t) => {
  for (const scope of scopes) {
    const token = await tokenFor('super', [scope])
    let opened = 0
    for (const { method, path, operation } of routes) {
      if (operation['x-access'] === 'open') continue
      const answer = await status(method, path, token)
      const name = `${scope}: ${method} ${path}`
      if (scopeOf(operation) !== scope) t.match(answer, { status: 403, code: 'token-scope' }, name)
      else {
        t.notOk(['token-scope', 'wrong-token', 'no-session'].includes(answer.code ?? ''), name)
        opened += 1
      }
    }
    t.ok(opened > 0, scope)
  }
})

void t.test(
  'no scope covers accounts, taxes, identity, recorded conversations, the journal or another token',
  async (t) => {
    const covered = routes.filter(({ operation }) => scopeOf(operation) !== undefined)
    t.same(covered.map(({ operation }) => operation.operationId).toSorted(), [
      'addNote',
      'call',
      'calls',
      'closeVoicemail',
      'configuration',
      'live',
      'openVoicemails',
      'queues',
      'releaseVoicemail',
      'request',
      'requests',
      'takeVoicemail',
      'voicemailRecording',
      'voicemails',
      'wrapUpCodes',
    ])
  },
)

void t.test('a token opens no more than its account may see', async (t) => {
  const administrator = await tokenFor('admin', scopes)
  for (const { method, path, operation } of routes)
    if ((operation as Scoped)['x-city-data'] === true && scopeOf(operation) !== undefined)
      t.match(
        await status(method, path, administrator),
        { status: 403, code: 'forbidden' },
        `${method} ${path}`,
      )
  const agent = await tokenFor('agent01', scopes)
  t.match(await status('GET', '/api/requests', agent), { status: 403, code: 'forbidden' })
  const page = '/api/live?instance=1a2b3c4d-0000-4000-8000-000000000001'
  t.match(await status('GET', page, agent), { status: 400, code: 'validation' }, 'it opens no page')
  t.equal((await ask('GET', '/api/calls', { headers: { authorization: `Bearer ${agent}` } })).status, 200)
})
