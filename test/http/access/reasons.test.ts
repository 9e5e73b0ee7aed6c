/** What an agent sees without a reason, what a reason opens, for whom and for how long, and the alerts about it. */
import t from 'tap'
import { Value } from 'typebox/value'
import * as wire from '../../../src/http/access/wire.ts'
import { lampForm, registered, someone } from '../../ledger/requests/fixtures.ts'
import { testDatabase } from '../../support/postgres.ts'
import { attack } from '../../support/attack.ts'
import { startConversation } from '../conversation.ts'
import { serve, sign, type Served } from '../serve.ts'
import { finishedCall } from './finished-call.ts'

const number = '+40722300400'

const see = (served: Served, as: string, call: string) => served.ask('GET', `/api/calls/${call}`, { as })
const open = (served: Served, as: string, body: object) =>
  served.ask('POST', '/api/access', {
    as,
    body: { reason: 'citizen asks', text: 'e la ghișeu și întreabă', ...body },
  })

async function looksOf({ db, people }: Served, kind: string) {
  return db
    .selectFrom('journal_looks')
    .select(['about', 'query', 'call'])
    .where('account', '=', people.agent01.id)
    .where('kind', '=', kind as never)
    .orderBy('index')
    .execute()
}

t.test('the present caller’s calls and requests open without a reason, and are on record', async (t) => {
  const served = await serve(t)
  const { db, people } = served
  const earlier = await finishedCall(db, { agent: people.agent02.id, number })
  const theirs = (
    await registered(db, {
      agent: people.agent02.id,
      form: lampForm({ person: { ...someone, phone: number } }),
    })
  ).id
  const as = await served.signIn('agent01')
  t.equal((await see(served, as, earlier)).json['code'], 'needs-reason', 'nobody is on the line')
  const line = await startConversation(served, 'agent01', { as, number })
  t.equal((await see(served, as, line.call)).status, 200, 'the present call')
  const shown = await see(served, as, earlier)
  t.equal(shown.status, 200, shown.text)
  t.match(shown.text, /O notă despre/)
  t.equal((await served.ask('GET', `/api/requests/${theirs}`, { as })).status, 200)
  const listed = await served.ask('GET', `/api/calls?caller=${encodeURIComponent(number)}`, { as })
  t.ok((listed.json['items'] as { id: string }[]).some(({ id }) => id === earlier))
  t.match(await looksOf(served, 'call'), [{ about: earlier, query: 'present caller', call: line.call }])
  line.hangsUp()
  t.equal((await served.ask('GET', `/api/requests/${theirs}`, { as })).status, 200, 'during wrap-up')
})

t.test('a call that another agent ended stays open to the one who had it before', async (t) => {
  const served = await serve(t)
  const { agent01, agent02 } = served.people
  const number = '+40722000777'
  const handedOn = await finishedCall(served.db, { agent: agent02.id, first: agent01.id, number })
  const foreign = await finishedCall(served.db, { agent: agent02.id, number })
  const as = await served.signIn('agent01')
  const seen = await see(served, as, handedOn)
  t.match(seen.json['legs'], [{ agent: { id: agent01.id } }, { agent: { id: agent02.id } }])
  t.equal((await see(served, as, foreign)).json['code'], 'needs-reason')
  const { json } = await served.ask('GET', '/api/calls?limit=9', { as })
  t.match(json['items'], [{ id: handedOn, agent: { id: agent02.id } }], 'and is in their list')
  t.equal((json['items'] as unknown[]).length, 1)
})

t.test('a withheld number is nobody’s: no other withheld call opens', async (t) => {
  const served = await serve(t)
  const earlier = await finishedCall(served.db, { agent: served.people.agent02.id, number: null })
  const line = await startConversation(served, 'agent01', { number: null })
  t.equal((await see(served, line.as, earlier)).json['code'], 'needs-reason')
})

