import { Writable } from 'node:stream'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { lateAfterMs, triesAtMs } from '../../../src/city/documents/backoff.ts'
import type { DocumentMessage, MessageId } from '../../../src/city/documents/message.ts'
import { documentSystemAt } from '../../../src/documents/adapter.ts'
import { DocumentDeliveries, type DocumentJobsOptions } from '../../../src/jobs/documents/deliveries.ts'
import {
  askAgain,
  enqueue,
  undeliveredMessages,
  unsentMessage,
} from '../../../src/ledger/documents/outbox.ts'
import { DemoDocumentSystem } from '../../../tools/demo/documents/system.ts'
import { registered, status } from '../../ledger/documents/messages.ts'
import { FakeDocuments } from '../../support/city/fake-documents.ts'
import { openTestDatabase, testCluster, testDatabase } from '../../support/postgres.ts'
import { testRedis } from '../../support/redis.ts'
import { until } from '../../support/until.ts'

testCluster(t)
const redis = await testRedis(t)
let prefixes = 0

interface Line {
  readonly level: number
  readonly msg: string
}

/** A separate outbox, without a delivering node yet. */
async function outbox(t: Test) {
  const database = await testDatabase(t)
  prefixes += 1
  const prefix = `documents-${prefixes}`
  const lines: Line[] = []
  const log = pino(
    { level: 'info' },
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(JSON.parse(chunk.toString()) as Line)
        done()
      },
    }),
  )
  const system = new FakeDocuments()
  const clock = { aheadMs: 0 }
  const options: DocumentJobsOptions = {
    redisUrl: redis.url,
    prefix,
    db: database.db,
    databaseUrl: database.appUrl,
    system,
    log,
    now: () => Date.now() + clock.aheadMs,
    sweepEveryMs: 3_600_000,
    againAfterMs: 50,
  }
  function deliver(change: Partial<DocumentJobsOptions> = {}): DocumentDeliveries {
    const deliveries = new DocumentDeliveries({ ...options, ...change })
    t.teardown(() => deliveries.close())
    deliveries.start()
    return deliveries
  }
  const put = (message: DocumentMessage) => database.db.transaction().execute((trx) => enqueue(trx, message))
  const state = (id: MessageId) => unsentMessage(database.db, id)
  const delivered = (id: MessageId) => until(async () => (await state(id)) === null)
  const tried = (id: MessageId, times: number) => until(async () => (await state(id))?.tries === times)
  return { ...database, options, clock, lines, system, deliver, put, state, delivered, tried, prefix }
}

t.test(
  'a message is sent once its transaction has committed, and registration does not wait for it',
  { timeout: 60_000 },
  async (t) => {
    const { deliver, put, system, delivered } = await outbox(t)
    deliver()
    await delivered(await put(registered('CC2026-000001')))
    const taking = Promise.withResolvers<void>()
    t.teardown(() => taking.resolve())
    system.onDeliver = () => taking.promise
    const ids = []
    for (let number = 2; number < 12; number += 1)
      ids.push(await put(registered(`CC2026-${String(number).padStart(6, '0')}`)))
    t.equal(system.taken.length, 1, 'ten are registered before any of them is taken')
    taking.resolve()
    for (const id of ids) await delivered(id)
    t.equal(system.taken.length, 11)
  },
)

t.test('after an outage a message is delivered with the same id and body', async (t) => {
  const { deliver, put, system, tried, delivered, clock } = await outbox(t)
  const deliveries = deliver()
  system.condition = 'down'
  const id = await put(registered('CC2026-000001'))
  await tried(id, 1)
  t.equal(await deliveries.sweep(), 0, 'its next try is not before thirty seconds')
  clock.aheadMs = 31_000
  system.condition = 'failing'
  t.equal(await deliveries.sweep(), 1)
  await tried(id, 2)
  system.condition = 'up'
  clock.aheadMs += 5 * 60_000
  await deliveries.sweep()
  await delivered(id)
  t.equal(system.tried.length, 3)
  t.equal(new Set(system.tried.map((message) => JSON.stringify(message))).size, 1)
  await until(() => deliveries.counts.delivered === 1)
  t.match(deliveries.counts, { delivered: 1, failed: 2, gaveUp: 0 })
})

t.test('messages of a request arrive in order after any delay', async (t) => {
  const { deliver, put, system, tried, delivered, clock } = await outbox(t)
  const deliveries = deliver()
  system.condition = 'down'
  const first = await put(registered('CC2026-000001'))
  await tried(first, 1)
  system.condition = 'up'
  const then = [await put(status('CC2026-000001')), await put(status('CC2026-000001'))]
  const other = await put(registered('CC2026-000002'))
  await delivered(other)
  t.equal(system.taken.length, 1, 'another request does not wait')
  clock.aheadMs = 31_000
  await deliveries.sweep()
  for (const id of [first, ...then]) await delivered(id)
  const versions = system.taken.map(
    (body) => JSON.parse(body) as { data: { request: string; version: number } },
  )
  t.strictSame(
    versions.filter(({ data }) => data.request === 'CC2026-000001').map(({ data }) => data.version),
    [1, 2, 3],
    'without another sweep',
  )
})

