import t from 'tap'
import { accountByUsername, addAccount } from '../../../src/people/accounts.ts'
import { testDatabase } from '../../support/postgres.ts'
import { quickHash } from '../../support/passwords.ts'
import { cookieIn, password, serve } from '../serve.ts'

const ioana = { username: 'Ioana.Pop', name: ' Ioana  Pop ', employer: 'Glas SRL ', roles: ['agent'] }

t.test('an administrator opens an account, and its owner activates it with the code', async (t) => {
  const { ask, signIn, db, people } = await serve(t)
  const as = await signIn('admin')
  const added = await ask('POST', '/api/accounts', { as, body: ioana })
  t.equal(added.status, 201)
  t.match(added.json, {
    account: {
      username: 'ioana.pop',
      name: 'Ioana Pop',
      employer: 'Glas SRL',
      closedAt: null,
      signedAt: null,
    },
    activation: { code: /^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/, half: false, expiresAt: /Z$/ },
  })
  const { code } = added.json['activation'] as { code: string }
  const chosen = 'lampă verde pe dulap'
  t.equal((await ask('POST', '/api/activation/password', { body: { code, password: chosen } })).status, 204)
  const body = { username: 'ioana.pop', password: chosen }
  t.equal((await ask('POST', '/api/session', { body })).status, 200)
  const list = await ask('GET', '/api/accounts', { as })
  t.notMatch(list.text, code)
  t.same(
    (list.json['items'] as { username: string }[]).map(({ username }) => username),
    [...Object.keys(people), 'ioana.pop'].sort(),
  )
  const row = await db
    .selectFrom('account_versions')
    .innerJoin('accounts', 'accounts.id', 'account_versions.account')
    .select('by')
    .where('username', '=', 'ioana.pop')
    .executeTakeFirst()
  t.equal(row?.by, (await accountByUsername(db, 'admin'))?.id, 'the author is recorded')
})

t.test('a new agent has the skills of the form from the start, or serves every queue', async (t) => {
  const { db } = await testDatabase(t)
  const { ask, signIn } = await serve(t, { db })
  const as = await signIn('admin')
  const add = (username: string, change: object) =>
    ask('POST', '/api/accounts', { as, body: { ...ioana, username, ...change } })
  const levelsOf = async (username: string) => {
    const rows = await db
      .selectFrom('agent_skill_versions')
      .innerJoin('accounts', 'accounts.id', 'agent_skill_versions.account')
      .select(['skills', 'by'])
      .where('username', '=', username)
      .execute()
    const by = (await accountByUsername(db, 'admin'))?.id
    t.ok(rows.every((row) => row.by === by))
    return rows.map(({ skills }) => skills)
  }
  t.equal((await add('cu', { skills: { general: 3, taxe: 5 } })).status, 201)
  t.strictSame(await levelsOf('cu'), [{ general: 3, taxe: 5 }])
  t.equal((await add('fara', { skills: {} })).status, 201)
  t.strictSame(await levelsOf('fara'), [{}], 'none is a choice')
  t.equal((await add('toate', {})).status, 201)
  t.strictSame(await levelsOf('toate'), [{ general: 1 }])
  for (const skills of [{ general: 0 }, { general: 6 }, { 'Nu merge': 1 }, { general: 'trei' }])
    t.match(await add('gresit', { skills }), { status: 400, json: { code: 'validation' } })
  t.match(await add('gresit', { roles: ['editor'], skills: { general: 1 } }), {
    status: 400,
    json: { code: 'validation', errors: [{ field: 'skills' }] },
  })
  t.equal(await accountByUsername(db, 'gresit'), null, 'nothing of it is stored')
})

t.test(
  'the skills of a supervisor who serves wait with the role, and hold once it is confirmed',
  async (t) => {
    const { db } = await testDatabase(t)
    const { ask, signIn } = await serve(t, { db })
    const second = { username: 'admin2', name: 'Alt Admin', employer: 'Primăria' }
    const other = await addAccount(db, { ...second, roles: ['administrator'], password }, quickHash)
    t.ok(other.ok)
    const body = { ...ioana, username: 'sefa', roles: ['agent', 'supervisor'], skills: { general: 4 } }
    const added = await ask('POST', '/api/accounts', { as: await signIn('admin'), body })
    t.match(added, { status: 201, json: { account: { roles: [] }, activation: { half: true } } })
    const { id, proposal } = added.json['account'] as { id: string; proposal: { id: number } }
    const session = await ask('POST', '/api/session', { body: { username: 'admin2', password } })
    const as = cookieIn(session)
    t.equal((await ask('POST', `/api/account-proposals/${proposal.id}/confirm`, { as })).status, 200)
    const skills = await ask('GET', '/api/skills', { as })
    t.match(
      (skills.json['agents'] as { id: string; levels: object }[]).find((one) => one.id === id),
      { levels: { general: 4 } },
    )
  },
)

