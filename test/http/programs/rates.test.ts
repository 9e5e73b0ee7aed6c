/** The rate of a program's token: held by all nodes, told in each answer, and nobody else's. */
import t from 'tap'
import { OwnRates } from '../../../src/http/session/own-rates.ts'
import type { ProgramRates } from '../../../src/http/ports.ts'
import { serve, type Served } from '../serve.ts'

async function tokenWith({ ask, signIn, people }: Served, perMinute?: number) {
  const body = { program: 'CRM', scopes: ['calls:read'], days: 30, account: people.super.id, perMinute }
  const made = await ask('POST', '/api/programs', { as: await signIn('admin'), body })
  if (made.status !== 201) throw new Error(made.text)
  const { id } = made.json as { id: number }
  const accepted = await ask('POST', `/api/me/programs/${id}/acceptance`, { as: await signIn('super') })
  const { token } = accepted.json as { token: string }
  return { id, bearer: { headers: { authorization: `Bearer ${token}`, 'accept-language': 'en' } } }
}

const rateIn = (headers: Headers) =>
  ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'].map((name) =>
    Number(headers.get(name) ?? NaN),
  )

t.test('each answer says what is left; beyond it is 429 until the minute is over', async (t) => {
  const served = await serve(t)
  const { ask, signIn, state } = served
  state.now = Date.now()
  const { id, bearer } = await tokenWith(served, 10)
  t.same(rateIn((await ask('GET', '/api/calls', bearer)).headers), [10, 9, 60])
  state.now += 20_000
  const refused = await ask('GET', '/api/queues', bearer)
  t.match(refused, { status: 403, json: { code: 'token-scope' } })
  t.same(rateIn(refused.headers), [10, 8, 40], 'a refusal is an answer, too')
  for (let no = 0; no < 8; no += 1) t.equal((await ask('GET', '/api/calls', bearer)).status, 200)
  const beyond = await ask('GET', '/api/calls', bearer)
  t.match(beyond, { status: 429, json: { code: 'too-many-attempts', detail: /limit is 10 a minute/ } })
  t.equal(beyond.headers.get('retry-after'), '40')
  t.same(rateIn(beyond.headers), [10, 0, 40])
  const listed = async (name: 'admin' | 'super', path: string) => {
    const { json } = await ask('GET', path, { as: await signIn(name) })
    return (json as { items: { id: number }[] }).items.find((one) => one.id === id)
  }
  t.match(await listed('admin', '/api/programs'), { perMinute: 10, refusedLastDay: 1 })
  t.match(await listed('super', '/api/me/programs'), { perMinute: 10, refusedLastDay: 1 })

  state.now += 40_000
  t.equal((await ask('GET', '/api/calls', bearer)).status, 200)
})

t.test('the flood of one token is refused to it alone', async (t) => {
  const served = await serve(t)
  const { ask, signIn } = served
  const [flood, other] = [await tokenWith(served, 10), await tokenWith(served)]
  const as = await signIn('super')
  const answers = await Promise.all(
    Array.from({ length: 40 }, async () => ask('GET', '/api/calls?limit=1', flood.bearer)),
  )
  const passed = answers.filter(({ status }) => status === 200).length
  const details = answers.map(({ status, json }) => `${status} ${JSON.stringify(json)}`)
  t.ok(passed > 0 && passed <= 10, details.join('\n'))
  t.equal(answers.filter(({ status }) => status === 429).length, 40 - passed)
  const calm = await ask('GET', '/api/calls', other.bearer)
  t.equal(calm.status, 200, 'another token of the same person goes on')
  t.match(rateIn(calm.headers), [600, 599])
  const session = await ask('GET', '/api/calls', { as })
  t.equal(session.status, 200, 'and so does the person')
  t.equal(session.headers.get('ratelimit-limit'), null)
})

t.test('the nodes count together, and each by itself while they have nothing in common', async (t) => {
  const now = () => Date.now()
  const both = new OwnRates(now)
  let away = false
  const programRates: ProgramRates = {
    count: (token, perMinute) =>
      away ? Promise.reject(new Error('Redis is away')) : both.count(token, perMinute),
    refused: () => (away ? Promise.reject(new Error('Redis is away')) : both.refused()),
  }
  const first = await serve(t, { programRates })
  const second = await serve(t, { programRates, db: first.db })
  const { id, bearer } = await tokenWith(first, 10)
  for (let no = 0; no < 5; no += 1)
    for (const { ask } of [first, second]) t.equal((await ask('GET', '/api/calls', bearer)).status, 200)
  for (const { ask } of [first, second]) t.equal((await ask('GET', '/api/calls', bearer)).status, 429)

  away = true
  for (const { ask } of [first, second]) {
    const answers: number[] = []
    for (let no = 0; no < 11; no += 1) answers.push((await ask('GET', '/api/calls', bearer)).status)
    t.same(answers, [...Array<number>(10).fill(200), 429], 'neither all refused nor all answered')
  }
  t.equal(first.log.filter((line) => line.includes('counted by this node alone')).length, 1, 'logged once')
  const page = await first.ask('GET', '/api/programs', { as: await first.signIn('admin') })
  const { items } = page.json as { items: { id: number; refusedLastDay: number | null }[] }
  t.equal(items.find((one) => one.id === id)?.refusedLastDay, null, 'not known, and the page is there')

  away = false
  for (const { state } of [first, second]) state.now = Date.now() + 6_000
  t.equal((await first.ask('GET', '/api/calls', bearer)).status, 429, 'together again')
})
