/** An identity check reveals nothing of the expected answers, neither in its traffic nor in the log. */
import t from 'tap'
import { sql } from 'kysely'
import { openTestDatabase, testDatabase } from '../../support/postgres.ts'
import { FakeFiscal } from '../taxes/fake-fiscal.ts'
import { answered, startConversation } from '../conversation.ts'
import { serve, type Served } from '../serve.ts'
import { aCnp, aCompany, anAccount, poor, secretsOf, reveals } from '../taxes/taxpayers.ts'
import type { TaxAccount } from '../../../src/city/taxes/account.ts'

interface Traffic {
  /** URLs and bodies sent to the server. */
  readonly asked: string[]
  /** Status, headers and bodies received. */
  readonly answered: string[]
}

/** Records all traffic from now on, by wrapping `fetch`. */
function recorded(t: Parameters<typeof serve>[0]): Traffic {
  const traffic: Traffic = { asked: [], answered: [] }
  const fetchItself = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    traffic.asked.push(
      `${init?.method} ${new Request(input).url}`,
      typeof init?.body === 'string' ? init.body : '',
    )
    const response = await fetchItself(input, init)
    // A session token is random, and could contain a searched string by chance.
    const kept = [...response.headers].filter(([name]) => name !== 'set-cookie')
    const headers = kept.map((pair) => pair.join(': ')).join('\n')
    traffic.answered.push(`${response.status}\n${headers}\n${await response.clone().text()}`)
    return response
  }
  t.teardown(() => {
    globalThis.fetch = fetchItself
  })
  return traffic
}

async function checked(served: Served, account: TaxAccount, cnp: string, how: 'right' | 'wrong') {
  const { as } = await startConversation(served, 'agent01')
  const body = { name: account.name, address: account.address, identifier: cnp }
  const found = await served.ask('POST', '/api/identity/searches', { as, body })
  const handle = String(found.json['handle'])
  const verdicts = [
    await answered(served, as, handle, account, how),
    await answered(served, as, handle, account, how),
  ]
  await served.ask('GET', '/api/identity', { as })
  await served.ask('POST', '/api/identity/confirmations', { as, body: { handle } })
  return verdicts.map(({ json }) => json['verdict'] ?? json['state'])
}

for (const [name, makeAccount, makeCnp] of [
  ['a person', anAccount, aCnp],
  ['a firm', aCompany, () => '18547290'],
] as const) {
  for (const how of ['right', 'wrong'] as const) {
    t.test(`the traffic of a check that goes ${how} contains no expected answer: ${name}`, async (t) => {
      const account = makeAccount()
      const cnp = makeCnp()
      const served = await serve(t, { fiscal: new FakeFiscal({ [cnp]: account }) })
      const traffic = recorded(t)
      const verdicts = await checked(served, account, cnp, how)
      t.same(verdicts, how === 'right' ? ['passed', 'granted'] : ['failed', 'failed'])
      t.ok(traffic.answered.length >= 7)
      const back = traffic.answered.join('\n')
      const secrets = secretsOf(account)
      t.ok(secrets.length > 10)
      for (const secret of secrets) t.notOk(reveals(back, secret), `${secret} came back`)
      t.notOk(back.includes(cnp), 'the CNP is never sent back')
      t.notOk(back.includes(account.name), 'neither is the name')
      const urls = traffic.asked.filter((text) => /^[A-Z]+ http/.test(text))
      t.notOk(
        urls.some((url) => url.includes(cnp)),
        'no CNP in a URL',
      )
      t.equal(traffic.asked.filter((text) => text.includes(cnp)).length, 1, 'it is sent once, in the search')
      for (const line of served.log) {
        for (const secret of [cnp, account.name, ...secrets])
          t.notOk(reveals(line, secret), 'and it is not in the log')
      }
    })
  }
}

t.test(
  'failures, searches without a match and refusals have the same shape and give no reason',
  async (t) => {
    const account = poor()
    const cnp = aCnp()
    const served = await serve(t, { fiscal: new FakeFiscal({ [cnp]: account }) })
    const { as } = await startConversation(served, 'agent01')
    const ask = (identifier: string, name: string) =>
      served.ask('POST', '/api/identity/searches', {
        as,
        body: { name, address: account.address, identifier },
      })
    const unknown = await ask(aCnp(), account.name)
    const otherName = await ask(cnp, 'Georgescu Vasile')
    t.equal(unknown.text, otherName.text)
    const shape = (text: string) => text.replace(/[\d-]/g, '')
    t.equal(
      shape(String(unknown.headers.get('content-length'))),
      shape(String(otherName.headers.get('content-length'))),
    )
  },
)

t.test('nothing is answered while the access cannot be recorded', async (t) => {
  const { adminUrl, db } = await testDatabase(t)
  const admin = openTestDatabase(adminUrl)
  t.teardown(() => admin.destroy())
  const account = anAccount()
  const cnp = aCnp()
  const served = await serve(t, { db, fiscal: new FakeFiscal({ [cnp]: account }) })
  const { as } = await startConversation(served, 'agent01')
  const body = { name: account.name, address: account.address, identifier: cnp }
  const search = () => served.ask('POST', '/api/identity/searches', { as, body })
  const handle = String((await search()).json['handle'])
  await sql`alter function append_to_journal(json) rename to gone`.execute(admin)
  for (const answer of [
    await search(),
    await served.ask('POST', '/api/identity/checks', { as, body: { handle } }),
  ]) {
    t.ok(answer.status >= 500, answer.text)
    t.notMatch(answer.text, /handle|questions|match/)
  }
  await sql`alter function gone(json) rename to append_to_journal`.execute(admin)
  const asked = await served.ask('POST', '/api/identity/checks', { as, body: { handle } })
  t.match(asked.json, { state: 'asking' })
  await sql`alter function append_to_journal(json) rename to gone`.execute(admin)
  const check = Number(asked.json['check'])
  const given = { answers: [] }
  const verdict = await served.ask('POST', `/api/identity/checks/${check}/answers`, { as, body: given })
  t.ok(verdict.status >= 500)
  t.notMatch(verdict.text, /failed|passed/)
  const rows = await db.selectFrom('identity_verdicts').selectAll().execute()
  t.same(rows, [], 'and no verdict is stored without its record')
})
