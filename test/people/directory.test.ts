import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { sql } from 'kysely'
import t from 'tap'
import { usualPauses } from '../../src/core/configuration/pauses.ts'
import type { Configuration, OutboundSetting } from '../../src/core/configuration/schema.ts'
import { AgentId } from '../../src/core/ids.ts'
import { defaultLineHours, openingAt, parseLineHours } from '../../src/core/opening-hours.ts'
import { levelFor } from '../../src/core/routing.ts'
import { accountByUsername, addAccount, closeAccount, listAccounts } from '../../src/people/accounts.ts'
import { declare, type DeclaredDay } from '../../src/people/declared-days.ts'
import { closedDays } from '../../src/people/holidays.ts'
import { seedAccounts } from '../../tools/demo/seed/accounts.ts'
import { serveEveryQueue } from '../../src/people/skills/agent-skills.ts'
import { changeConfiguration } from '../support/configuration.ts'
import { quickHash } from '../support/passwords.ts'
import { testDatabase } from '../support/postgres.ts'
import { until } from '../support/until.ts'
import { openedDirectory } from './opened-directory.ts'

const database = await testDatabase(t)
const { db } = database
const seeded = await seedAccounts(db, { passwordOf: (username) => `parola lui ${username}`, hash: quickHash })

void t.test(
  'the demo has accounts with invented names and diacritics, and seeding again changes nothing',
  async (t) => {
    const count = (role: string) => seeded.filter((person) => person.role === role).length
    t.strictSame(['agent', 'supervisor', 'administrator', 'auditor', 'editor'].map(count), [24, 2, 1, 1, 2])
    t.equal(new Set(seeded.map((person) => person.name)).size, seeded.length)
    t.match(seeded.map((person) => person.name).join(), /[șțăâî]/)
    t.notMatch(seeded.map((person) => person.name).join(), /[şţ]/, 'comma below, not cedilla')
    const before = await listAccounts(db)
    await seedAccounts(db, { passwordOf: () => 'another', hash: quickHash })
    t.strictSame(await listAccounts(db), before)
    t.not(
      before.find((one) => one.username === 'agent01')?.employer,
      before.find((one) => one.username === 'admin01')?.employer,
    )
  },
)

void t.test('agents come with their skills, queues with their lines', async (t) => {
  const { directory } = await openedDirectory(t, database.appUrl)
  const everybody = directory.agents()
  t.equal(everybody.filter(({ isAgent = true }) => isAgent).length, 24)
  t.match(
    everybody.filter(({ isAgent }) => isAgent === false),
    [
      { username: 'supervisor01', skills: {} },
      { username: 'supervisor02', skills: {} },
    ],
    'supervisors have phones, and serve no queue',
  )
  t.match(directory.agentByUsername('agent01'), { username: 'agent01', skills: { general: Number } })
  t.equal(directory.agentByUsername('admin01'), undefined)
  t.match(directory.queues(), [
    {
      id: 'general',
      name: 'Informații generale',
      nameEn: 'General information',
      skill: 'general',
      levelMin: 1,
      priority: 10,
    },
    { id: 'taxe' },
  ])
  t.equal(directory.queueOf('969').id, 'general')
  t.equal(directory.queueOf('unknown').id, 'general')
})

void t.test('without the demo 969 has a queue, and an added agent serves it', async (t) => {
  const bare = await testDatabase(t)
  const account = {
    username: 'maria.pop',
    name: 'Maria Pop',
    employer: 'Glas Contact SRL',
    roles: ['agent'],
  } as const
  const added = await addAccount(bare.db, { ...account, password: 'o parolă lungă' }, quickHash)
  if (!added.ok) throw new Error(added.why)
  await serveEveryQueue(bare.db, added.account.id)
  const { directory } = await openedDirectory(t, bare.appUrl)
  const queue = directory.queueOf('969')
  t.same(directory.queues(), [queue], 'a queue in which somebody can be offered')
  const maria = directory.agentByUsername('maria.pop')
  t.equal(maria === undefined ? null : levelFor(maria, queue), 1)
})

