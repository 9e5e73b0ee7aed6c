import { sql } from 'kysely'
import t from 'tap'
import { webhookTypes } from '../../../src/city/webhooks/published-events.ts'
import { receiversMax } from '../../../src/city/webhooks/receiver-limits.ts'
import type { AgentId } from '../../../src/core/ids.ts'
import { journalRows } from '../../../src/ledger/journal/row-check.ts'
import { openReceiver } from '../../../src/ledger/webhooks/receivers.ts'
import { addAccount, closeAccount } from '../../../src/people/accounts.ts'
import { sealWith } from '../../../src/people/sign-in/sealed.ts'
import {
  addReceiver,
  changeReceiver,
  endReceiver,
  listReceivers,
  openedSecret,
  renewSecret,
} from '../../../src/people/webhooks/receivers.ts'
import { quickHash } from '../../support/passwords.ts'
import { testDatabase } from '../../support/postgres.ts'

const { db } = await testDatabase(t)
const seal = sealWith('seals the secrets of the tests, long enough', 'webhooks')
const admin = await account('admin', 'administrator')
const another = await account('admin2', 'administrator')
const supervisor = await account('carmen', 'supervisor')
const fields = { name: 'CRM', url: 'https://crm.example/969', types: webhookTypes }
const decision = { by: admin, reason: 'contract CRM nr. 12' }

async function account(username: string, role: 'administrator' | 'supervisor'): Promise<AgentId> {
  const person = { username, name: username, employer: 'Primăria', roles: [role], password: 'o parolă lungă' }
  const added = await addAccount(db, person, quickHash)
  if (!added.ok) throw new Error(added.why)
  return added.account.id
}

async function added(name: string) {
  const answer = await addReceiver(db, seal, { ...fields, name }, decision)
  if (!answer.ok) throw new Error(answer.why)
  return { ...answer, seen: await seenOf(answer.id) }
}

async function seenOf(id: string) {
  const open = await openReceiver(db, id)
  if (open === null) throw new Error('not open')
  return { id, version: open.version }
}

const secretNow = async (id: string) => openedSecret(seal, (await openReceiver(db, id))!.secret, id)
const listed = async () =>
  (await db.selectFrom('webhook_receivers').selectAll().orderBy('id').execute()) as readonly {
    readonly id: string
    readonly event_types: readonly string[]
  }[]
/** All that the database keeps of the register, as text. */
const kept = async (): Promise<string> => {
  const { rows } = await sql<{ row: string }>`
    select to_jsonb(v)::text as row from webhook_receiver_versions v
    union all select e.entry from journal_entries e`.execute(db)
  return rows.map(({ row }) => row).join('\n')
}

t.test('a receiver is added, changed and ended; each version stays on record', async (t) => {
  const { id, secret, seen } = await added('CRM')
  t.match(secret, /^whsec_[A-Za-z\d+/]{43}=$/)
  t.match(await listReceivers(db), [
    { id, name: 'CRM', url: fields.url, types: webhookTypes, changedBy: 'admin', reason: decision.reason },
  ])
  t.ok((await listed()).find((one) => one.id === id)?.event_types.includes('OfferMade'))
  const change = { name: 'CRM nou', url: 'https://crm2.example/969', types: ['call.ended'] as const }
  t.match(await changeReceiver(db, seen, change, { by: admin, reason: 'mutat' }), { ok: true })
  t.match(await listReceivers(db), [{ id, ...change, reason: 'mutat' }])
  t.strictSame(
    (await listed()).find((one) => one.id === id)?.event_types,
    [],
    'no event of the record leads to its messages',
  )
  t.equal(await secretNow(id), secret, 'the secret stays')
  t.match(await endReceiver(db, await seenOf(id), { by: admin, reason: 'nu mai e folosit' }), { ok: true })
  t.strictSame(await listReceivers(db), [])
  t.strictSame(await listed(), [])
  const versions = await db
    .selectFrom('webhook_receiver_versions')
    .select(['name', 'closed', 'by'])
    .where('receiver', '=', id)
    .orderBy('id')
    .execute()
  t.strictSame(versions, [
    { name: 'CRM', closed: false, by: admin },
    { name: 'CRM nou', closed: false, by: admin },
    { name: 'CRM nou', closed: true, by: admin },
  ])
  t.match(await changeReceiver(db, seen, fields, decision), { ok: false, why: 'no such receiver' })
})

