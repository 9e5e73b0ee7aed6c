/** The outside systems: administrators alone, states, tests one at a time and on record, and no secret anywhere. */
import t from 'tap'
import { testWithinMs } from '../../../src/city/connections/connection.ts'
import type { Connections, ConnectionTest } from '../../../src/http/connections/wire.ts'
import type { NoTrunk } from '../../../src/http/nodes/shared-trunk.ts'
import type { HttpDeps } from '../../../src/http/ports.ts'
import type { TrunkState } from '../../../src/acd/ports.ts'
import { journalRows } from '../../../src/ledger/journal/row-check.ts'
import { enqueue, recordTry } from '../../../src/ledger/documents/outbox.ts'
import { registered } from '../../ledger/documents/messages.ts'
import { FakeDocuments } from '../../support/city/fake-documents.ts'
import { testDatabase } from '../../support/postgres.ts'
import { openOverWire } from '../cut-wire.ts'
import { FakeFiscal } from '../taxes/fake-fiscal.ts'
import { serve, testConnections, type Person, type Served } from '../serve.ts'
import { until } from '../../support/until.ts'

const at = '/api/connections'
const linked = {
  trunk: { hosts: ['203.0.113.7'], isSet: true, publicAddress: null },
  documents: { address: 'https://documente.primaria.example', looksUp: true },
  fiscal: { address: 'taxe.primaria.example:5432/fiscal' },
} as const

const since = Date.parse('2026-12-01T08:00:00.000Z')
const host = { name: '203.0.113.7', works: true, refused: false, roundTripMs: 12.5, since }
const registration = { name: 'registration', works: true, refused: false, roundTripMs: null, since }
const inForce = {
  codecs: ['alaw', 'ulaw'],
  transport: '',
  keys: 'rfc4733',
  account: { server: 'sip.furnizor.example', user: '0256969', hasPassword: true },
}

/** A trunk in memory, at the node that owns the line. */
class FakeTrunk {
  now: TrunkState | NoTrunk = { parts: [registration, host], inForce }
  answers: readonly { readonly name: string; readonly roundTripMs: number | null }[] | null = [
    { name: host.name, roundTripMs: 12.5 },
  ]
  /** Awaited before a test is answered. */
  answered: Promise<void> = Promise.resolve()
  readonly #asked = Promise.withResolvers<void>()
  /** Resolves once a test has reached the trunk. */
  readonly asked = this.#asked.promise

  async state() {
    return typeof this.now === 'string' ? this.now : { node: 'node2', state: this.now }
  }

  async test() {
    this.#asked.resolve()
    await this.answered
    return typeof this.now === 'string' ? this.now : { node: 'node2', answers: this.answers }
  }
}

async function scene(t: Parameters<typeof serve>[0], change: Partial<HttpDeps> = {}) {
  // Of its own: tests of connections are counted.
  const db = change.db ?? (await testDatabase(t)).db
  const [documents, fiscal, trunk] = [new FakeDocuments(), new FakeFiscal(), new FakeTrunk()]
  const connections = { ...testConnections(linked), trunk }
  const served = await serve(t, { db, documents, fiscal, connections, ...change })
  const as = await served.signIn('admin')
  const read = async () => (await served.ask('GET', at, { as })).json as unknown as Connections
  const test = (id: string) => served.ask('POST', `${at}/${id}/test`, { as })
  const tried = async (id: string) => (await test(id)).json as unknown as ConnectionTest
  const one = async (id: string) => (await read()).items.find((item) => item.id === id)
  return { served, db, documents, fiscal, trunk, as, read, test, tried, one }
}

t.test('administrators alone see and try them', async (t) => {
  const served: Served = await serve(t, { connections: testConnections(linked) })
  for (const person of ['agent01', 'super', 'audit', 'edit'] as Person[]) {
    const as = await served.signIn(person)
    t.equal((await served.ask('GET', at, { as })).status, 403, person)
    t.equal((await served.ask('POST', `${at}/fiscal/test`, { as })).status, 403, person)
  }
  t.equal((await served.ask('GET', at)).status, 401)
  t.equal((await served.ask('POST', `${at}/redis/test`, { as: await served.signIn('admin') })).status, 400)
})