void t.test('a change in the database is visible at once', async (t) => {
  const { directory, copyFile } = await openedDirectory(t, database.appUrl)
  let changes = 0
  directory.onChange(() => (changes += 1))
  await lead969To('taxe')
  await until(() => directory.queueOf('969').id === 'taxe')
  await lead969To('general')
  await until(() => directory.queueOf('969').id === 'general')
  const leaving = await accountByUsername(db, 'agent24')
  await closeAccount(db, leaving?.id ?? AgentId(''), null)
  await until(() => directory.agentByUsername('agent24') === undefined)
  t.ok(changes >= 3)
  await until(() => !readFileSync(copyFile, 'utf8').includes('agent24'))
})

void t.test('a declared day is closed, or open again; the newest declaration counts', async (t) => {
  const { directory, copyFile } = await openedDirectory(t, database.appUrl)
  const parsed = parseLineHours(defaultLineHours)
  const closed = closedDays(directory)
  const opening = () => openingAt(parsed.ok ? parsed.hours : { kind: 'always' }, closed(noon), noon).open
  // A Tuesday.
  const noon = Date.parse('2026-11-24T10:00:00Z')
  const date = '2026-11-24'
  t.equal(opening(), true)
  const declared = (day: DeclaredDay) => declare(db, { ...day, basedOn: null }, { by: null, now: noon })
  t.match(await declared({ date, closed: true, reason: 'punte' }), { ok: true })
  await until(() => !opening())
  await until(() => readFileSync(copyFile, 'utf8').includes('punte'))
  const away = await openedDirectory(t, 'postgresql://nobody:x@127.0.0.1:1/none', copyFile)
  t.strictSame(away.directory.declaredDays(), [{ date, closed: true, reason: 'punte' }], 'from the copy')
  t.match(await declared({ date, closed: false, reason: '' }), { ok: true })
  await until(opening)

  // St Andrew's, a Monday.
  const holiday = Date.parse('2026-11-30T10:00:00Z')
  t.ok(closed(holiday).has('2026-11-30'))
  t.match(await declared({ date: '2026-11-30', closed: false, reason: 'alegeri' }), { ok: true })
  await until(() => !closed(holiday).has('2026-11-30'))
  const reasonless = { day: date, closed: true, reason_digest: null, by: null }
  await t.rejects(
    db.insertInto('declared_days').values(reasonless).execute(),
    { code: '23514' },
    'without a reason',
  )
})

void t.test('a copy without declared days, of an earlier version, is read', async (t) => {
  const { directory, copyFile } = await openedDirectory(t, database.appUrl)
  await until(() => existsSync(copyFile))
  const { days: _, ...older } = JSON.parse(readFileSync(copyFile, 'utf8')) as Record<string, unknown>
  writeFileSync(copyFile, JSON.stringify(older))
  const later = await openedDirectory(t, 'postgresql://nobody:x@127.0.0.1:1/none', copyFile)
  t.strictSame(later.directory.agents(), directory.agents())
  t.strictSame(later.directory.declaredDays(), [])
})

