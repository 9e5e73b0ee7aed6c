/** Tokens of other programs: entered by an administrator, accepted by the person, on record, ended. */
import { sql } from 'kysely'
import t from 'tap'
import { finishedCall } from '../access/finished-call.ts'
import { issueActivation } from '../../../src/people/activations.ts'
import { until } from '../../support/until.ts'
import { changeAccount } from '../../../src/people/account-changes.ts'
import { serve, sign, type Served } from '../serve.ts'

const crm = { program: 'CRM', scopes: ['calls:read', 'calls:command', 'live:read'], days: 30 }
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

/** Accepted by the supervisor in whose name it asks. */
async function tokenOf(served: Served, change: object = {}): Promise<{ id: number; token: string }> {
  const { ask, signIn, people } = served
  const body = { ...crm, account: people.super.id, ...change }
  const made = await ask('POST', '/api/programs', { as: await signIn('admin'), body })
  if (made.status !== 201) throw new Error(made.text)
  const { id } = made.json as { id: number }
  const accepted = await ask('POST', `/api/me/programs/${id}/acceptance`, { as: await signIn('super') })
  return { id, token: (accepted.json as { token: string }).token }
}

t.test('the person accepts a token that an administrator entered, and alone sees it, once', async (t) => {
  const served = await serve(t)
  const { ask, signIn, people, db } = served
  const as = await signIn('admin')
  const entered = await ask('POST', '/api/programs', { as, body: { ...crm, account: people.super.id } })
  t.match(entered, { status: 201, json: { id: Number } })
  t.notMatch(entered.text, /lin_/, 'the administrator is shown no secret')
  const { id } = entered.json as { id: number }
  const person = await signIn('super')
  const accept = `/api/me/programs/${id}/acceptance`
  t.equal((await ask('POST', accept, { as })).status, 404, 'not by the administrator')
  t.equal((await ask('POST', accept, { as: await signIn('agent01') })).status, 404)
  t.match((await ask('GET', '/api/me/programs', { as: person })).json, {
    items: [{ id, program: 'CRM', madeBy: 'Dan Țepeș', acceptedAt: null, scopes: crm.scopes }],
  })
  const accepted = await ask('POST', accept, { as: person })
  t.match(accepted, { status: 201, json: { token: /^lin_[\w-]{43}$/ } })
  const { token } = accepted.json as { token: string }
  t.match(await ask('POST', accept, { as: person }), { status: 409, json: { code: 'token-accepted' } })
  t.equal((await ask('GET', '/api/calls', bearer(token))).status, 200)
  const listed = await ask('GET', '/api/programs', { as })
  t.match(listed.json, {
    items: [{ id, account: { name: 'Carmen Sârbu' }, acceptedAt: String, lastUsedAt: String }],
  })
  t.notMatch(listed.text, token)
  const kept = await db
    .selectFrom('program_token_acceptances')
    .select('token_digest')
    .where('token', '=', id)
    .execute()
  t.same(
    kept.map(({ token_digest: { length } }) => length),
    [32],
    'as its digest',
  )
})

t.test('a change of the roles voids the acceptance, also when it is changed back', async (t) => {
  const served = await serve(t)
  const { ask, signIn, people, db } = served
  const { id, token } = await tokenOf(served)
  const { id: account, name, employer, roles } = people.super
  const change = async (to: object) => {
    const changed = await changeAccount(db, account, { name, employer, roles, ...to }, null)
    t.equal(changed.ok, true)
    // The cache of tokens is as old as five seconds.
    served.state.now = (served.state.now ?? Date.now()) + 6_000
  }
  t.teardown(() => sign(db, people.super))
  await change({ employer: 'Primăria' })
  t.equal((await ask('GET', '/api/calls', bearer(token))).status, 200, 'the same roles')
  await change({ roles: ['supervisor', 'editor'] })
  await change({ roles })
  t.match(await ask('GET', '/api/calls', bearer(token)), { status: 401, json: { code: 'wrong-token' } })
  const as = await signIn('super')
  t.match((await ask('GET', '/api/me/programs', { as })).json, { items: [{ id, acceptedAt: null }] })
  const again = await ask('POST', `/api/me/programs/${id}/acceptance`, { as })
  t.equal((await ask('GET', '/api/calls', bearer((again.json as { token: string }).token))).status, 200)
  t.equal((await ask('GET', '/api/calls', bearer(token))).status, 401, 'the earlier secret stays void')
  t.equal((await ask('DELETE', `/api/programs/${id}`, { as })).status, 204)
  t.equal((await ask('POST', `/api/me/programs/${id}/acceptance`, { as })).status, 404, 'ended')
})