t.test('a system that the settings do not name is not set up, and is not tried', async (t) => {
  const { read, test } = await scene(t, {
    documents: null,
    connections: testConnections(),
  })
  const { items } = await read()
  t.match(
    items.filter(({ state }) => state === 'not set up').map(({ id }) => id),
    ['trunk', 'documents', 'fiscal', 'sign-in', 'time-stamps', 'witness', 'webhooks'],
  )
  t.match(
    items.find(({ id }) => id === 'fiscal'),
    { settings: ['TAX_DATABASE_URL'], guide: 'docs/guides/integrations.md', address: null, cause: null },
  )
  for (const id of ['trunk', 'documents', 'fiscal'])
    t.match(await test(id), { status: 409, json: { code: 'connection-not-set-up' } })
})

t.test('the trunk is shown as its owner has it, without its password', async (t) => {
  const { read, one, trunk, tried } = await scene(t)
  const all = await read()
  t.equal(all.node, 'node1')
  t.match(all.items[0], { id: 'trunk', state: 'works', node: 'node2', since: '2026-12-01T08:00:00.000Z' })
  t.match(all.trunk, {
    accepts: ['203.0.113.7'],
    hosts: [{ name: host.name, works: true, roundTripMs: 12.5 }],
    registration: { server: 'sip.furnizor.example', user: '0256969', hasPassword: true, state: 'registered' },
    transport: 'udp',
    codecs: ['alaw', 'ulaw'],
    keys: 'rfc4733',
  })
  t.match(await tried('trunk'), { outcome: 'works', node: 'node2', hosts: trunk.answers })

  trunk.now = { parts: [{ ...registration, works: false, refused: true }, host], inForce }
  t.match(await one('trunk'), { state: 'fails', cause: 'registration refused' })
  trunk.now = { parts: [{ ...registration, works: false }, host], inForce }
  t.match(await one('trunk'), { state: 'fails', cause: 'not registered' })
  trunk.now = { parts: [{ ...host, works: false, roundTripMs: null }], inForce }
  trunk.answers = [{ name: host.name, roundTripMs: null }]
  t.match(await one('trunk'), { state: 'fails', cause: 'no answer in time' })
  t.match(await tried('trunk'), { outcome: 'fails', cause: 'no answer in time', hosts: trunk.answers })
  trunk.answers = null
  t.match(await tried('trunk'), { outcome: 'fails', cause: 'asterisk away' })
  trunk.now = 'owner silent'
  t.match(await one('trunk'), { state: 'not asked', cause: null, node: 'node1' })
  t.match(await tried('trunk'), { outcome: 'fails', cause: 'owner silent', hosts: [] })
  trunk.now = 'no owner'
  t.match(await one('trunk'), { state: 'fails', cause: 'no owner' })
  t.match(await tried('trunk'), { outcome: 'fails', cause: 'no owner' })
})

t.test('the document system’s state follows its deliveries and its tests', async (t) => {
  const { one, read, tried, documents, db } = await scene(t)
  t.match(await one('documents'), { state: 'not asked', since: null, lastTest: null })
  t.match(await tried('documents'), { outcome: 'works', cause: null, part: null })
  t.equal(documents.taken.length, 0, 'it has taken nothing')
  const works = await one('documents')
  t.match(works, { state: 'works', lastTest: { outcome: 'works', by: 'Dan Țepeș' } })

  const id = await db.transaction().execute((trx) => enqueue(trx, registered('CC2026-900001')))
  await recordTry(db, { id, tries: 0 }, { outcome: 'unreachable', why: 'no connection' }, Date.now())
  t.match(await one('documents'), { state: 'fails', cause: 'no connection', goodAt: works?.goodAt })
  t.match((await read()).documents, { unsent: 1, late: 0, givenUp: 0, oldestAt: String, looksUp: true })

  documents.condition = 'refusing'
  t.match(await tried('documents'), { outcome: 'fails', cause: 'refused', status: 422, part: 'deliveries' })
  t.match(
    await one('documents'),
    { state: 'fails', cause: 'no connection', lastTest: { outcome: 'fails', status: 422 } },
    'a refused ping is no failure of deliveries',
  )
  documents.ping = async () => ({ outcome: 'refused', status: 401 })
  t.match(await tried('documents'), { outcome: 'fails', cause: 'refused', status: 401, part: 'deliveries' })
  const refused = await one('documents')
  t.match(refused, { state: 'fails', cause: 'refused', status: 401 })
  t.ok(Date.parse(refused?.since ?? '') < Date.parse(refused?.badAt ?? ''), 'it fails since the delivery')
  documents.ping = async () => ({ outcome: 'delivered' })
  documents.condition = 'up'
  t.match(await tried('documents'), { outcome: 'works' })
  t.match(await one('documents'), { state: 'works', cause: null, status: null, badAt: String })
})

