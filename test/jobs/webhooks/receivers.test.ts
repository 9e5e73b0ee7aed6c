/** Several receivers: each has its own events, its own secret and its own failures. */
import t from 'tap'
import type { CallId } from '../../../src/core/ids.ts'
import { changeReceiver, endReceiver, renewSecret } from '../../../src/people/webhooks/receivers.ts'
import { testCluster } from '../../support/postgres.ts'
import { testRedis } from '../../support/redis.ts'
import { until } from '../../support/until.ts'
import { Receiver } from '../../support/webhook-receiver.ts'
import { ofCall, record, seal } from './line.ts'
import { registered } from './registered.ts'

testCluster(t)
const redis = await testRedis(t)

t.test('each receiver is told the events that it takes, signed with its own secret', async (t) => {
  const { db, add, node, unsent } = await registered(t, redis.url)
  const everything = await add('CRM')
  const ends = await add('Rapoarte', ['call.ended'])
  node()
  const id = await record(db)
  await until(() => everything.receiver.taken.length === 4 && ends.receiver.taken.length === 1)
  t.strictSame(everything.receiver.typesOf(id), ofCall)
  t.strictSame(ends.receiver.typesOf(id), ['call.ended'])
  t.equal(everything.receiver.wrongSignatures + ends.receiver.wrongSignatures, 0)
  t.equal(everything.receiver.taken.at(-1)?.id, ends.receiver.taken[0]?.id, 'the id follows from the record')
  for (const { data } of everything.receiver.taken) t.notOk('callerNumber' in data, 'no number')
  await until(async () => (await unsent()) === 0)
})

t.test('the settings’ receiver and those of the register are told side by side', async (t) => {
  const { db, add, ready, receiver } = await registered(t, redis.url)
  await ready()
  const crm = await add('CRM')
  const id = await record(db)
  await until(() => receiver.typesOf(id).length === 4 && crm.receiver.typesOf(id).length === 4)
  t.equal(receiver.wrongSignatures + crm.receiver.wrongSignatures, 0)
})

t.test('a receiver that hangs delays no other one, and is told everything once it is back', async (t) => {
  const { db, add, nodeOf, later, unsentTo, lines } = await registered(t, redis.url)
  const dead = await add('mort')
  const alive = await add('viu')
  dead.receiver.answer = () => 'hang'
  const deliveries = nodeOf({ receiver: null, answerWithinMs: 60_000 })
  const first = await record(db)
  await until(() => dead.receiver.tried.length > 0)
  const during: CallId[] = []
  for (let no = 0; no < 20; no += 1) during.push(await record(db))
  await until(() => during.every((id) => alive.receiver.typesOf(id).length === 4))
  t.equal(deliveries.counts.failed, 0, 'the dead one is still being asked')
  // A message is marked after its receiver has answered.
  await until(async () => (await unsentTo(alive.id)) === 0)
  t.ok((await unsentTo(dead.id)) >= 84)
  await dead.receiver.close()
  await until(async () => {
    await later(deliveries, 3_000)
    return lines.some((text) => text.includes('is away') && text.includes(dead.id))
  }, 20_000)
  dead.receiver.answer = () => 204
  await dead.receiver.listen()
  await until(async () => {
    await later(deliveries, 61_000)
    return (await unsentTo(dead.id)) === 0
  }, 60_000)
  for (const id of [first, ...during]) t.strictSame(dead.receiver.typesOf(id), ofCall)
})

t.test('a renewed secret signs the next message, also of a backlog', async (t) => {
  const { db, add, node, later, unsentTo, decision } = await registered(t, redis.url)
  const crm = await add('CRM')
  const deliveries = node()
  crm.receiver.answer = () => 500
  const id = await record(db)
  await until(() => crm.receiver.tried.length > 0)
  const renewed = await renewSecret(db, seal, await crm.seen(), decision)
  if (!renewed.ok) throw new Error(renewed.why)
  crm.receiver.secret = renewed.secret
  crm.receiver.answer = () => 204
  await until(async () => {
    await later(deliveries, 61_000)
    return (await unsentTo(crm.id)) === 0
  })
  t.strictSame(crm.receiver.typesOf(id), ofCall)
  t.equal(crm.receiver.wrongSignatures, 0, 'nothing was signed with the earlier one')
})

t.test('a changed address counts for what is unsent; what is no longer wanted is dropped', async (t) => {
  const { db, add, node, later, unsentTo, decision, options } = await registered(t, redis.url)
  const crm = await add('CRM')
  const moved = new Receiver(options.now)
  await moved.listen()
  t.teardown(() => moved.close())
  const deliveries = node()
  crm.receiver.answer = () => 500
  const id = await record(db)
  await until(() => crm.receiver.tried.length > 0)
  moved.secret = crm.receiver.secret
  const change = { name: 'CRM', url: moved.url, types: ['call.answered'] as const }
  t.match(await changeReceiver(db, await crm.seen(), change, decision), { ok: true })
  await until(async () => {
    await later(deliveries, 31_000)
    return (await unsentTo(crm.id)) === 0
  })
  t.strictSame(moved.typesOf(id), ['call.answered'])
})

t.test('an ended receiver is told nothing more, and holds up nothing', async (t) => {
  const { db, add, node, unsentTo, unsent, decision } = await registered(t, redis.url)
  const crm = await add('CRM')
  const other = await add('altul')
  node()
  crm.receiver.answer = () => 500
  await record(db)
  await until(() => crm.receiver.tried.length > 0)
  t.match(await endReceiver(db, await crm.seen(), decision), { ok: true })
  const tried = crm.receiver.tried.length
  t.equal(await unsentTo(crm.id), 0)
  const id = await record(db)
  await until(() => other.receiver.typesOf(id).length === 4)
  await until(async () => (await unsent()) === 0)
  t.ok(crm.receiver.tried.length <= tried + 1, 'at most the one that was on its way')
})

t.test('a row that was listed while the receiver ended is dropped', async (t) => {
  const { db, node, unsent, clock } = await registered(t, redis.url)
  const deliveries = node()
  await db
    .insertInto('webhook_unsent')
    .values({ receiver: 'ended', call: await record(db), place: 2, what: 'event' })
    .execute()
  await until(async () => {
    clock.aheadMs += 11_000
    await deliveries.sweep()
    return (await unsent()) === 0
  })
})

t.test('with another FACTOR_KEY nothing is sent, and nothing is lost', async (t) => {
  const line = await registered(t, redis.url)
  const { db, add, node, later, unsentTo } = line
  const crm = await add('CRM')
  const foreign = line.nodeOf({ receiver: null, openSecret: () => null })
  const id = await record(db)
  await until(() => line.lines.some((text) => text.includes('no secret')))
  t.ok(foreign.counts.failed > 0)
  t.equal(crm.receiver.tried.length + crm.receiver.wrongSignatures, 0)
  t.ok((await unsentTo(crm.id)) >= 4)
  await foreign.close()
  const deliveries = node()
  await until(async () => {
    await later(deliveries, 61_000)
    return (await unsentTo(crm.id)) === 0
  })
  t.strictSame(crm.receiver.typesOf(id), ofCall)
})
