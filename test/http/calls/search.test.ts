/** Searches that cannot find what is meant are refused with a sentence, instead of answered with nothing or everything. */
import t from 'tap'
import { finishedCall } from '../access/finished-call.ts'
import { serve, type Served } from '../serve.ts'

const list = (served: Served, as: string, query: string) => served.ask('GET', `/api/calls?${query}`, { as })
const idsIn = ({ json }: { json: Record<string, unknown> }) =>
  (json['items'] as { id: string }[]).map(({ id }) => id)

t.test('a call is found by its whole number and by a part of it', async (t) => {
  const served = await serve(t)
  const agent = served.people.agent01.id
  const mobile = await finishedCall(served.db, { agent, number: '+40744123456' })
  const fixed = await finishedCall(served.db, { agent, number: '+40256744000' })
  const as = await served.signIn('super')
  const found = async (query: string) => idsIn(await list(served, as, query))
  t.strictSame(await found('caller=0744 123 456'), [mobile], 'whole')
  t.strictSame(await found('caller=0744'), [mobile], 'a part that begins with 0 is a beginning')
  t.strictSame(await found('caller=3456'), [mobile])
  t.strictSame((await found('caller=744')).toSorted(), [mobile, fixed].toSorted(), 'a part anywhere')
  t.strictSame(await found('caller=%2B40256'), [fixed])
  t.strictSame(await found('caller=0744999'), [])
  const foreign = await finishedCall(served.db, { agent, number: '+447911123456' })
  t.strictSame(await found('caller=447911123456'), [foreign], 'without its +')
  t.strictSame(await found('caller=00447911123456'), [foreign], 'with 00')
  const looks = served.db.selectFrom('journal_looks').select('query').where('kind', '=', 'call-list')
  const ofParts = (await looks.execute()).filter(({ query }) => query === 'a part of a number')
  t.equal(ofParts.length, 6, 'each part that was asked for is a look of its own')
})

t.test('an agent finds only their own calls by a part of a number', async (t) => {
  const served = await serve(t)
  const own = await finishedCall(served.db, { agent: served.people.agent01.id, number: '+40733123456' })
  await finishedCall(served.db, { agent: served.people.agent02.id, number: '+40733123457' })
  const as = await served.signIn('agent01')
  t.strictSame(idsIn(await list(served, as, 'caller=0733')), [own])
})

t.test('calls are found by agent, by queue, and by when they last changed', async (t) => {
  const served = await serve(t)
  const { agent01, agent02 } = served.people
  const own = await finishedCall(served.db, { agent: agent01.id, number: '+40734123456' })
  const other = await finishedCall(served.db, { agent: agent02.id, number: '+40734123457' })
  const as = await served.signIn('super')
  const found = async (query: string) => idsIn(await list(served, as, `caller=0734&${query}`)).toSorted()
  const both = [own, other].toSorted()
  t.strictSame(await found(`agent=${agent01.id}`), [own])
  t.strictSame(await found('queue=general'), both)
  t.strictSame(await found('queue=taxes'), [])
  t.strictSame(await found('updatedSince=2020-01-01T00:00:00Z'), both)
  t.strictSame(await found('updatedSince=2099-01-01T00:00:00Z'), [])
})

t.test('what is no number, no period and no filter is refused', async (t) => {
  const served = await serve(t)
  const as = await served.signIn('super')
  for (const [query, code] of [
    ['caller=abc', 'wrong-number'],
    ['caller=07x44123456', 'wrong-number'],
    ['caller=12', 'wrong-number'],
    ['from=2026-11-25T00:00:00Z&to=2026-11-24T00:00:00Z', 'reversed-times'],
    // "Until the day before": the end of a day is the start of the next.
    ['from=2026-11-25T00:00:00Z&to=2026-11-25T00:00:00Z', 'reversed-times'],
    ['outcom=answered', 'unknown-parameter'],
    ['limit=5&__proto__=1', 'unknown-parameter'],
  ] as const)
    t.match(await list(served, as, query), { status: 400, json: { code } }, query)
  const unknown = await list(served, as, 'outcom=answered')
  t.match(unknown.json, { errors: [{ field: 'outcom', accepted: /outcome/ }] })
  t.equal((await served.ask('GET', '/api/nothing?x=1', { as })).status, 404)
  t.equal((await served.ask('GET', '/healthz?from=balancer')).status, 200, 'probes take any')
  t.match(await served.ask('GET', '/api/queues?x=1', { as }), {
    status: 400,
    json: { code: 'unknown-parameter' },
  })
})

t.test('the auditor’s question names a whole identifier and a period in its order', async (t) => {
  const served = await serve(t)
  const as = await served.signIn('audit')
  const ask = (body: object) => served.ask('POST', '/api/journal/looks', { as, body })
  t.match(await ask({ person: '123' }), { status: 400, json: { code: 'no-identifier' } })
  t.match(
    await ask({ person: '1850315351234' }),
    { status: 400, json: { code: 'no-identifier' } },
    'check digit',
  )
  t.equal((await ask({ person: '1850315351233' })).status, 200)
  t.match(await ask({ from: '2026-11-25T00:00:00Z', to: '2026-11-24T00:00:00Z' }), {
    status: 400,
    json: { code: 'reversed-times' },
  })
})