t.test('a failed look-up, and a receiver that does not know a ping, leave deliveries working', async (t) => {
  const { one, tried, documents } = await scene(t)
  t.match(await tried('documents'), { outcome: 'works' })
  documents.condition = 'garbled'
  t.match(await tried('documents'), { outcome: 'fails', cause: 'answer not understood', part: 'look-ups' })
  t.match(await one('documents'), { state: 'works', badAt: null, lastTest: { part: 'look-ups' } })
  documents.condition = 'refusing'
  t.match(await tried('documents'), { outcome: 'fails', status: 422, part: 'deliveries' })
  t.match(await one('documents'), {
    state: 'works',
    badAt: null,
    lastTest: { outcome: 'fails', status: 422 },
  })
  documents.ping = async () => ({ outcome: 'refused', status: 403 })
  t.match(await tried('documents'), { outcome: 'fails', status: 403 })
  t.match(await one('documents'), { state: 'fails', cause: 'refused', status: 403 })
})

t.test('the fiscal database is asked about nobody, and its login is looked at', async (t) => {
  const { one, read, tried, fiscal } = await scene(t)
  t.match(await one('fiscal'), { state: 'not asked' })
  t.match(await tried('fiscal'), { outcome: 'works', readOnly: true })
  t.equal(fiscal.asked, 0, 'no question about a taxpayer')
  t.match((await read()).fiscal, { readOnly: true })
  fiscal.readOnly = false
  t.match(await tried('fiscal'), { outcome: 'works', readOnly: false })
  t.match((await read()).fiscal, { readOnly: false })
  fiscal.away = true
  t.match(await tried('fiscal'), { outcome: 'fails', cause: 'no connection', readOnly: null })
  t.match(await one('fiscal'), { state: 'fails', cause: 'no connection' })
})

t.test('one test at a time of a connection, and few a minute', async (t) => {
  const { test, trunk, tried } = await scene(t)
  const answer = Promise.withResolvers<void>()
  trunk.answered = answer.promise
  const first = test('trunk')
  // Two requests that were sent one after the other may arrive the other way round.
  await trunk.asked
  t.match(await test('trunk'), { status: 409, json: { code: 'test-under-way' } })
  t.match(await tried('fiscal'), { outcome: 'works' }, 'another connection may be tried')
  answer.resolve()
  t.equal((await first).status, 200)
  for (let more = 0; more < 5; more += 1) t.equal((await test('trunk')).status, 200)
  const refused = await test('trunk')
  t.match(refused, { status: 429, json: { code: 'too-many-tests' } })
  const retryAfter = Number(refused.headers.get('retry-after'))
  t.ok(retryAfter >= 1 && retryAfter <= 60, `in ${retryAfter} s`)
})

t.test('a test is on record before it asks, with its outcome after', async (t) => {
  const { test, tried, db, fiscal, served } = await scene(t)
  fiscal.away = true
  await test('fiscal')
  fiscal.test = () => Promise.reject(new Error('of the driver: secret'))
  t.match(await tried('fiscal'), { outcome: 'fails', cause: 'other' })
  const rows = await db.selectFrom('connection_tests').selectAll().orderBy('id').execute()
  const by = served.people.admin.id
  t.match(rows, [
    { connection: 'fiscal', begun: null, outcome: null, by, node: 'node1' },
    { begun: rows[0]?.id, outcome: 'fails', cause: 'no connection', by },
    { begun: null, outcome: null },
    { outcome: 'fails', cause: 'other' },
  ])
  await journalRows(db, 100)
  const entries = await db
    .selectFrom('journal_entries')
    .select('row_key')
    .where('register', '=', 'connection_tests')
    .execute()
  t.equal(entries.length, rows.length, 'each row has an entry in the journal')
  t.match(served.log.join(''), /a connection could not be tested/)
})