t.test('an account that is not possible is refused with a sentence', async (t) => {
  const { db } = await testDatabase(t)
  const { ask, signIn } = await serve(t, { db })
  const as = await signIn('admin')
  const add = (change: object) => ask('POST', '/api/accounts', { as, body: { ...ioana, ...change } })
  for (const [change, status, code] of [
    [{ username: 'agent01' }, 409, 'username-taken'],
    [{ username: '0722' }, 400, 'username-not-usable'],
    [{ roles: ['administrator', 'agent'] }, 400, 'roles-not-together'],
    [{ roles: ['auditor', 'editor'] }, 400, 'roles-not-together'],
    [{ roles: ['auditor', 'supervisor'] }, 400, 'roles-not-together'],
    [{ roles: [] }, 400, 'validation'],
    [{ roles: ['boss'] }, 400, 'validation'],
    [{ name: '   ' }, 400, 'validation'],
    [{ employer: '' }, 400, 'validation'],
  ] as const) {
    const answer = await add(change)
    t.match(answer.json, { status, code, detail: /^[A-ZÎ].{10,}/ }, JSON.stringify(change))
  }
  t.equal(await accountByUsername(db, 'ioana.pop'), null)
})

t.test('administrators cannot change their own roles or close their own account', async (t) => {
  const { db } = await testDatabase(t)
  const { ask, signIn, people } = await serve(t, { db })
  const as = await signIn('admin')
  const path = (id: string, end = '') => `/api/accounts/${id}${end}`
  const own = { name: 'Dan Țepeș', employer: 'Primăria', roles: ['supervisor'] }
  t.match((await ask('PUT', path(people.admin.id), { as, body: own })).json, { code: 'own-account' })
  t.match((await ask('POST', path(people.admin.id, '/close'), { as })).json, { code: 'own-account' })
  const both = { name: 'Barbu Ionescu', employer: 'Primăria', roles: ['agent', 'editor'] }
  const changed = await ask('PUT', path(people.agent02.id), { as, body: both })
  t.match(changed.json, { roles: ['agent', 'editor'], signedAt: /Z$/, code: null })
  t.match((await ask('PUT', path('nobody'), { as, body: both })).json, { code: 'no-such-account' })
  t.match((await ask('POST', path('nobody', '/close'), { as })).json, { code: 'no-such-account' })
  const closed = await ask('POST', path(people.agent02.id, '/close'), { as })
  t.match(closed.json, { closedAt: /Z$/ })
  t.same(
    (await ask('POST', path(people.agent02.id, '/close'), { as })).json,
    closed.json,
    'repeating it changes nothing',
  )
  t.match((await ask('PUT', path(people.agent02.id), { as, body: both })).json, { code: 'account-closed' })
})

t.test('only administrators see accounts and employers, and they see no calls', async (t) => {
  const { ask, signIn, people } = await serve(t)
  for (const user of ['agent01', 'super', 'audit'] as const) {
    const as = await signIn(user)
    for (const [method, path] of [
      ['GET', '/api/accounts'],
      ['POST', '/api/accounts'],
      ['PUT', `/api/accounts/${people[user].id}`],
      ['POST', `/api/accounts/${people[user].id}/close`],
      ['GET', '/api/employers'],
      ['POST', '/api/employers/end'],
      ['POST', '/api/employers/renew'],
      ['GET', '/api/agreement'],
      ['POST', '/api/agreement'],
    ] as const)
      t.match((await ask(method, path, { as })).json, { status: 403, code: 'forbidden' }, `${user} ${path}`)
  }
  const as = await signIn('admin')
  for (const path of ['/api/calls', '/api/calls/any', '/api/calls/any/recording'])
    t.match((await ask('GET', path, { as })).json, { status: 403, code: 'forbidden' }, path)
})

t.test('an employer’s contract is ended and renewed', async (t) => {
  const { db } = await testDatabase(t)
  const { ask, signIn, people } = await serve(t, { db })
  const as = await signIn('admin')
  const added = await ask('POST', '/api/accounts', { as, body: ioana })
  const { code } = added.json['activation'] as { code: string }
  const chosen = 'lampă verde pe dulap'
  await ask('POST', '/api/activation/password', { body: { code, password: chosen } })
  const session = cookieIn(
    await ask('POST', '/api/session', { body: { username: 'ioana.pop', password: chosen } }),
  )
  t.equal((await ask('GET', '/api/me', { as: session })).status, 200)
  const end = (employer: string) => ask('POST', '/api/employers/end', { as, body: { employer } })
  t.match((await end('Nimeni SRL')).json, { status: 404, code: 'no-such-employer' })
  t.match((await end('Primăria')).json, { status: 409, code: 'own-employer' })
  t.match((await end('Glas SRL')).json, { closed: 1 })
  t.match((await ask('GET', '/api/employers', { as })).json, {
    items: [
      { name: 'Glas SRL', accounts: 0, ended: true },
      { name: 'Primăria', accounts: Object.keys(people).length, ended: false },
    ],
  })
  const another = { ...ioana, username: 'alta.ioana' }
  t.match((await ask('POST', '/api/accounts', { as, body: another })).json, { code: 'contract-ended' })
  const renewed = await ask('POST', '/api/employers/renew', { as, body: { employer: 'Glas SRL' } })
  t.equal(renewed.status, 204)
  t.equal((await ask('POST', '/api/accounts', { as, body: another })).status, 201)
})
