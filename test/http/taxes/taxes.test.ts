/** The account of a verified caller, section by section: contents, rights and access log. */
import t from 'tap'
import { sql } from 'kysely'
import { Value } from 'typebox/value'
import type { TaxAccount } from '../../../src/city/taxes/account.ts'
import { personMark } from '../../../src/city/journal/person.ts'
import * as wire from '../../../src/http/taxes/wire.ts'
import { debt } from '../../city/taxes/accounts.ts'
import { FakeFiscal } from './fake-fiscal.ts'
import { openTestDatabase, testDatabase } from '../../support/postgres.ts'
import { answered, startConversation, search } from '../conversation.ts'
import { serve } from '../serve.ts'
import { aCnp, anAccount, object } from './taxpayers.ts'

const personKey = 'marks the persons of the tests, long enough'
const names = ['objects', 'shares', 'reductions', 'due', 'paid'] as const

const owing = () =>
  anAccount({
    objects: [
      object('flat', {
        usefulArea: 55,
        share: { numerator: 1, denominator: 2 },
        coOwners: [{ name: 'Popescu Maria-Elena', share: { numerator: 1, denominator: 2 } }],
        reductions: [{ ground: 'venituri mici', percent: 50, from: '2024-01-01', to: null }],
        characteristics: [{ name: 'Camere', value: '2' }],
      }),
      object('garden', {
        kind: 'land',
        type: 'Teren intravilan',
        place: 'Calea Șagului nr. 100',
        acquired: '2009-02-01',
      }),
      object('car', { kind: 'vehicle', type: 'Autoturism', place: 'TM 12 ABQ', acquired: '2019-07-01' }),
    ],
    debts: [
      debt('flat', 2026, { lateCharges: 8_00 }),
      debt('flat', 2025, { lateCharges: 20_00, penalties: 1_00 }),
    ],
  })

async function verified(
  t: Parameters<typeof serve>[0],
  account: TaxAccount = owing(),
  change: Parameters<typeof serve>[1] = {},
) {
  const cnp = aCnp()
  const fiscal = new FakeFiscal({ [cnp]: account })
  const served = await serve(t, { fiscal, ...change })
  const caller = await startConversation(served, 'agent01')
  const found = await search(served, caller.as, {
    name: account.name,
    address: account.address,
    identifier: cnp,
  })
  const handle = String(found.json['handle'])
  const open = (section: string, as = caller.as) =>
    served.ask('GET', `/api/taxes/${handle}/${section}`, { as })
  const prove = async () => {
    const verdict = await answered(served, caller.as, handle, account, 'right')
    if (verdict.json['verdict'] !== 'passed') throw new Error(verdict.text)
  }
  const looks = () =>
    served.db
      .selectFrom('journal_looks')
      .select(['kind', 'account', 'call', 'about', 'query'])
      .where('person', '=', personMark(personKey, cnp))
      .where('kind', '=', 'section')
      .orderBy('index')
      .execute()
  return { served, fiscal, caller, cnp, account, open, prove, looks }
}

t.test('without a grant nothing is answered, queried or recorded', async (t) => {
  const { open, fiscal, looks } = await verified(t)
  const asked = fiscal.asked
  for (const name of names) {
    const answer = await open(name)
    t.match(answer, { status: 403, json: { code: 'no-grant' } }, name)
  }
  t.equal(fiscal.asked, asked)
  t.strictSame(await looks(), [])
})

t.test('each section fits its schema, and the access is recorded before it is sent', async (t) => {
  const { open, prove, looks, served, caller } = await verified(t)
  await prove()
  for (const name of names) {
    const answer = await open(name)
    t.equal(answer.status, 200, answer.text)
    t.ok(
      Value.Check(wire.TaxSection, answer.json),
      `${name}: ${[...Value.Errors(wire.TaxSection, answer.json)].map(({ message }) => message).join()}`,
    )
    t.match(answer.json, { section: name, asOf: '2026-11-24' })
    t.match(answer.json['say'], [{ digits: /^Situația la 24 noiembrie/, words: /^Situația la douăzeci/ }])
    t.equal(answer.headers.get('cache-control'), 'no-store')
  }
  t.strictSame(
    await looks(),
    names.map((about) => ({
      kind: 'section',
      account: served.people.agent01.id,
      call: caller.call,
      about,
      query: null,
    })),
  )
})

t.test('a section contains nothing of another: the objects have neither shares nor amounts', async (t) => {
  const { open, prove, cnp } = await verified(t)
  await prove()
  const textOf = async (name: string) => (await open(name)).text
  t.notMatch(await textOf('objects'), /Maria|numerator|venituri mici|\b20000\b|"tax"|receipt/)
  t.notMatch(await textOf('shares'), /venituri mici|\b20000\b|"tax"|receipt|ABQ nr/)
  t.notMatch(await textOf('reductions'), /Maria|\b20000\b|"tax"|receipt/)
  t.notMatch(await textOf('due'), /Maria|venituri mici|receipt/)
  t.notMatch(await textOf('paid'), /Maria|venituri mici|"tax"|instalments/)
  for (const name of names) t.notMatch(await textOf(name), new RegExp(cnp), 'never the complete identifier')
})