t.test('what was registered in a call goes along with it, also when the number is withheld', async (t) => {
  const served = await serve(t, { db: (await testDatabase(t)).db })
  const { db, people, ask, signIn } = served
  const line = await startConversation(served, 'agent01', { number: null })
  const form = lampForm({ person: { ...someone, phone: '' } })
  const { id } = await registered(db, { agent: people.agent01.id, call: line.call, form })
  const elsewhere = await registered(db, { agent: people.agent01.id, form })
  const as = await signIn('agent02')
  const get = (path: string) => ask('GET', path, { as })
  t.equal((await get(`/api/requests/${id}`)).json['code'], 'needs-reason', 'before the call is theirs')
  line.goesTo('agent02')
  t.equal((await get(`/api/requests/${id}`)).status, 200)
  t.match((await get(`/api/calls/${line.call}/registered-requests`)).json['items'], [
    { id, opens: true, own: false },
  ])
  const listed = (await get(`/api/calls/${line.call}/requests`)).json['items'] as { id: string }[]
  t.strictSame(
    listed.map((one) => one.id),
    [id],
  )
  t.equal((await get(`/api/requests/${elsewhere.id}`)).json['code'], 'needs-reason', 'of another call')
  const mine = await ask('GET', `/api/calls/${line.call}/registered-requests`, { as: line.as })
  t.match(mine.json['items'], [{ id, own: true }], 'the first agent’s own')
})

t.test('a reason opens one object, for one session, for 15 minutes', async (t) => {
  const served = await serve(t)
  const { db, people, state } = served
  const call = await finishedCall(db, { agent: people.agent02.id, number })
  const other = await finishedCall(db, { agent: people.agent02.id, number })
  const as = await served.signIn('agent01')
  const opened = await open(served, as, { object: 'call', id: call })
  t.equal(opened.status, 201, opened.text)
  t.equal((await see(served, as, call)).status, 200)
  t.equal((await see(served, as, other)).json['code'], 'needs-reason', 'one object')
  const elsewhere = await served.signIn('agent01')
  t.equal((await see(served, elsewhere, call)).json['code'], 'needs-reason', 'one session')
  const colleague = await served.signIn('agent02')
  t.equal((await see(served, colleague, call)).status, 200, 'their own')
  t.equal((await served.ask('GET', `/api/calls/${call}/recording`, { as })).status, 403, 'not the recording')
  t.equal(
    (await served.ask('PUT', `/api/calls/${call}/notes`, { as, body: { text: 'x' } })).json['code'],
    'not-your-call',
    'to see is not to write',
  )
  state.now = Date.now() + 15 * 60_000 + 1_000
  t.equal((await see(served, as, call)).json['code'], 'needs-reason', 'a bounded time')
  state.now = Date.now() - 365 * 86_400_000
  t.equal(
    (await see(served, as, call)).json['code'],
    'needs-reason',
    'a clock set back by a year opens nothing',
  )
  t.match(await looksOf(served, 'justified'), [{ about: call, query: 'citizen asks' }])
})

t.test('bad input: reasons that are none, objects that do not exist, roles that need none', async (t) => {
  const served = await serve(t)
  const as = await served.signIn('agent01')
  const call = await finishedCall(served.db, { agent: served.people.agent02.id, number })
  const body = { object: 'call', id: call }
  t.equal((await open(served, as, { ...body, text: '   ' })).json['code'], 'validation', 'blank')
  t.equal((await open(served, as, { ...body, text: 'x'.repeat(501) })).json['code'], 'validation')
  t.equal((await open(served, as, { ...body, text: 'a\u0000b c' })).json['code'], 'bad-text')
  t.equal((await open(served, as, { ...body, reason: 'curious' })).json['code'], 'validation')
  t.equal((await open(served, as, { ...body, object: 'account' })).json['code'], 'validation')
  t.equal((await open(served, as, { object: 'call', id: 'none' })).json['code'], 'no-such-call')
  t.equal((await open(served, as, { object: 'request', id: call })).json['code'], 'no-such-request')
  t.equal((await see(served, as, call)).json['code'], 'needs-reason', 'none of these opened it')
  for (const person of ['super', 'admin', 'audit', 'edit'] as const)
    t.equal((await open(served, await served.signIn(person), body)).status, 403, person)
})

t.test('supervisors and the auditor see calls by their role, and their looks are on record', async (t) => {
  const served = await serve(t)
  const { db, people } = served
  const call = await finishedCall(db, { agent: people.agent02.id, number })
  for (const person of ['super', 'audit'] as const) {
    const as = await served.signIn(person)
    t.equal((await served.ask('GET', '/api/calls?limit=5', { as })).status, 200)
    for (let again = 0; again < 3; again += 1) t.equal((await see(served, as, call)).status, 200)
    const looks = await db
      .selectFrom('journal_looks')
      .select(['kind', 'about'])
      .where('account', '=', people[person].id)
      .orderBy('index')
      .execute()
    t.strictSame(
      looks,
      [
        { kind: 'call-list', about: 'calls' },
        { kind: 'call', about: call },
      ],
      `${person}: a page that is refreshed is one look`,
    )
  }
})