t.test('a secret is kept sealed, and a renewed one takes its place', async (t) => {
  const { id, secret, seen } = await added('sealed')
  t.equal(await secretNow(id), secret)
  const renewed = await renewSecret(db, seal, seen, { by: admin, reason: 'pierdut' })
  if (!renewed.ok) throw new Error(renewed.why)
  t.not(renewed.secret, secret)
  t.equal(await secretNow(id), renewed.secret)
  await journalRows(db, 1_000)
  const all = await kept()
  t.match(all, '"register":"webhook_receiver_versions"', 'the register is journalled')
  for (const one of [secret, renewed.secret]) {
    const key = Buffer.from(one.slice('whsec_'.length), 'base64')
    for (const text of [one, key.toString('base64'), key.toString('hex')]) t.notMatch(all, text)
  }
  const open = await openReceiver(db, id)
  const other = await added('other')
  t.equal(openedSecret(seal, open!.secret, other.id), null, 'it opens for its own receiver alone')
  t.equal(
    openedSecret(sealWith('another key of the server, long enough', 'webhooks'), open!.secret, id),
    null,
  )
  t.equal(openedSecret(sealWith('seals the secrets of the tests, long enough'), open!.secret, id), null)
  for (const one of await listReceivers(db)) await endReceiver(db, one, decision)
})

t.test('of two changes of one version the second is refused', async (t) => {
  const { seen, id } = await added('twice')
  // A connection that is opened only then would come after the first change.
  await Promise.all(Array.from({ length: 5 }, () => sql`select pg_sleep(0.1)`.execute(db)))
  const answers = await Promise.all([
    changeReceiver(db, seen, { ...fields, name: 'unu' }, decision),
    // By others: an administrator's own changes wait for each other anyway.
    changeReceiver(db, seen, { ...fields, name: 'doi' }, { ...decision, by: another }),
    renewSecret(db, seal, seen, { ...decision, by: another }),
    endReceiver(db, seen, decision),
  ])
  t.equal(answers.filter(({ ok }) => ok).length, 1)
  const refused = new Set(answers.flatMap((answer) => (answer.ok ? [] : [answer.why])))
  for (const why of refused) t.ok(why === 'changed meanwhile' || why === 'no such receiver', why)
  if ((await openReceiver(db, id)) !== null) await endReceiver(db, await seenOf(id), decision)
})

t.test('two open receivers never have the same name, and there are ten at most', async (t) => {
  const first = await added('CRM')
  t.match(await addReceiver(db, seal, { ...fields, name: 'crm' }, decision), { why: 'name taken' })
  const second = await added('ERP')
  t.match(await changeReceiver(db, second.seen, { ...fields, name: 'Crm' }, decision), { why: 'name taken' })
  t.match(await changeReceiver(db, first.seen, { ...fields, name: 'Crm' }, decision), { ok: true }, 'its own')
  for (let no = 2; no < receiversMax; no += 1) await added(`nr. ${no}`)
  t.match(await addReceiver(db, seal, { ...fields, name: 'prea mult' }, decision), { why: 'too many' })
})

t.test('only an administrator whose account is open decides', async (t) => {
  const [some] = await listReceivers(db)
  const refused = { ok: false, why: 'not allowed' }
  const by = { by: supervisor, reason: 'x' }
  t.match(await addReceiver(db, seal, fields, by), refused)
  t.match(await changeReceiver(db, some!, fields, by), refused)
  t.match(await renewSecret(db, seal, some!, by), refused)
  t.match(await endReceiver(db, some!, by), refused)
  const former = await account('former', 'administrator')
  await closeAccount(db, former, admin)
  t.match(await endReceiver(db, some!, { by: former, reason: 'x' }), refused)
})
