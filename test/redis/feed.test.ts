import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import type { AcdKeys } from '../../src/redis/keys.ts'
import { compareIds, redisAcdFeed } from '../../src/redis/feed.ts'
import { redisLedgerSource } from '../../src/redis/ledger-source.ts'
import { redisAcdStore } from '../../src/redis/store.ts'
import type { AcdEvent, StreamPosition } from '../../src/core/acd-event.ts'
import { readyRedis, testRedis, type TestRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'
import { agentNamed, commitOf } from './samples.ts'

const redis = await testRedis(t)

async function aLine(own: TestRedis = redis, keys: AcdKeys = own.keys()) {
  const connection = await readyRedis(own)
  await connection.set(keys.lease, 'one:1')
  const reader = () => own.connect({})
  return {
    keys,
    connection,
    store: redisAcdStore(connection, keys, () => 'one:1'),
    feed: redisAcdFeed(connection, reader, keys),
    source: (consumer: string) => redisLedgerSource(connection, reader, keys, consumer),
  }
}

/** Reads in the background until stopped. */
function follow(
  entries: (signal: AbortSignal) => AsyncIterable<{ event: AcdEvent; position: StreamPosition }>,
) {
  const stop = new AbortController()
  const heard: string[] = []
  const done = (async () => {
    for await (const { event } of entries(stop.signal)) heard.push(`${event.id} ${event.seq}`)
  })()
  return { heard, stop: () => stop.abort(), done }
}

void t.test('a snapshot, then every change after it, in order', async (t) => {
  const { store, feed } = await aLine()
  t.same(await feed.snapshot(), { position: '0-0', calls: [], agents: [] })
  await store.commit(commitOf('k1', 'c1', 0))
  await store.commit({
    id: 'k2',
    writes: [{ entity: { kind: 'agent', agent: agentNamed('ana') }, from: 0, to: 1 }],
    events: [],
    effects: [],
  })
  const { position, calls, agents } = await feed.snapshot()
  t.same([calls.map(({ id }) => id), agents.map(({ id }) => id)], [['c1'], ['ana']])
  const reading = follow((signal) => feed.changes(position, signal))
  for (const [name, from] of [
    ['k3', 1],
    ['k4', 2],
  ] as const)
    await store.commit(commitOf(name, 'c1', from))
  await until(() => reading.heard.length === 2)
  t.same(reading.heard, ['c1 2', 'c1 3'])
  reading.stop()
  await reading.done
})

void t.test('changes from the beginning of an empty stream', async (t) => {
  const { store, feed } = await aLine()
  const reading = follow((signal) => feed.changes('0-0', signal))
  await store.commit(commitOf('k1', 'c1', 0))
  await until(() => reading.heard.length === 1)
  t.same(reading.heard, ['c1 1'])
  reading.stop()
  await reading.done
})

void t.test('a position that the stream no longer reaches, or never had, is too old', async (t) => {
  const { store, feed, keys, connection } = await aLine()
  const first = async (position: StreamPosition) => {
    const stop = new AbortController()
    for await (const { event } of feed.changes(position, stop.signal)) return event.seq
    return null
  }
  await t.rejects(first('5-0'), { name: 'FeedTooOld' }, 'an emptied Redis')
  for (let from = 0; from < 4; from++) await store.commit(commitOf(`k${from}`, 'c1', from))
  const positions = (await connection.xrange(keys.events, '-', '+')).map(([position]) => position)
  t.equal(await first(positions[0] ?? ''), 2)
  await connection.xtrim(keys.events, 'MAXLEN', 2)
  await t.rejects(first(positions[0] ?? ''), { name: 'FeedTooOld' }, 'trimmed in between')
  t.equal(await first(positions[2] ?? ''), 4, 'nothing in between is missing')
  const ahead = `${Date.now() + 60_000}-0`
  await t.rejects(first(ahead), { name: 'FeedTooOld' }, 'Redis came back with an older state')
})

void t.test(
  'a reader ends when aborted: with Redis up, with Redis down, and before it has started',
  async (t) => {
    const own = await testRedis(t)
    const { feed, source } = await aLine(own)
    const reading = follow((signal) => feed.changes('0-0', signal))
    reading.stop()
    await reading.done
    await own.kill()
    const away = follow((signal) => feed.changes('0-0', signal))
    const ledger = new AbortController()
    const ledgerDone = (async () => {
      for await (const batch of source('one').read(true, ledger.signal)) t.fail(`read ${batch.length}`)
    })()
    await new Promise((resolve) => setImmediate(resolve))
    away.stop()
    ledger.abort()
    await away.done
    await ledgerDone
    const never = follow(() => feed.changes('0-0', AbortSignal.abort()))
    await never.done
    for await (const batch of source('one').read(true, AbortSignal.abort())) t.fail(`read ${batch.length}`)
  },
)

void t.test('a reader rejects when its Redis dies', async (t) => {
  const own = await testRedis(t)
  const { feed, store } = await aLine(own)
  await store.commit(commitOf('k1', 'c1', 0))
  const reading = follow((signal) => feed.changes('0-0', signal))
  await until(() => reading.heard.length === 1)
  const rejected = t.rejects(reading.done)
  await own.kill()
  await rejected
})

void t.test('an event that the ledger has not acknowledged is delivered again', async (t) => {
  const { store, source, connection } = await aLine()
  for (let from = 0; from < 3; from++) await store.commit(commitOf(`k${from}`, 'c1', from))
  const ledger = source('one')
  t.equal(await ledger.lag(), 0, 'before its first read there is no consumer group')
  const read = async (acknowledge: number) => {
    const stop = new AbortController()
    for await (const batch of ledger.read(true, stop.signal)) {
      const taken = batch.slice(0, acknowledge).map(({ position }) => position)
      await ledger.acknowledge(taken)
      return batch.map(({ event }) => event.seq)
    }
    return []
  }
  t.same(await read(1), [1, 2, 3])
  t.equal(await ledger.lag(), 2)
  t.same(await read(0), [2, 3], 'the same reader, started again')
  t.same(await read(2), [2, 3])
  t.equal(await ledger.lag(), 0)
  await ledger.acknowledge([])
  await store.commit(commitOf('k9', 'c1', 3))
  t.same(await read(1), [4])
  connection.disconnect()
})

void t.test('the ledger gets an empty batch when nothing is new', async (t) => {
  t.plan(1)
  const { source } = await aLine()
  const stop = new AbortController()
  for await (const batch of source('one').read(true, stop.signal)) {
    t.same(batch, [])
    stop.abort()
  }
})

const loneMs = 200

void t.test('at load the ledger gets events gathered and in order, and a lone event at once', async (t) => {
  const { store, source } = await aLine()
  const stop = new AbortController()
  const batches: { readonly seqs: readonly number[]; readonly at: number }[] = []
  const reading = (async () => {
    const ledger = source('one')
    for await (const batch of ledger.read(true, stop.signal)) {
      if (batch.length === 0) continue
      batches.push({ seqs: batch.map(({ event }) => event.seq), at: performance.now() })
      await ledger.acknowledge(batch.map(({ position }) => position))
    }
  })()
  // The quickest of several: the machine may be busy.
  const lone: number[] = []
  while (lone.length === 0 || (lone.length < 10 && Math.min(...lone) >= loneMs)) {
    const committedAt = performance.now()
    await store.commit(commitOf(`k${lone.length}`, 'c1', lone.length))
    await until(() => batches.length > lone.length)
    lone.push(batches.at(-1)!.at - committedAt)
    // Longer than events are gathered.
    await delay(300)
  }
  t.ok(Math.min(...lone) < loneMs, `a lone event after ${lone.map(Math.round).join(', ')} ms`)
  const events = lone.length + 100
  const startedAt = performance.now()
  for (let from = lone.length; from < events; from++) {
    await store.commit(commitOf(`k${from}`, 'c1', from))
    // A steady stream, in which gathering pays.
    await delay(8)
  }
  await until(() => batches.flatMap(({ seqs }) => seqs).length === events)
  const took = batches.at(-1)!.at - startedAt
  t.same(
    batches.flatMap(({ seqs }) => seqs),
    Array.from({ length: events }, (_, index) => index + 1),
  )
  const gathered = batches.length - lone.length
  t.ok(gathered <= 2 + took / 250, `${gathered} batches in ${Math.round(took)} ms`)
  stop.abort()
  await reading
})

void t.test('trimming keeps what the ledger lacks, however old', async (t) => {
  const { store, source, connection, keys } = await aLine()
  const ledger = source('one')
  t.equal(await ledger.trim(Date.now(), 0), 0, 'no stream')
  for (let from = 0; from < 4; from++) await store.commit(commitOf(`k${from}`, 'c1', from))
  const future = Date.now() + 3_600_000
  t.equal(await ledger.trim(future, 0), 0, 'the ledger has not read yet')
  const stop = new AbortController()
  for await (const batch of ledger.read(true, stop.signal)) {
    await ledger.acknowledge(batch.slice(0, 2).map(({ position }) => position))
    break
  }
  t.equal(await ledger.trim(future, 0), 2)
  t.equal(await connection.xlen(keys.events), 2, 'two events that the ledger lacks')
  t.equal(await ledger.trim(Date.now(), 3_600_000), 0, 'recent events are kept for live feeds')
  const rest = (await connection.xrange(keys.events, '-', '+')).map(([position]) => position)
  await ledger.acknowledge(rest)
  await store.commit(commitOf('k9', 'c1', 4))
  await ledger.trim(future, 0)
  const left = await connection.xrange(keys.events, '-', '+')
  t.match(left.at(-1)?.[1][1], /"seq":5/, 'an event that was never delivered stays')
})

void t.test('stream positions are ordered by time, then by number', async (t) => {
  t.ok(compareIds('5-1', '5-2') < 0)
  t.ok(compareIds('10-0', '9-9') > 0)
  t.equal(compareIds('7-0', '7'), 0)
})