void t.test(
  'the reasons for pauses change at once, and hold without a database; removed ones keep their names',
  async (t) => {
    const { directory, copyFile } = await openedDirectory(t, database.appUrl)
    t.same(directory.pauses().offered, usualPauses)
    const offer = (...ids: string[]) =>
      changeConfiguration(db, (document) => ({
        ...document,
        pauses: ids.map((id) => ({ id, name: `„${id}”` })),
      }))
    await offer('masa', 'curs')
    await until(() => directory.pauses().offered.some(({ id }) => id === 'curs'))
    await offer('masa')
    await until(() => directory.pauses().former.some(({ id }) => id === 'curs'))
    await until(
      () => (JSON.parse(readFileSync(copyFile, 'utf8')) as Copied).configuration.pauses?.length === 1,
    )
    const away = await openedDirectory(t, 'postgresql://nobody:x@127.0.0.1:1/none', copyFile)
    t.strictSame(away.directory.pauses(), directory.pauses())
    t.match(away.directory.pauses(), {
      offered: [{ id: 'masa', name: '„masa”' }],
      former: [{ id: 'curs', name: '„curs”' }, { id: 'break' }],
    })
    const { pauseNames: _, ...older } = JSON.parse(readFileSync(copyFile, 'utf8')) as Record<string, unknown>
    writeFileSync(copyFile, JSON.stringify(older))
    const later = await openedDirectory(t, 'postgresql://nobody:x@127.0.0.1:1/none', copyFile)
    t.same(later.directory.pauses().offered, [{ id: 'masa', name: '„masa”' }], 'a copy of an earlier version')
    await offer()
    await until(() => directory.pauses().offered.length === usualPauses.length)
  },
)

void t.test(
  'rules for calls to citizens follow a publication, and are kept without a database',
  async (t) => {
    const { directory, copyFile } = await openedDirectory(t, database.appUrl)
    t.equal(directory.outbound(), null)
    const outbound: OutboundSetting = {
      allowed: ['+4031'],
      agents: 'returns',
      supervisors: 'any',
      perHour: 5,
      perHourAll: 50,
    }
    await changeConfiguration(db, (document) => ({ ...document, outbound }))
    await until(() => directory.outbound() !== null)
    t.same(directory.outbound(), outbound)
    await until(() => readFileSync(copyFile, 'utf8').includes('+4031'))
    const away = await openedDirectory(t, 'postgresql://nobody:x@127.0.0.1:1/none', copyFile)
    t.same(away.directory.outbound(), outbound)
    await changeConfiguration(db, ({ numbers, queues, hours }) => ({ numbers, queues, hours }))
    await until(() => directory.outbound() === null)
  },
)

void t.test('after a lost connection the directory reconnects and reads what it missed', async (t) => {
  const { directory } = await openedDirectory(t, database.appUrl)
  await until(async () => (await listeners()) > 0)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and query = 'listen directory'`.execute(db)
  await changeConfiguration(db, (document) => ({
    ...document,
    queues: document.queues.map((queue) =>
      queue.id === 'general' ? { ...queue, name: 'Informații' } : queue,
    ),
  }))
  await until(() => directory.queueOf('969').name === 'Informații')
})

void t.test(
  'without a database the last good copy is used, and a damaged or missing copy does not stop the start',
  async (t) => {
    const { directory, copyFile } = await openedDirectory(t, database.appUrl)
    const away = 'postgresql://nobody:x@127.0.0.1:1/none'
    const later = await openedDirectory(t, away, copyFile)
    t.strictSame(later.directory.agents(), directory.agents())
    t.strictSame(later.directory.queueOf('969'), directory.queueOf('969'))
    writeFileSync(copyFile, '{"agents":[{}]}')
    const damaged = await openedDirectory(t, away, copyFile)
    t.strictSame(damaged.directory.agents(), [])
    t.equal(damaged.directory.queueOf('969').id, 'general', 'there is always a queue')
    t.same(damaged.directory.numbers(), [], 'and nobody takes it for what the city has published')
  },
)

interface Copied {
  readonly configuration: Configuration
}

const lead969To = (queue: string): Promise<number> =>
  changeConfiguration(db, (document) => ({
    ...document,
    numbers: document.numbers.map((number) => ({ ...number, queue })),
  }))

async function listeners(): Promise<number> {
  const found = await sql<{ count: number }>`select count(*) as count from pg_stat_activity
    where datname = current_database() and query = 'listen directory'`.execute(db)
  return found.rows[0]?.count ?? 0
}
