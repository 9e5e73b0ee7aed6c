import { sql } from 'kysely'
import t from 'tap'
import { AgentId } from '../../src/core/ids.ts'
import { changeAccount, closeOthersAccount } from '../../src/people/account-changes.ts'
import { accountPage } from '../../src/people/account-list.ts'
import { accountById, addAccount, listAccounts, type Account } from '../../src/people/accounts.ts'
import { endContract, listEmployers, renewContract } from '../../src/people/employers.ts'
import type { Role } from '../../src/people/roles.ts'
import { accountOfSession, openSession } from '../../src/people/sessions.ts'
import { quickHash } from '../support/passwords.ts'
import { openTestDatabase, testDatabase } from '../support/postgres.ts'

const database = await testDatabase(t)
const { db } = database

let count = 0

function adding(employer: string, roles: readonly Role[] = ['agent']) {
  count += 1
  const person = { username: `angajat${count}`, name: `Angajat ${count}`, employer, roles }
  return addAccount(db, { ...person, password: 'o parolă lungă' }, quickHash)
}

async function added(employer: string, roles?: readonly Role[]): Promise<Account> {
  const result = await adding(employer, roles)
  if (!result.ok) throw new Error(result.why)
  return result.account
}

const isOpen = async (account: Account) => (await accountById(db, account.id))?.closedAt === null

void t.test('ending a firm’s contract closes all its accounts and no others', async (t) => {
  const firm = [await added('Firma A'), await added('Firma A', ['supervisor'])]
  const other = await added('Firma B')
  const moved = await added('Firma A')
  await changeAccount(db, moved.id, { ...moved, employer: 'Firma B' }, null)
  const session = await openSession(db, { account: firm[0]!.id, method: 'password' })
  t.same(await endContract(db, 'Firma A', null), { ok: true, closed: 2 })
  for (const account of firm) t.notOk(await isOpen(account))
  t.equal(await accountOfSession(db, session!.token), null, 'their sessions are over')
  t.ok(await isOpen(other))
  t.ok(await isOpen(moved), 'who works for another firm by now stays')
  t.same(await endContract(db, 'Firma A', null), { ok: true, closed: 0 }, 'ending it again is no error')
  t.match(await listEmployers(db, 100), [
    { name: 'Firma A', accounts: 0, ended: true },
    { name: 'Firma B', accounts: 2, ended: false },
  ])
})

void t.test('no account is opened for, or moved to, a firm whose contract has ended', async (t) => {
  const [first, other] = [await added('Firma C'), await added('Firma D')]
  await endContract(db, 'Firma C', null)
  t.same(await adding('Firma C'), { ok: false, why: 'contract ended' })
  const refused = await changeAccount(db, other.id, { ...other, employer: 'Firma C' }, null)
  t.same(refused, { ok: false, why: 'contract ended' })
  t.ok(await isOpen(other))
  t.equal(await renewContract(db, 'Firma C', null), 'renewed')
  t.equal((await adding('Firma C')).ok, true)
  t.notOk(await isOpen(first), 'who was closed stays closed')
})

void t.test(
  'an unknown firm is reported, and administrators cannot end their own employer’s contract',
  async (t) => {
    t.same(await endContract(db, 'Nimeni SRL', null), { ok: false, why: 'unknown employer' })
    t.equal(await renewContract(db, 'Nimeni SRL', null), 'unknown employer')
    const boss = await added('Primăria E', ['administrator'])
    t.same(await endContract(db, 'Primăria E', boss.id), { ok: false, why: 'own employer' })
    t.ok(await isOpen(boss))
  },
)

void t.test('a change that began before an account was closed does not reopen it', async (t) => {
  const account = await added('Firma Z')
  await endContract(db, 'Firma Z', null)
  const { id, name, roles } = account
  const late = db
    .insertInto('account_versions')
    .values({ account: id, name, employer: 'Firma H', roles: [...roles], closed: false, by: null })
  await t.rejects(late.execute(), { code: '23514', constraint: 'closed_for_good' })
  t.notOk(await isOpen(account))
})