t.test('after a week a message is given up with an alarm; a supervisor can have it sent again', async (t) => {
  const { deliver, put, system, tried, state, delivered, clock, lines, db, options } = await outbox(t)
  const deliveries = deliver()
  system.condition = 'refusing'
  const began = Date.now()
  const id = await put(registered('CC2026-000001'))
  for (const [index, afterMs] of triesAtMs.entries()) {
    // Each pause begins after the answer, which adds a few seconds.
    clock.aheadMs = afterMs + 60_000 * index - (Date.now() - began)
    await deliveries.sweep()
    await tried(id, index + 1)
  }
  t.equal(system.tried.length, 20)
  t.equal((await state(id))?.givenUp, true)
  await until(() => deliveries.counts.gaveUp === 1)
  clock.aheadMs += 30 * 24 * 3_600_000
  t.equal(await deliveries.sweep(), 0, 'nothing more is tried')
  t.match(deliveries.undelivered, { unsent: 1, late: 1, givenUp: 1 })
  const alarms = lines.filter(({ level }) => level >= 50).map(({ msg }) => msg)
  t.ok(
    alarms.some((msg) => /late by more than two hours/.test(msg)),
    alarms.join('; '),
  )
  t.ok(
    alarms.some((msg) => /given up/.test(msg)),
    alarms.join('; '),
  )
  system.condition = 'up'
  const account = await db.insertInto('accounts').values({ username: 'supervisor' }).returning('id').execute()
  await askAgain(db, id, account[0]!.id, options.now())
  await delivered(id)
})

t.test('messages written without a node, or lost by Redis, are found at the start', async (t) => {
  const { deliver, put, system, delivered, tried, db, prefix, clock } = await outbox(t)
  const before = [await put(registered('CC2026-000001')), await put(registered('CC2026-000002'))]
  const first = deliver()
  for (const id of before) await delivered(id)
  system.condition = 'down'
  const held = await put(registered('CC2026-000003'))
  await tried(held, 1)
  await first.close()
  const client = new Redis(redis.url)
  const keys = await client.keys(`${prefix}:*`)
  t.ok(keys.length > 0)
  await client.del(...keys)
  client.disconnect()
  // The list of unsent messages has lost it as well.
  await db.deleteFrom('outbox_unsent').where('message', '=', held).execute()
  system.condition = 'up'
  clock.aheadMs = 31_000
  deliver()
  await until(() => system.taken.length === 3)
  await delivered(held)
  t.equal(new Set(system.tried.map(({ id }) => id)).size, 3)
})

t.test('two nodes share the work and try no message twice', async (t) => {
  const { deliver, put, system, delivered } = await outbox(t)
  deliver()
  deliver()
  const numbers = Array.from({ length: 40 }, (_, index) => `CC2026-${String(index + 1).padStart(6, '0')}`)
  const ids = await Promise.all(numbers.map((number) => put(registered(number))))
  for (const id of ids) await delivered(id)
  t.equal(system.taken.length, 40)
  t.equal(system.tried.length, 40)
})

t.test('an unrecorded delivery is repeated with the same id, so the receiver counts it once', async (t) => {
  const { deliver, put, system, delivered, appUrl } = await outbox(t)
  const dying = openTestDatabase(appUrl, 2)
  const first = deliver({ db: dying })
  system.onDeliver = async () => {
    system.onDeliver = () => Promise.resolve()
    await dying.destroy()
  }
  const id = await put(registered('CC2026-000001'))
  await until(() => system.taken.length === 1)
  await first.close()
  deliver()
  await delivered(id)
  t.equal(system.tried.length, 2)
  t.equal(system.taken.length, 1)
})

t.test('a stopping node abandons its delivery, which is not recorded as a try', async (t) => {
  const { deliver, put, system, delivered, state } = await outbox(t)
  const first = deliver()
  system.condition = 'slow'
  const id = await put(registered('CC2026-000001'))
  await until(() => system.tried.length === 1)
  const began = performance.now()
  await first.close()
  const closedMs = performance.now() - began
  t.ok(closedMs < 3_000, `${Math.round(closedMs)} ms`)
  t.equal((await state(id))?.tries, 0)
  system.condition = 'up'
  deliver()
  await delivered(id)
})

t.test('messages written without Redis are delivered when Redis is back', async (t) => {
  const { deliver, put, delivered, state } = await outbox(t)
  deliver()
  await delivered(await put(registered('CC2026-000001')))
  await redis.kill()
  const id = await put(registered('CC2026-000002'))
  t.not(await state(id), null)
  await redis.start()
  await delivered(id)
})

t.test('over real HTTP, messages survive an outage of the document system', async (t) => {
  const { deliver, put, tried, delivered, clock, db } = await outbox(t)
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
  const statusSecret = `whsec_${Buffer.alloc(32, 2).toString('base64')}`
  const demo = new DemoDocumentSystem({ secret, statusSecret, statusUrl: null })
  const port = await demo.listen()
  t.teardown(() => demo.close())
  const url = `http://127.0.0.1:${port}`
  const address = { url: `${url}/messages`, findUrl: null, secret, statusSecret }
  // The signature uses the real clock, which the receiver compares with its own.
  const deliveries = deliver({ system: documentSystemAt(address, Date.now) })
  await delivered(await put(registered('CC2026-000001')))
  await demo.close()
  const id = await put(registered('CC2026-000002'))
  await tried(id, 1)
  t.match(await undeliveredMessages(db, 10), [{ id, outcome: 'unreachable', why: 'no connection' }])
  demo.behaviour = 'mute'
  await demo.listen(port)
  clock.aheadMs = 31_000
  await deliveries.sweep()
  await tried(id, 2)
  t.equal(demo.filing.taken.length, 2, 'taken, but its answer was lost')
  demo.behaviour = 'up'
  clock.aheadMs = lateAfterMs
  await deliveries.sweep()
  await delivered(id)
  t.equal(demo.filing.taken.length, 2, 'the second time it is known by its id')
})