t.test('a token has a term, a scope and an open account', async (t) => {
  const served = await serve(t)
  const { ask, signIn, people } = served
  const as = await signIn('admin')
  const make = (body: object) =>
    ask('POST', '/api/programs', { as, body: { ...crm, account: people.super.id, ...body } })
  for (const body of [
    { days: 401 },
    { days: 0 },
    { scopes: [] },
    { scopes: ['taxes:read'] },
    { program: ' ' },
    { perMinute: 9 },
    { perMinute: 6_001 },
  ])
    t.match(await make(body), { status: 400, json: { code: 'validation' } }, JSON.stringify(body))
  t.match(await make({ account: 'nobody' }), { status: 404, json: { code: 'no-such-account' } })
  const { days: _, ...withoutTerm } = { ...crm, account: people.super.id }
  t.equal(
    (await ask('POST', '/api/programs', { as, body: withoutTerm })).status,
    400,
    'no token without a term',
  )
  for (const person of ['super', 'agent01', 'audit', 'edit'] as const)
    t.equal((await ask('POST', '/api/programs', { as: await signIn(person), body: {} })).status, 403, person)
  const { token } = await tokenOf(served)
  served.state.now = Date.now() + 31 * 86_400_000
  t.match(
    await ask('GET', '/api/calls', bearer(token)),
    { status: 401, json: { code: 'wrong-token' } },
    'expired',
  )
})

t.test('each look of a program is on record under its token and its account', async (t) => {
  const served = await serve(t)
  const { ask, people, db } = served
  const call = await finishedCall(db, { agent: people.agent01.id, number: '+40722300600' })
  const { id, token } = await tokenOf(served)
  t.equal((await ask('GET', `/api/calls/${call}`, bearer(token))).status, 200)
  t.equal((await ask('GET', `/api/calls/${call}`, bearer(token))).status, 200)
  const looks = await db
    .selectFrom('journal_looks')
    .select(['kind', 'account', 'about', 'query'])
    .where('about', '=', call)
    .orderBy('index')
    .execute()
  t.same(looks, [
    { kind: 'call', account: people.super.id, about: call, query: null },
    { kind: 'program', account: people.super.id, about: call, query: `CRM (token ${id}): call` },
  ])
  const ofProgram = async () => {
    const rows = await db
      .selectFrom('journal_looks')
      .select('about')
      .where('query', 'like', `CRM (token ${id}): %`)
      .orderBy('index')
      .execute()
    return rows.map(({ about }) => about)
  }
  t.same(await ofProgram(), ['call', call])
  const note = { text: 'Dosar CRM 1204' }
  const notes = `/api/calls/${call}/notes`
  t.equal((await ask('POST', notes, { ...bearer(token), body: note })).status, 204)
  t.equal((await ask('POST', notes, { ...bearer(token), body: note })).status, 204)
  t.same((await ofProgram()).slice(2), ['addNote', call, 'addNote', call], 'each command, at once again')
  t.equal((await ask('GET', '/api/calls/Ion%20Popescu', bearer(token))).status, 404)
  t.equal((await ask('POST', '/api/calls/Ion%20Popescu/notes', { ...bearer(token), body: note })).status, 404)
  t.same((await ofProgram()).slice(6), ['addNote'], 'no text of a URL')
})

