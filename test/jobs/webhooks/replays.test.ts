/** The log of deliveries, and replays, with a receiver that was away. */
import t from 'tap'
import { givenUpAfterMs } from '../../../src/city/webhooks/backoff.ts'
import { deliveries, failedByReceiver } from '../../../src/ledger/webhooks/deliveries.ts'
import { endReceiver } from '../../../src/people/webhooks/receivers.ts'
import { replayFailed, replayOne } from '../../../src/people/webhooks/replays.ts'
import { testCluster } from '../../support/postgres.ts'
import { testRedis } from '../../support/redis.ts'
import { until } from '../../support/until.ts'
import { ofCall, record } from './line.ts'
import { registered } from './registered.ts'

testCluster(t)
const redis = await testRedis(t)
const every = { receiver: null, outcome: null, before: null, limit: 100 }

t.test('the log has each message once, with how its receiver answered', async (t) => {
  const { db, add, node, later, unsentTo } = await registered(t, redis.url)
  const crm = await add('CRM')
  const other = await add('altul')
  let isFirst = true
  crm.receiver.answer = () => {
    if (!isFirst) return 204
    isFirst = false
    return 503
  }
  const work = node()
  await record(db)
  await until(async () => (await deliveries(db, { ...every, outcome: 'retrying' })).length === 1)
  const [retrying] = await deliveries(db, { ...every, outcome: 'retrying' })
  t.match(retrying, {
    receiver: crm.id,
    type: 'call.queued',
    tries: 1,
    status: 503,
    why: null,
    replay: false,
  })
  await until(async () => {
    await later(work, 3_000)
    return (await unsentTo(crm.id)) + (await unsentTo(other.id)) === 0
  })
  const ofCrm = await deliveries(db, { ...every, receiver: crm.id })
  t.strictSame(ofCrm.map(({ type }) => type).toReversed(), ofCall)
  t.strictSame(new Set(ofCrm.map(({ message }) => message)), new Set(crm.receiver.taken.map(({ id }) => id)))
  t.match(ofCrm.at(-1), { outcome: 'delivered', tries: 2, status: 204 })
  t.ok(ofCrm.every(({ durationMs }) => durationMs >= 0 && durationMs < 10_000))
  t.equal((await deliveries(db, { ...every, outcome: 'delivered' })).length, 8)
  const page = await deliveries(db, { ...every, limit: 3 })
  t.equal((await deliveries(db, { ...every, before: page.at(-1)!.id })).length, 5)
})

t.test('a receiver that was away for more than a week is sent on request what had failed', async (t) => {
  const { db, add, node, later, unsentTo, decision, options, clock, lines } = await registered(t, redis.url)
  const crm = await add('CRM')
  const other = await add('altul')
  await crm.receiver.close()
  const work = node()
  const lost = await record(db)
  await until(() => other.receiver.typesOf(lost).length === 4)
  await until(async () => (await deliveries(db, { ...every, receiver: crm.id })).length > 0)
  clock.aheadMs += givenUpAfterMs
  await until(async () => {
    await later(work, 61_000)
    return (await unsentTo(crm.id)) === 0
  }, 20_000)
  t.ok(lines.some((text) => text.includes('given up after a week')))
  const failed = await deliveries(db, { ...every, receiver: crm.id, outcome: 'given up' })
  t.equal(failed.length, 4)
  t.match(failed[0], { status: null, why: 'no connection' })
  t.strictSame(await failedByReceiver(db), new Map([[crm.id, 4]]))

  await crm.receiver.listen()
  const replaying = { by: decision.by, now: options.now() }
  const since = { receiver: crm.id, since: options.now() + 60_000 }
  t.match(await replayFailed(db, since, replaying), { ok: true, messages: 0 }, 'nothing failed since then')
  t.match(await replayFailed(db, { receiver: crm.id, since: 0 }, replaying), { ok: true, messages: 4 })
  await until(async () => {
    await later(work, 61_000)
    return (await unsentTo(crm.id)) === 0
  }, 20_000)
  t.strictSame(crm.receiver.typesOf(lost), ofCall, 'in their order')
  t.strictSame(
    new Set(crm.receiver.taken.map(({ id }) => id)),
    new Set(failed.map(({ message }) => message)),
    'by the ids that they had',
  )
  t.ok(crm.receiver.taken.every(({ isReplay }) => isReplay))
  t.equal(other.receiver.taken.length, 4, 'nobody else is sent them again')
  t.ok(other.receiver.taken.every(({ isReplay }) => !isReplay))
  t.strictSame(await failedByReceiver(db), new Map())

  const [delivered] = await deliveries(db, { ...every, receiver: crm.id, outcome: 'delivered' })
  t.match(await replayOne(db, delivered!.id, replaying), { ok: true, messages: 1 })
  await until(() => crm.receiver.taken.length === 5)
  t.equal(crm.receiver.taken[4]?.id, delivered!.message)
  t.equal(crm.receiver.taken[4]?.body, crm.receiver.taken.find(({ id }) => id === delivered!.message)?.body)
  const onRecord = await db
    .selectFrom('webhook_replays')
    .select(['receiver', 'message', 'messages', 'by'])
    .orderBy('id')
    .execute()
  t.strictSame(onRecord, [
    { receiver: crm.id, message: null, messages: 0, by: decision.by },
    { receiver: crm.id, message: null, messages: 4, by: decision.by },
    { receiver: crm.id, message: delivered!.message, messages: 1, by: decision.by },
  ])
  // The next event is no replay.
  const next = await record(db)
  await until(() => crm.receiver.typesOf(next).length === 4)
  t.notOk(crm.receiver.taken.at(-1)?.isReplay)
})

t.test('what is being retried is sent at once; an ended receiver is sent nothing', async (t) => {
  const { db, add, node, unsentTo, decision, options } = await registered(t, redis.url)
  const crm = await add('CRM')
  crm.receiver.answer = () => 422
  node()
  const id = await record(db)
  await until(async () => (await deliveries(db, every)).length === 1)
  const [refused] = await deliveries(db, every)
  crm.receiver.answer = () => 204
  const replaying = { by: decision.by, now: options.now() }
  t.match(await replayOne(db, refused!.id, replaying), { ok: true })
  await until(async () => (await unsentTo(crm.id)) === 0)
  t.strictSame(crm.receiver.typesOf(id), ofCall)
  t.match(await endReceiver(db, await crm.seen(), decision), { ok: true })
  t.match(await replayOne(db, refused!.id, replaying), { ok: false, why: 'no such receiver' })
  t.match(await replayFailed(db, { receiver: crm.id, since: 0 }, replaying), { why: 'no such receiver' })
  t.match(await replayOne(db, 999_999, replaying), { ok: false, why: 'no such delivery' })
})