void t.test('accounts opened while the contract ends are closed with it or refused', async (t) => {
  const pool = openTestDatabase(database.appUrl, 12)
  t.teardown(() => pool.destroy())
  await added('Firma F')
  const opening = Array.from({ length: 10 }, (_, n) =>
    addAccount(pool, {
      username: `grabit${n}`,
      name: 'Grăbit',
      employer: 'Firma F',
      roles: ['agent'],
      password: 'x',
    }),
  )
  const [ended, ...outcomes] = await Promise.all([endContract(pool, 'Firma F', null), ...opening])
  t.ok(ended.ok)
  const left = (await listAccounts(db)).filter(
    ({ employer, closedAt }) => employer === 'Firma F' && closedAt === null,
  )
  t.same(left, [], `${outcomes.filter(({ ok }) => ok).length} were in time, and were closed`)
})

void t.test('no account can grant itself a role, not even by a direct insert', async (t) => {
  const boss = await added('Primăria G', ['administrator'])
  const agent = await added('Primăria G')
  const own = { ...agent, roles: ['agent', 'supervisor'] as const }
  t.same(await changeAccount(db, agent.id, own, agent.id), { ok: false, why: 'not allowed' })
  t.same(await changeAccount(db, boss.id, { ...boss, roles: ['auditor'] }, boss.id), {
    ok: false,
    why: 'own account',
  })
  t.equal(
    (await changeAccount(db, boss.id, { ...boss, name: 'Alt Nume' }, boss.id)).ok,
    true,
    'a name may be',
  )
  await t.rejects(
    sql`insert into account_versions (account, name, employer, roles, closed, by)
        values (${agent.id}, 'x', 'Primăria G', '{agent,supervisor}', false, ${agent.id})`.execute(db),
    { code: '23514', constraint: 'role_by_another' },
    'nor does a row that our own code would write wrongly',
  )
  t.equal(await closeOthersAccount(db, boss.id, boss.id), 'own account')
  const editing = { ...agent, roles: ['agent', 'editor'] as const }
  t.equal((await changeAccount(db, agent.id, editing, boss.id)).ok, true, 'another may')
  t.same((await accountById(db, agent.id))?.roles, ['agent', 'editor'])
  await t.rejects(
    changeAccount(db, agent.id, own, boss.id),
    /second administrator/,
    'but not power over others',
  )
})

void t.test('an administrator has no other role', async (t) => {
  t.same(await adding('Primăria H', ['administrator', 'agent']), { ok: false, why: 'roles not together' })
  const agent = await added('Primăria H')
  const both = { ...agent, roles: ['agent', 'administrator'] as const }
  t.same(await changeAccount(db, agent.id, both, null), { ok: false, why: 'roles not together' })
  await t.rejects(
    sql`insert into account_versions (account, name, employer, roles, closed)
        values (${agent.id}, 'x', 'Primăria H', '{agent,administrator}', false)`.execute(db),
    { code: '23514', constraint: 'administrator_alone' },
  )
})

void t.test('a refused change returns its reason', async (t) => {
  const agent = await added('Primăria I')
  const { name, employer, roles } = agent
  t.same(await changeAccount(db, AgentId('nobody'), agent, null), { ok: false, why: 'unknown account' })
  const versions = async () =>
    (await db.selectFrom('account_versions').select('id').where('account', '=', agent.id).execute()).length
  t.equal((await changeAccount(db, agent.id, { name, employer, roles }, null)).ok, true)
  t.equal(await versions(), 1, 'the same again is no new version')
  await endContract(db, 'Primăria I', null)
  t.same(await changeAccount(db, agent.id, { name: 'Alt', employer, roles }, null), {
    ok: false,
    why: 'account closed',
  })
})

void t.test('accounts are listed in pages, each once', async (t) => {
  const all = (await listAccounts(db)).map(({ username }) => username)
  const seen: string[] = []
  let after: string | null = null
  do {
    const page = await accountPage(db, { after, limit: 4 })
    seen.push(...page.items.map(({ username }) => username))
    after = page.next
  } while (after !== null)
  t.same(seen, all)
})