t.test('an ended token is refused at once, and its feed ends', async (t) => {
  const served = await serve(t)
  const { ask, signIn, url } = served
  const { id, token } = await tokenOf(served)
  const feed = await fetch(`${url}/api/live`, bearer(token))
  t.equal(feed.status, 200)
  const reader = feed.body!.getReader()
  t.match(new TextDecoder().decode((await reader.read()).value), /retry|snapshot/)
  t.equal((await ask('DELETE', `/api/programs/${id}`, { as: await signIn('agent01') })).status, 404)
  t.equal(
    (await ask('DELETE', `/api/programs/${id}`, { as: await signIn('super') })).status,
    204,
    'by the person',
  )
  for (;;) if ((await reader.read()).done) break
  t.match(await ask('GET', '/api/calls', bearer(token)), { status: 401, json: { code: 'wrong-token' } })
  t.equal(
    (await ask('DELETE', `/api/programs/${id}`, { as: await signIn('admin') })).status,
    204,
    'idempotent',
  )
})

t.test('guesses are slowed down, and a session is no token', async (t) => {
  const served = await serve(t)
  const { ask } = served
  const { token } = await tokenOf(served)
  t.equal((await ask('GET', '/api/calls', bearer(token))).status, 200)
  const answers: number[] = []
  for (let guess = 0; guess < 30; guess += 1)
    answers.push((await ask('GET', '/api/calls', bearer(`lin_${String(guess).padStart(43, 'x')}`))).status)
  t.same([...new Set(answers)], [401, 429])
  t.equal((await ask('GET', '/api/calls', bearer('abc'))).status, 429)
  const unused = await tokenOf(served)
  t.equal((await ask('GET', '/api/calls', bearer(unused.token))).status, 200, 'a right one that is new here')
  t.equal((await ask('GET', '/api/calls', bearer(token))).status, 200, 'a token that was right is no guess')
})

t.test('open tokens are listed first, however many have ended since', async (t) => {
  const served = await serve(t)
  const { ask, signIn, people, db } = served
  const { id } = await tokenOf(served)
  await sql`
    with made as (
      insert into program_tokens (program, account, scopes, expires_at, by)
      select 'old', ${people.super.id}, '{calls:read}', now() + interval '1 day', ${people.admin.id}
      from generate_series(1, 501) n returning id
    )
    insert into program_token_ends (token, by) select id, ${people.admin.id} from made`.execute(db)
  const { items } = (await ask('GET', '/api/programs', { as: await signIn('admin') })).json as {
    items: { id: number; program: string }[]
  }
  t.ok(items.findIndex((item) => item.id === id) < items.findIndex(({ program }) => program === 'old'))
  t.not(
    items.findIndex((item) => item.id === id),
    -1,
  )
  t.equal(items.filter(({ program }) => program === 'old').length, 500)
})

// The last of this file: a reset takes the supervisor’s password away.
t.test('a token ends with the other ways into its account', async (t) => {
  const served = await serve(t)
  const { ask, signIn, people, db } = served
  const account = people.super.id
  const ends = [
    {
      what: 'the end of all other sessions',
      by: account,
      end: async () => ask('DELETE', '/api/me/sessions', { as: await signIn('super') }),
    },
    { what: 'a reset at the command line', by: null, end: () => issueActivation(db, { account, by: null }) },
  ]
  for (const { what, by, end } of ends) {
    const { id, token } = await tokenOf(served)
    t.equal((await ask('GET', '/api/calls', bearer(token))).status, 200)
    await end()
    await until(async () => (await ask('GET', '/api/calls', bearer(token))).status === 401)
    const ended = db.selectFrom('program_token_ends').select('by').where('token', '=', id)
    t.same(await ended.execute(), [{ by }], what)
  }
})
