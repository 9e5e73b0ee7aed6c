import t, { type Test } from 'tap'
import { CallId } from '../../src/core/ids.ts'
import { versioned } from '../../src/core/versions.ts'
import { redisAcdStore } from '../../src/redis/store.ts'
import { StoreUnavailable, type Commit } from '../../src/acd/ports.ts'
import { readyRedis, testRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'
import { agentNamed, callNamed, commitOf, endedNamed, eventOf, music } from './samples.ts'

const redis = await testRedis(t)

async function aStore(_t: Test) {
  const keys = redis.keys()
  const connection = await readyRedis(redis)
  const token = { held: 'one:1' }
  await connection.set(keys.lease, token.held)
  return { keys, connection, token, store: redisAcdStore(connection, keys, () => token.held) }
}

void t.test('a commit saves state, event and effects, and they are loaded again', async (t) => {
  const { store, keys, connection } = await aStore(t)
  t.equal(await store.commit(commitOf('k1', 'c1', 0)), 'SAVED')
  t.equal(
    await store.commit({
      id: 'k2',
      writes: [{ entity: { kind: 'agent', agent: agentNamed('ana') }, from: 0, to: 1 }],
      events: [],
      effects: [],
    }),
    'SAVED',
  )
  const line = await store.load()
  t.same(line.calls, [{ call: callNamed('c1'), version: 1 }])
  t.same(line.agents, [{ agent: agentNamed('ana'), version: 1 }])
  t.same(line.effects, [{ commit: 'k1', effects: [music('c1')] }])
  const [entry] = await connection.xrange(keys.events, '-', '+')
  t.same(JSON.parse(entry?.[1][1] ?? ''), versioned(eventOf('c1', 1)))
})

void t.test('a commit that expects another version saves nothing', async (t) => {
  const { store, keys, connection } = await aStore(t)
  await store.commit(commitOf('k1', 'c1', 0))
  const both: Commit = {
    id: 'k2',
    writes: [
      { entity: { kind: 'agent', agent: agentNamed('ana') }, from: 0, to: 1 },
      { entity: { kind: 'call', call: callNamed('c1') }, from: 4, to: 5 },
    ],
    events: [eventOf('c1', 5)],
    effects: [music('c1')],
  }
  t.equal(await store.commit(both), 'STALE')
  t.equal(await store.commit(commitOf('k3', 'c1', 0)), 'STALE', 'it exists already')
  t.equal(await connection.hexists(keys.states, 'agent:ana'), 0)
  t.equal(await connection.xlen(keys.events), 1)
  t.equal(await connection.xlen(keys.effects), 1)
})

void t.test('a node without the lease writes nothing', async (t) => {
  const { store, token, keys, connection } = await aStore(t)
  await store.commit(commitOf('k1', 'c1', 0))
  token.held = 'two:0'
  t.equal(await store.commit(commitOf('k2', 'c2', 0)), 'FENCED')
  t.equal(await store.commit(commitOf('k1', 'c1', 0)), 'FENCED', 'not even a commit that was saved before')
  t.equal(await store.overwrite({ calls: [], agents: [], effects: [] }, []), 'FENCED')
  t.equal(await connection.hlen(keys.states), 1)
  await store.acknowledge(['k1'])
  t.equal(await connection.xlen(keys.effects), 1, 'nor does it acknowledge an effect')
  await connection.del(keys.lease)
  await t.rejects(
    store.commit(commitOf('k3', 'c3', 0)),
    { name: 'StoreUnavailable' },
    'a lapsed lease is not lost',
  )
  await connection.set(keys.lastLease, 'one:3')
  t.equal(await store.commit(commitOf('k4', 'c4', 0)), 'FENCED', 'there was another holder, which is gone')
  await connection.del(keys.lastLease)
  token.held = 'two:4'
  await connection.set(keys.lease, 'one:3')
  await t.rejects(
    store.commit(commitOf('k5', 'c5', 0)),
    { name: 'StoreUnavailable' },
    'Redis came back with an older state, and the lease will be set again',
  )
})

void t.test('an ended call is removed, its event stays', async (t) => {
  const { store, keys, connection } = await aStore(t)
  await store.commit(commitOf('k1', 'c1', 0))
  const end: Commit = {
    id: 'k2',
    writes: [{ entity: { kind: 'call', call: endedNamed('c1') }, from: 1, to: 2 }],
    events: [eventOf('c1', 2)],
    effects: [],
  }
  t.equal(await store.commit(end), 'SAVED')
  t.same((await store.load()).calls, [])
  t.equal(await connection.hlen(keys.versions), 0)
  t.equal(await connection.xlen(keys.events), 2)
})

void t.test(
  'acknowledged effects are removed; after a lost reply with the next acknowledgement',
  async (t) => {
    const { store, keys, connection } = await aStore(t)
    for (const name of ['1', '2', '3']) await store.commit(commitOf(`k${name}`, `c${name}`, 0))
    await store.acknowledge(['k1'])
    t.same(
      (await store.load()).effects.map(({ commit }) => commit),
      ['k2', 'k3'],
    )
    await store.acknowledge(['never heard of'])
    const lost = new Error('Command timed out')
    const acknowledge = connection.acknowledgeEffects.bind(connection)
    connection.acknowledgeEffects = () => Promise.reject(lost)
    await t.rejects(store.acknowledge(['k2']), StoreUnavailable)
    connection.acknowledgeEffects = acknowledge
    t.equal(await connection.xlen(keys.effects), 2)
    await store.commit(commitOf('k4', 'c4', 0))
    await store.acknowledge(['k3', 'k4'])
    t.equal(await connection.xlen(keys.effects), 0)
  },
)

void t.test('an acknowledgement during a lapse of the lease is repeated with the next one', async (t) => {
  const { store, keys, connection, token } = await aStore(t)
  await store.commit(commitOf('k1', 'c1', 0))
  await store.commit(commitOf('k2', 'c2', 0))
  await connection.del(keys.lease)
  await store.acknowledge(['k1'])
  t.equal(await connection.xlen(keys.effects), 2)
  await connection.set(keys.lease, token.held)
  await store.acknowledge(['k2'])
  t.equal(await connection.xlen(keys.effects), 0)
})

void t.test('effects of an earlier owner can be acknowledged once they are loaded', async (t) => {
  const { store, keys, connection } = await aStore(t)
  await store.commit(commitOf('k1', 'c1', 0))
  const next = redisAcdStore(connection, keys, () => 'one:1')
  t.equal((await next.load()).effects.length, 1)
  await next.acknowledge(['k1'])
  t.same((await next.load()).effects, [])
})

void t.test(
  'after Redis was emptied the owner’s memory is written back, with the missing events',
  async (t) => {
    const { store, keys, connection } = await aStore(t)
    await store.commit(commitOf('k1', 'old', 0))
    await connection.del(keys.versions, keys.states, keys.events)
    const calls = [{ call: callNamed('c1'), version: 7 }]
    const agents = [{ agent: agentNamed('ana'), version: 3 }]
    const effects = [{ commit: 'k9', effects: [{ do: 'FinishRecording' as const, call: CallId('c9') }] }]
    const missed = [eventOf('c1', 6), eventOf('c1', 7)]
    t.equal(await store.overwrite({ calls, agents, effects }, missed), 'SAVED')
    const line = await store.load()
    t.same(line, { calls, agents, effects }, 'due effects stay due; old effects are not repeated')
    await store.acknowledge(['k9'])
    t.equal(await connection.xlen(keys.effects), 0, 'removed once it is acknowledged')
    t.equal(await connection.xlen(keys.events), 2)
    t.equal(await store.commit(commitOf('k2', 'c1', 7)), 'SAVED', 'and later commits follow')
  },
)

void t.test('the listener learns when Redis goes and returns, and whether it was restarted', async (t) => {
  const own = await testRedis(t)
  const connection = await readyRedis(own)
  const store = redisAcdStore(connection, own.keys(), () => 'one:1')
  const states: { up: boolean; restarted: boolean }[] = []
  store.onState((state) => states.push(state))
  await until(() => states.length === 1)
  t.same(states, [{ up: true, restarted: false }])
  connection.disconnect(true)
  await until(() => states.some(({ up }) => !up) && states.at(-1)?.up === true)
  t.equal(states.at(-1)?.restarted, false, 'the same Redis')
  await own.kill()
  await until(() => states.at(-1)?.up === false)
  await t.rejects(store.commit(commitOf('k1', 'c1', 0)), StoreUnavailable)
  await t.rejects(store.load(), StoreUnavailable)
  await t.rejects(store.overwrite({ calls: [], agents: [], effects: [] }, []), StoreUnavailable)
  await own.start()
  await until(() => states.at(-1)?.up === true)
  t.equal(states.at(-1)?.restarted, true)
  store.close()
})
