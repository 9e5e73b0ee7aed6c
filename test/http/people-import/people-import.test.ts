/** Accounts from a CSV file: read first, then everybody or nobody. */
import t from 'tap'
import type { CheckedPeople, ImportedPeople } from '../../../src/http/people-import/wire.ts'
import { accountByUsername, addAccount, closeAccount, listAccounts } from '../../../src/people/accounts.ts'
import { openActivation } from '../../../src/people/activations.ts'
import { endContract } from '../../../src/people/employers.ts'
import { testDatabase } from '../../support/postgres.ts'
import { serve, type Served } from '../serve.ts'

async function served(t: Parameters<typeof testDatabase>[0]) {
  const { db } = await testDatabase(t)
  const it = await serve(t, { db })
  const as = await it.signIn('admin')
  const check = (csv: string) => it.ask('POST', '/api/people-import/check', { as, body: { csv } })
  const apply = (csv: string) => it.ask('POST', '/api/people-import', { as, body: { csv } })
  return { ...it, check, apply }
}

const levelsOf = async ({ db }: Pick<Served, 'db'>, username: string) =>
  db
    .selectFrom('agent_skills')
    .innerJoin('accounts', 'accounts.id', 'agent_skills.account')
    .select(['skill', 'level'])
    .where('username', '=', username)
    .execute()

t.test('a file is read row by row, and then everybody of it gets an account and a code', async (t) => {
  const it = await served(t)
  const csv =
    '\uFEFFusername;name;roles;employer;skills\r\n' +
    'Ioana.Pop;Ioana Pop;;;\r\n' +
    'agent01;Ana Pop;agent;;\r\n' +
    'dan.lup;Dan Lup;agent editor;Glas SRL;general:3\r\n'
  const before = (await listAccounts(it.db)).length
  const checked = await it.check(csv)
  t.equal(checked.status, 200)
  t.match((checked.json as unknown as CheckedPeople).items, [
    { line: 2, username: 'ioana.pop', roles: ['agent'], employer: 'Primăria', skills: null, state: 'new' },
    { line: 3, username: 'agent01', state: 'known', faults: [] },
    { line: 4, username: 'dan.lup', roles: ['agent', 'editor'], skills: { general: 3 }, state: 'new' },
  ])
  t.equal((await listAccounts(it.db)).length, before, 'nothing is opened')
  const applied = await it.apply(csv)
  t.equal(applied.status, 201)
  const { items, known } = applied.json as unknown as ImportedPeople
  t.equal(known, 1)
  t.match(items, [
    { username: 'ioana.pop', name: 'Ioana Pop', expiresAt: /Z$/ },
    { username: 'dan.lup', name: 'Dan Lup' },
  ])
  for (const { code } of items)
    t.match(await openActivation(it.db, code, 'a browser'), { ok: true }, 'the code opens')
  t.match(await levelsOf(it, 'ioana.pop'), [{ skill: 'general', level: 1 }])
  t.match(await levelsOf(it, 'dan.lup'), [{ skill: 'general', level: 3 }])
  const { id } = it.people.admin
  const row = await it.db
    .selectFrom('account_activations')
    .select('by')
    .where('account', '=', (await accountByUsername(it.db, 'dan.lup'))?.id ?? id)
    .executeTakeFirst()
  t.equal(row?.by, id, 'the administrator is on record')
  const again = (await it.apply(csv)).json as unknown as ImportedPeople
  t.match(again, { items: [], known: 3 }, 'repeated, nobody gets another code')
  for (const { code } of items) t.notMatch(it.log.join('\n'), code)
})

t.test('one wrong row, and nobody is opened; each fault has its line and column', async (t) => {
  const it = await served(t)
  await addAccount(it.db, { username: 'vechi', name: 'Vechi', employer: 'Veche SRL', roles: ['agent'] })
  await endContract(it.db, 'Veche SRL', null)
  const csv = [
    'username,name,roles,employer,skills',
    'eva.dan,Eva Dan,agent,,general:3',
    'Trunk,,operator,,acte:2',
    'eva.dan,Eva,administrator agent,,general:9',
    'ion.sef,Ion Șef,agent supervisor,,',
    'ion.vechi,Ion Vechi,agent,Veche SRL,,mai mult',
  ].join('\n')
  const { items } = (await it.check(csv)).json as unknown as CheckedPeople
  t.strictSame(
    items.map(({ line, faults }) => [line, faults.map(({ column, code }) => `${column}: ${code}`)]),
    [
      [2, []],
      [
        3,
        [
          'username: username not usable',
          'name: name not usable',
          'roles: unknown role',
          'skills: unknown skill',
        ],
      ],
      [4, ['username: username twice', 'roles: roles not together', 'skills: wrong level']],
      [5, ['roles: role of two']],
      [6, ['null: too many cells', 'employer: contract ended']],
    ],
  )
  t.match(await it.apply(csv), { status: 409, json: { code: 'people-file-wrong' } })
  t.equal(await accountByUsername(it.db, 'eva.dan'), null)
})

t.test('a closed account is a fault, and nobody is opened', async (t) => {
  const it = await served(t)
  const closed = { username: 'plecat', name: 'Plecat', employer: 'Primăria', roles: ['agent'] } as const
  const added = await addAccount(it.db, closed)
  if (!added.ok) throw new Error(added.why)
  await closeAccount(it.db, added.account.id, null)
  const csv = 'username,name\nPlecat,Alt Om\nnou.om,Nou Om\n'
  t.match((await it.check(csv)).json, {
    items: [
      { state: 'wrong', faults: [{ column: 'username', code: 'account closed', value: 'plecat' }] },
      { state: 'new', faults: [] },
    ],
  })
  t.match(await it.apply(csv), { status: 409, json: { code: 'people-file-wrong' } })
  t.equal(await accountByUsername(it.db, 'nou.om'), null)
})

t.test('names and employers are spelled as in the form', async (t) => {
  const it = await served(t)
  const csv = `username,name,employer\ndan.lup,Dan  Lup,${'Primăria  Nouă'.normalize('NFD')}\n`
  t.match((await it.check(csv)).json, { items: [{ name: 'Dan Lup', employer: 'Primăria Nouă' }] })
  const long = `username,name,employer\ndan.lup,Dan Lup,${'x'.repeat(201)}\n`
  t.match((await it.check(long)).json, {
    items: [{ faults: [{ column: 'employer', code: 'employer not usable' }] }],
  })
})

t.test('files of another shape are refused in words', async (t) => {
  const it = await served(t)
  const many = Array.from({ length: 101 }, (_, at) => `a${at},A`).join('\n')
  for (const [csv, code] of [
    ['user,name\na,b\n', 'people-wrong-columns'],
    ['username,name\n', 'people-nobody'],
    ['username,name\n"a,b\n', 'people-not-csv'],
    [`username,name\n${many}`, 'people-too-many'],
    ['', 'validation'],
  ] as const)
    t.match(await it.check(csv), { status: 400, json: { code } }, code)
  t.match(await it.apply('username,name\n'), { status: 409, json: { code: 'people-file-wrong' } })
})

t.test('administrators alone', async (t) => {
  const it = await served(t)
  const body = { csv: 'username,name\nx.y,X Y\n' }
  for (const person of ['agent01', 'super', 'audit', 'edit'] as const) {
    const as = await it.signIn(person)
    for (const path of ['/api/people-import/check', '/api/people-import'])
      t.equal((await it.ask('POST', path, { as, body })).status, 403, person)
  }
  t.equal((await it.ask('POST', '/api/people-import', { body })).status, 401)
  t.equal(await accountByUsername(it.db, 'x.y'), null)
})