t.test('section due: late charges and penalties are separate, arrears are listed by year', async (t) => {
  const { open, prove } = await verified(t)
  await prove()
  const { json } = await open('due')
  t.match(json, {
    totals: {
      year: 2026,
      current: { tax: 200_00, balance: 200_00, overdue: 200_00 },
      arrears: [{ year: 2025, balance: 200_00 }],
      lateCharges: 28_00,
      penalties: 1_00,
      total: 429_00,
    },
    items: [{ object: 'flat', years: [{ year: 2026 }, { year: 2025 }] }],
  })
  t.strictSame((json as unknown as wire.DueSection).say.at(-1), {
    digits: 'În total, 429 de lei.',
    words: 'În total, patru sute douăzeci și nouă de lei.',
  })
})

t.test('sections are only for the call’s agent, during the call, for a quarter of an hour', async (t) => {
  const { served, caller, open, prove, looks } = await verified(t)
  await prove()
  t.match(await open('due', await served.signIn('agent02')), { status: 409, json: { code: 'not-in-a-call' } })
  for (const user of ['super', 'admin', 'audit'] as const)
    t.match(await open('due', await served.signIn(user)), { status: 403 }, user)
  t.match(await served.ask('GET', '/api/taxes/0/due'), { status: 401 })
  served.state.now = Date.now() + 15 * 60_000
  t.match(await open('due'), { status: 403, json: { code: 'no-grant' } })
  served.state.now = null
  t.match(await open('due'), { status: 200 })
  caller.hangsUp()
  t.match(await open('due'), { status: 409, json: { code: 'not-in-a-call' } })
  t.equal((await looks()).length, 1)
})

t.test('after a transfer the receiving agent sees nothing before they confirm the person', async (t) => {
  const { served, caller, open, prove } = await verified(t)
  await prove()
  const other = await served.signIn('agent02')
  caller.goesTo('agent02')
  t.match(await open('due'), { status: 409 })
  t.match(await open('due', other), { status: 403, json: { code: 'no-grant' } })
})

t.test(
  'a colleague who is asked consults on the grant of the agent, under their own name, and checks nobody',
  async (t) => {
    const { served, caller, open, prove, looks, account, cnp } = await verified(t)
    const other = await served.signIn('agent02')
    const identity = async () => (await served.ask('GET', '/api/identity', { as: other })).json
    caller.asks('agent02', 'ringing')
    t.match(await identity(), { call: null, people: [] }, 'a phone that rings sees nobody')
    caller.asks('agent02', 'side')
    t.match(await identity(), { call: caller.call, people: [] }, 'nobody is verified yet')
    t.match(await open('due', other), { status: 403, json: { code: 'no-grant' } })
    const form = { name: account.name, address: account.address, identifier: cnp }
    t.match((await search(served, other, form)).json, { code: 'not-in-a-call' })
    await prove()
    t.match(await identity(), { people: [{ state: 'granted', who: null }] })
    t.match(await open('due', other), { status: 200 })
    t.match(await open('due'), { status: 200 }, 'the agent who asks keeps it')
    t.strictSame(
      (await looks()).map((look) => look.account),
      [served.people.agent02.id, served.people.agent01.id],
    )
    const { handle } = ((await identity())['people'] as { handle: string }[])[0] ?? { handle: '' }
    const confirm = await served.ask('POST', '/api/identity/confirmations', { as: other, body: { handle } })
    t.match(confirm.json, { code: 'not-in-a-call' })
    caller.asks('agent02', null)
    t.match(await open('due', other), { status: 409, json: { code: 'not-in-a-call' } })
    t.match(await open('due'), { status: 200 })
  },
)

t.test('if the call ends while the fiscal database is queried, nothing is sent or recorded', async (t) => {
  const { fiscal, caller, open, prove, looks } = await verified(t)
  await prove()
  const answer = fiscal.account.bind(fiscal)
  fiscal.account = async (taxpayer, parts) => {
    caller.hangsUp()
    return answer(taxpayer, parts)
  }
  t.match(await open('due'), { status: 409, json: { code: 'not-in-a-call' } })
  t.strictSame(await looks(), [])
})

t.test('if the access cannot be recorded, nothing of the account is sent', async (t) => {
  const database = await testDatabase(t)
  const admin = openTestDatabase(database.adminUrl)
  t.teardown(() => admin.destroy())
  const { open, prove, account } = await verified(t, owing(), { db: database.db })
  await prove()
  const role = sql.id(database.roles.app)
  await sql`revoke execute on function append_to_journal(json) from ${role}`.execute(admin)
  const answer = await open('due')
  t.match(answer, { status: 500, json: { code: 'internal' } })
  t.notMatch(answer.text, new RegExp(account.name))
  await sql`grant execute on function append_to_journal(json) to ${role}`.execute(admin)
  t.match(await open('due'), { status: 200 })
})

t.test(
  'an unavailable fiscal database or a missing account is answered with the reason, and not recorded',
  async (t) => {
    const { fiscal, open, prove, looks, cnp } = await verified(t)
    await prove()
    fiscal.away = true
    t.match(await open('due'), { status: 503, json: { code: 'fiscal-away', detail: /nu răspunde/ } })
    fiscal.away = false
    fiscal.taxpayers.delete(cnp)
    t.match(await open('due'), { status: 404, json: { code: 'no-such-match' } })
    t.strictSame(await looks(), [])
  },
)

t.test('malformed requests are refused', async (t) => {
  const { served, caller, open, prove } = await verified(t)
  await prove()
  t.match(await open('everything'), { status: 400 })
  t.match(
    await served.ask('GET', '/api/taxes/1850315351233/due', { as: caller.as }),
    { status: 404 },
    'no CNP is a handle',
  )
  t.match(
    await served.ask('POST', '/api/taxes/1/due', { as: caller.as, body: {} }),
    { status: 405 },
    'nothing can be written',
  )
})