t.test('a system that never answers ends the test within its time', async (t) => {
  const { tried, fiscal } = await scene(t)
  fiscal.test = () => new Promise(() => undefined)
  const began = performance.now()
  t.match(await tried('fiscal'), { outcome: 'fails', cause: 'no answer in time' })
  const tookMs = performance.now() - began
  t.ok(tookMs >= testWithinMs - 50 && tookMs < testWithinMs + 5_000, `${Math.round(tookMs)} ms`)
})

t.test('a trunk that nobody has set is shown, and tried, once it answers', async (t) => {
  const trunk = new FakeTrunk()
  const { one, tried } = await scene(t, { connections: { ...testConnections(), trunk } })
  t.match(await one('trunk'), { state: 'works' })
  t.match(await tried('trunk'), { outcome: 'works', tookMs: 12.5 })
})

t.test('Asterisk, Redis and PostgreSQL are told from what the node knows', async (t) => {
  let redis = true
  const connections = { ...testConnections(linked), redisAnswers: async () => redis }
  const { one, served, read } = await scene(t, { connections })
  for (const id of ['asterisk', 'redis', 'database'])
    t.match(await one(id), { state: 'works', since: String, node: 'node1' }, id)
  redis = false
  served.state.missing = ['asterisk']
  await until(async () => (await one('redis'))?.state === 'fails')
  t.match(await one('redis'), { cause: 'no connection' })
  t.match(await one('asterisk'), { state: 'fails', cause: 'no connection' })
  t.match((await read()).asterisk, { owner: 'node1', standby: false })
})

t.test('terms of retention are shown with their settings and what falls due', async (t) => {
  const connections = {
    ...testConnections(linked),
    dueSoon: () => ({ at: since, counts: { audio: 12, logs: 3 } }),
  }
  const { read } = await scene(t, { connections })
  t.match((await read()).retention, {
    terms: [
      { term: 'audio', days: 183, setting: 'RETENTION_AUDIO_DAYS', dueInWeek: 12 },
      { term: 'details', dueInWeek: null },
      { term: 'requests', dueInWeek: null },
      { term: 'logs', dueInWeek: 3 },
    ],
    deletes: true,
    countedAt: '2026-12-01T08:00:00.000Z',
    doneAt: null,
    failed: false,
  })
})

t.test('while PostgreSQL is away the page says so, and what is on record is not known', async (t) => {
  const { wire, db } = await openOverWire(t)
  const { one, read, test, tried, fiscal } = await scene(t, { db })
  t.match(await tried('fiscal'), { outcome: 'works' })
  t.match(await read(), { recordKnown: true, retention: { failed: false } })
  wire.cut()
  await until(async () => (await one('database'))?.state === 'fails')
  t.match(await one('database'), { cause: 'no connection', goodAt: String })
  const all = await read()
  t.match(all, {
    recordKnown: false,
    documents: { unsent: null, late: null, givenUp: null, oldestAt: null, looksUp: true },
    webhooks: { receivers: null, unsent: null, late: null },
    fiscal: { readOnly: null },
    retention: { doneAt: null, failed: null, terms: [{ days: 183 }] },
  })
  const states = new Map(all.items.map(({ id, state }) => [id, state]))
  t.equal(states.get('documents'), 'not asked')
  t.equal(states.get('webhooks'), 'not asked')
  t.equal(states.get('fiscal'), 'works', 'of the memory of the node')
  t.equal(states.get('trunk'), 'works')
  fiscal.away = true
  t.match(await test('fiscal'), { status: 503, json: { code: 'database-away' } })
  wire.mend()
  await until(async () => (await one('database'))?.state === 'works')
  t.match(await read(), { recordKnown: true, documents: { unsent: 0 } })
})