t.test('each number that is listed is a look of its own, and a refreshed list is none', async (t) => {
  const served = await serve(t)
  const as = await served.signIn('super')
  for (const caller of [number, number, '+40722300401', '+40722300402'])
    await served.ask('GET', `/api/calls?caller=${encodeURIComponent(caller)}`, { as })
  const looks = await served.db
    .selectFrom('journal_looks')
    .select('index')
    .where('account', '=', served.people.super.id)
    .where('query', '=', 'one number')
    .execute()
  t.equal(looks.length, 3)
})

await attack(
  t,
  {
    attack: 'an agent without a signed agreement reads calls',
    before: '200: the list had the own and a colleague’s call, and both opened with their notes (200)',
    now: 'only the call that rings at their own desk',
  },
  async (t) => {
    const served = await serve(t)
    const { db, people } = served
    const own = await finishedCall(db, { agent: people.agent01.id, number })
    const as = await served.signIn('agent01')
    await db.insertInto('agreement_versions').values({ version: 99, text: 'un text nou', by: null }).execute()
    t.teardown(async () => {
      for (const account of Object.values(people))
        if (!account.roles.includes('administrator')) await sign(db, account)
    })
    t.match((await served.ask('GET', '/api/calls', { as })).json, { code: 'agreement-unsigned' })
    t.match((await see(served, as, own)).json, { code: 'agreement-unsigned' })
    const line = await startConversation(served, 'agent01', { as, number })
    t.equal((await see(served, as, line.call)).status, 200)
  },
)

t.test('searches by number alert outside of a call, not in one', async (t) => {
  const { db } = await testDatabase(t)
  const served = await serve(t, { db })
  const boss = await served.signIn('super')
  const alerts = async () => (await served.ask('GET', '/api/access/alerts', { as: boss })).json['items']
  const findMany = async (as: string, call: string | null) => {
    for (let number = 1; number <= 13; number += 1) {
      const body = { number: `CC2026-0000${number + 10}`, call }
      t.equal((await served.ask('POST', '/api/requests/find', { as, body })).status, 200)
    }
  }
  const line = await startConversation(served, 'agent02')
  await findMany(line.as, line.call)
  t.strictSame(await alerts(), [])
  await findMany(await served.signIn('agent01'), null)
  t.match(await alerts(), [{ account: { name: 'Ana Pop' }, reasons: 13 }])
})

t.test('many reasons within an hour alert supervisors and the auditor, who read the reasons', async (t) => {
  const served = await serve(t)
  const { db, people } = served
  const as = await served.signIn('agent02')
  const alertsFor = async (person: 'super' | 'audit') => {
    const answer = await served.ask('GET', '/api/access/alerts', { as: await served.signIn(person) })
    if (!Value.Check(wire.AccessAlerts, answer.json)) throw new Error(answer.text)
    return answer.json.items.filter(({ account }) => account.id === people.agent02.id)
  }
  t.strictSame(await alertsFor('super'), [])
  for (let time = 0; time < 13; time += 1) {
    const call = await finishedCall(db, { agent: people.agent01.id, number })
    t.equal(
      (await open(served, as, { object: 'call', id: call, reason: 'other', text: `nr ${time}` })).status,
      201,
    )
  }
  for (const person of ['super', 'audit'] as const)
    t.match(await alertsFor(person), [{ account: { name: 'Barbu Ionescu' }, reasons: 13 }])
  t.ok(served.log.some((line) => line.includes('unusually many looks')))
  const reasons = await served.ask('GET', '/api/access/reasons', { as: await served.signIn('audit') })
  t.ok(Value.Check(wire.StatedReasons, reasons.json))
  t.match((reasons.json['items'] as unknown[])[0], {
    account: { name: 'Barbu Ionescu' },
    object: 'call',
    reason: 'other',
    text: 'nr 12',
  })
  for (const person of ['agent01', 'edit', 'admin'] as const)
    for (const path of ['alerts', 'reasons'])
      t.equal(
        (await served.ask('GET', `/api/access/${path}`, { as: await served.signIn(person) })).status,
        403,
      )
})
