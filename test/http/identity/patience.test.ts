/** Impostors with patience: windows of a quarter, withheld numbers as one, searches that find nobody. */
import t from 'tap'
import { sql } from 'kysely'
import { attack } from '../../support/attack.ts'
import { openTestDatabase, testDatabase } from '../../support/postgres.ts'
import { answered, search, startConversation } from '../conversation.ts'
import { serve, type Served } from '../serve.ts'
import { FakeFiscal } from '../taxes/fake-fiscal.ts'
import { aCnp, anAccount } from '../taxes/taxpayers.ts'

const account = anAccount()

async function cityHall(t: Parameters<typeof serve>[0]) {
  const cnp = aCnp()
  const { db, adminUrl } = await testDatabase(t)
  const served = await serve(t, { db, fiscal: new FakeFiscal({ [cnp]: account }) })
  const admin = openTestDatabase(adminUrl)
  t.teardown(() => admin.destroy())
  const agent = await served.signIn('agent01')
  const form = { name: account.name, address: account.address, identifier: cnp }
  return { served, admin, agent, form }
}

type City = Awaited<ReturnType<typeof cityHall>>

/** A call that answers wrongly as often as it may; how far it came. */
async function tryOnce({ served, agent, form }: City, number: string | null) {
  const line = await startConversation(served, 'agent01', { as: agent, number })
  const found = await search(served, agent, form)
  const handle = String(found.json['handle'])
  const outcome =
    found.json['outcome'] === 'match'
      ? (await answered(served, agent, handle, account, 'wrong')).json
      : found.json
  line.hangsUp()
  return String(outcome['why'] ?? outcome['verdict'] ?? outcome['outcome'])
}

/** Everything on record about identity becomes older, as a superuser's clock would have it. */
async function daysPass({ admin }: City, days: number): Promise<void> {
  await admin.transaction().execute(async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx)
    for (const table of ['identity_searches', 'identity_checks', 'identity_verdicts', 'identity_locks']) {
      await sql`alter table ${sql.table(table)} disable trigger a_change`.execute(trx)
      await sql`update ${sql.table(table)} set recorded_at = recorded_at - make_interval(days => ${days})`.execute(
        trx,
      )
      await sql`alter table ${sql.table(table)} enable always trigger a_change`.execute(trx)
    }
    if (
      (
        await sql`select from information_schema.columns where table_name = 'identity_locks' and column_name = 'until'`.execute(
          trx,
        )
      ).rows.length > 0
    ) {
      await sql`alter table identity_locks disable trigger a_change`.execute(trx)
      await sql`update identity_locks set until = until - make_interval(days => ${days})`.execute(trx)
      await sql`alter table identity_locks enable always trigger a_change`.execute(trx)
    }
  })
}

await attack(
  t,
  {
    attack: 'an impostor with a withheld number calls twice a day for ten days',
    before: '20 of 20 calls got their questions; no lock',
    now: '3 calls: two on the first day, one more in the month',
  },
  async (t) => {
    const city = await cityHall(t)
    const got: string[] = []
    for (let day = 0; day < 10; day += 1) {
      got.push(await tryOnce(city, null), await tryOnce(city, null))
      await daysPass(city, 1)
    }
    t.comment(got.join(', '))
    t.equal(got.filter((one) => one === 'failed').length, 3)
    t.equal(got.at(-1), 'number locked')
    await daysPass(city, 30)
    t.equal(await tryOnce(city, null), 'failed', 'the fourth of the quarter')
    t.equal(await tryOnce(city, null), 'number locked')
  },
)

await attack(
  t,
  {
    attack: 'one impostor with one phone closes a citizen’s telephone channel',
    before: 'three calls of an impostor locked the channel for the citizen too',
    now: 'the impostor’s number is locked; the citizen’s is not',
  },
  async (t) => {
    const city = await cityHall(t)
    const { served, agent, form } = city
    const got = []
    for (let call = 0; call < 5; call += 1) got.push(await tryOnce(city, '+40721000001'))
    t.comment(got.join(', '))
    t.same(got, ['failed', 'failed', 'number locked', 'number locked', 'number locked'])
    await startConversation(served, 'agent01', { as: agent, number: '+40721000002' })
    const found = await search(served, agent, form)
    const verdict = await answered(served, agent, String(found.json['handle']), account, 'right')
    t.match(verdict.json, { verdict: 'passed' })
    const board = await served.signIn('super')
    const { json } = await served.ask('GET', '/api/identity/locks', { as: board })
    const [lock] = json['items'] as { id: number; inForce: boolean; until: string; calls: object[] }[]
    t.match(lock, { inForce: true, until: /^20/, calls: [{ caller: '+40721000001' }, {}] })
    const unlock = await served.ask('POST', `/api/identity/locks/${lock?.id}/unlock`, {
      as: board,
      body: { reason: 'S-a prezentat la ghișeu cu actul de identitate' },
    })
    t.equal(unlock.status, 204, 'the recourse: at the counter')
    t.equal(await tryOnce(city, '+40721000001'), 'failed', 'what went before no longer counts')
  },
)

await attack(
  t,
  {
    attack: 'a caller with a withheld number tries a person’s CNP, eight a call',
    before: '24 of 24 searches in three calls were answered, and nothing counted them',
    now: '12 a day for one name; the rest is refused, and supervisors are alerted',
  },
  async (t) => {
    const city = await cityHall(t)
    const { served, agent, form } = city
    const answers: number[] = []
    for (let call = 0; call < 3; call += 1) {
      const line = await startConversation(served, 'agent01', { as: agent, number: null })
      for (let guess = 0; guess < 8; guess += 1)
        answers.push((await search(served, agent, { ...form, identifier: aCnp() })).status)
      line.hangsUp()
    }
    t.comment(answers.join(' '))
    t.equal(answers.filter((status) => status === 200).length, 12)
    t.equal(answers.at(-1), 429)
    const { json } = await served.ask('GET', '/api/identity/alerts', { as: await served.signIn('super') })
    t.match(json['numbers'], [{ number: null, fruitless: 12 }])
    await startConversation(served, 'agent01', { as: agent, number: null })
    const other = await search(served, agent, { ...form, name: 'Altcineva Anume', identifier: aCnp() })
    t.equal(other.json['outcome'], 'no match', 'another name is not kept out')
  },
)

await attack(
  t,
  {
    attack: 'a caller who knows the CNP tries the person’s addresses',
    before: '6 of 6 calls were answered; the right address was found in the sixth',
    now: 'two calls a day, then this number gets no answer, not even to the right address',
  },
  async (t) => {
    const city = await cityHall(t)
    const { served, agent, form } = city
    const got: string[] = []
    for (let call = 1; call <= 6; call += 1) {
      const line = await startConversation(served, 'agent01', { as: agent, number: '+40721000003' })
      const address = call === 6 ? form.address : `Strada Ghicită nr. ${call}`
      got.push(String((await search(served, agent, { ...form, address })).json['outcome']))
      line.hangsUp()
    }
    t.comment(got.join(', '))
    t.same(got.slice(0, 2), ['no match', 'no match'])
    t.same(got.slice(2), ['number locked', 'number locked', 'number locked', 'number locked'])
  },
)

async function beganMsBefore(served: Served): Promise<number> {
  const row = await served.db
    .selectFrom('identity_searches')
    .select(['began_at as began', 'recorded_at as at'])
    .orderBy('recorded_at', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  return row.at - row.began
}

await attack(
  t,
  {
    attack: 'a browser says that the caller said their CNP in no time, so that the recording keeps it',
    before: 'typingMs 0 was believed: the silence began with the search, after the CNP was said',
    now: 'the server’s clock decides: at least a minute before the search',
  },
  async (t) => {
    const { served, agent, form } = await cityHall(t)
    await startConversation(served, 'agent01', { as: agent })
    await search(served, agent, { ...form, typingMs: 0 })
    const silenced = await beganMsBefore(served)
    t.comment(`silenced from ${silenced} ms before the search`)
    t.ok(silenced >= 59_000)
  },
)

t.test('the silence begins where the agent begins to type, by the server’s clock', async (t) => {
  const city = await cityHall(t)
  const { served, agent, form, admin } = city
  t.equal((await served.ask('POST', '/api/identity/beginnings', { as: agent })).status, 409, 'not in a call')
  const line = await startConversation(served, 'agent01', { as: agent })
  t.equal((await served.ask('POST', '/api/identity/beginnings', { as: agent })).status, 204)
  await admin.transaction().execute(async (trx) => {
    await sql`alter table identity_beginnings disable trigger a_change`.execute(trx)
    await sql`update identity_beginnings set recorded_at = recorded_at - interval '3 minutes'`.execute(trx)
    await sql`alter table identity_beginnings enable always trigger a_change`.execute(trx)
  })
  await search(served, agent, form)
  const first = await beganMsBefore(served)
  t.ok(first >= 180_000 && first < 200_000, `${first} ms`)
  await search(served, agent, form)
  const second = await beganMsBefore(served)
  t.ok(
    second >= 59_000 && second < 70_000,
    `the beginning of an earlier search is not this one’s: ${second} ms`,
  )
  line.hangsUp()
})
