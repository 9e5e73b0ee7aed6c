/** Several nodes of one installation: pages, sessions and the desk's commands work the same on each. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { AgentId, OfferId } from '../../../src/core/ids.ts'
import { Compile } from 'typebox/compile'
import { askNode, NodeGone, NodeSilent, type NodeAddress } from '../../../src/http/nodes/ask-node.ts'
import { NodePubSub, type NodeChannel } from '../../../src/http/nodes/node-pubsub.ts'
import { OwnerWatch } from '../../../src/http/nodes/owner-watch.ts'
import { Readiness } from '../../../src/http/nodes/wire.ts'
import { deskPath, pageCallbackPath, nodeAuthorization } from '../../../src/http/nodes/secret.ts'
import { sharedDesk, sharedPageCallbacks } from '../../../src/http/nodes/shared-desk.ts'
import { PageRegistry } from '../../../src/http/live/pages.ts'
import { redisPubSub } from '../../../src/redis/node-pubsub.ts'
import { redisNodes } from '../../../src/redis/nodes.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { StoreUnavailable, type Desk, type PageCallbacks } from '../../../src/acd/ports.ts'
import { pino } from 'pino'
import { readyRedis, testRedis } from '../../support/redis.ts'
import { until } from '../../support/until.ts'
import { FakeAcd } from '../fake-acd.ts'
import { serve, type Served } from '../serve.ts'

const authorization = nodeAuthorization('a secret of the tests, long enough for it')
const ana = AgentId('ana')

/** A channel in memory: messages reach all nodes in one order, a moment later. */
class FakeChannel {
  readonly #listeners: ((text: string) => void)[] = []

  channel(): NodeChannel {
    return {
      publish: (text) =>
        new Promise((resolve) =>
          setImmediate(() => {
            for (const listener of this.#listeners) listener(text)
            resolve()
          }),
        ),
      onMessage: (listener) => this.#listeners.push(listener),
    }
  }
}

async function twoNodes(t: Test): Promise<[Served, Served]> {
  const shared = new FakeChannel()
  return [
    await serve(t, { nodeChannel: shared.channel(), node: 'node1' }),
    await serve(t, { nodeChannel: shared.channel(), node: 'node2' }),
  ]
}

void t.test('a page at another node takes over, and the older one is notified', async (t) => {
  const [one, two] = await twoNodes(t)
  const as = await one.signIn('agent01')
  const first = await one.live(as, '?instance=first')
  await first.next('snapshot')
  const second = await two.live(as, '?instance=second')
  await second.next('snapshot')
  t.same((await first.next('superseded')).data, { instance: 'second' })
  await first.end()
  const again = await two.live(as, '?instance=first')
  t.same((await again.next('superseded')).data, { instance: 'second' }, 'at whichever node it reconnects')
  await again.end()
  t.notOk(second.ended)
  await one.ask('PUT', '/api/me/page', { as, body: { instance: 'first' } })
  t.same((await second.next('superseded')).data, { instance: 'first' }, 'its user can make it active again')
})

void t.test('of two pages at two nodes that open simultaneously, exactly one is active', async (t) => {
  const published: string[] = []
  const publish = (agent: AgentId, instance: string) => {
    published.push(`${agent} ${instance}`)
    return Promise.resolve()
  }
  const feed = () => {
    const ends: string[] = []
    return { ends, superseded: (by: string) => ends.push(by) }
  }
  type Feed = ReturnType<typeof feed>
  const [one, two] = [new PageRegistry<Feed>(publish), new PageRegistry<Feed>(publish)]
  const [first, second] = [feed(), feed()]
  t.equal(one.open(ana, 'first', first), 'first')
  t.equal(two.open(ana, 'second', second), 'second')
  t.same(published, ['ana first', 'ana second'])
  one.heard(ana, 'first', true)
  two.heard(ana, 'first', false)
  one.heard(ana, 'second', false)
  two.heard(ana, 'second', true)
  t.same([first.ends, second.ends], [['second'], []])
})

void t.test('a session that ends at one node is over at all nodes', async (t) => {
  const [one, two] = await twoNodes(t)
  const as = await one.signIn('agent01')
  t.equal((await two.ask('GET', '/api/me', { as })).status, 200)
  const feed = await two.live(as)
  await feed.next('snapshot')
  await one.ask('DELETE', '/api/session', { as })
  t.equal((await two.ask('GET', '/api/me', { as })).status, 401, 'at once, despite its cache')
  await feed.end()
})

void t.test(
  'a message published in Redis reaches every node, and foreign messages are ignored',
  async (t) => {
    const redis = await testRedis(t)
    const keys = redis.keys()
    const log = pino({ level: 'silent' })
    const open = async (node: string) => {
      const channel = redisPubSub(await readyRedis(redis), () => redis.connect({}), keys)
      t.teardown(() => channel.close())
      return new NodePubSub(channel, node, log)
    }
    const [one, two] = [await open('one'), await open('two')]
    const heard: string[] = []
    one.onMessage(({ about }, own) => heard.push(`one ${about} ${own}`))
    two.onMessage(({ about }, own) => heard.push(`two ${about} ${own}`))
    const inspect = await readyRedis(redis)
    await until(async () => {
      const [, count] = (await inspect.pubsub('NUMSUB', keys.news)) as [string, number]
      return count === 2
    })
    await inspect.publish(keys.news, 'not ours')
    await one.publish({ about: 'session-end', digest: 'x' })
    await until(() => heard.length === 2)
    t.same(heard.toSorted(), ['one session-end true', 'two session-end false'])
    await redis.kill()
    await one.publish({ about: 'page', agent: 'ana', instance: 'first' })
    t.equal(heard.length, 2, 'without Redis the message is lost, and nothing fails')
  },
)

void t.test('only a node can send commands to the owner, and only the owner carries them out', async (t) => {
  const line = new FakeAcd()
  const own: { desk: Desk | null } = { desk: line.desk(Date.now) }
  const { ask } = await serve(t, { ownDesk: () => own.desk })
  const body = { do: 'ready', agent: 'ana' }
  t.equal((await ask('POST', deskPath, { body })).status, 403)
  t.equal((await ask('POST', deskPath, { body, headers: { authorization: 'Bearer x' } })).status, 403)
  t.same(line.asked, [])
  const headers = { authorization }
  t.match((await ask('POST', deskPath, { body, headers })).json, { ok: true, value: { state: 'ready' } })
  t.equal((await ask('POST', deskPath, { body: { do: 'dance', agent: 'ana' }, headers })).status, 400)
  own.desk = null
  t.same((await ask('POST', deskPath, { body, headers })).json, { ok: false, refusal: 'line is away' })
  t.same(line.asked, ['ready'])
})

/** A standby node, and the owner that it asks. */
function standby(addresses: Record<string, NodeAddress>) {
  const state: { own: Desk | null; holder: string | null } = { own: null, holder: 'owner' }
  const desk = sharedDesk({
    node: 'standby',
    own: () => state.own,
    holder: () => state.holder,
    addressOf: async (node) => addresses[node] ?? null,
    authorization,
    monotonic: () => performance.now(),
  })
  return { state, desk }
}

const addressOf = (url: string): NodeAddress => ({
  host: new URL(url).hostname,
  port: Number(new URL(url).port),
})

void t.test('a callback asked for on the public page reaches the owner, from any node', async (t) => {
  const line = new FakeAcd()
  const owner = await serve(t, { ownPageCallbacks: () => line.pageCallbacks })
  const none = await serve(t)
  const asked = {
    request: 'CC2026-000001',
    number: '0722 000 911',
    queue: null,
    language: 'en',
    mayBegin: true,
  } as const
  const shared = (holder: string | null, own: PageCallbacks | null = null) =>
    sharedPageCallbacks({
      node: 'standby',
      own: () => own,
      holder: () => holder,
      addressOf: async (node) => addressOf((node === 'owner' ? owner : none).url),
      authorization,
      monotonic: () => performance.now(),
    })
  t.same(await shared('owner').ask(asked), line.pageAnswer)
  t.same(await shared(null, line.pageCallbacks).ask(asked), line.pageAnswer, 'the owner itself')
  t.same(line.askedOnPage, [asked, asked])
  t.same(await shared('other').ask(asked), { ok: false, refusal: 'line is away' }, 'it owns no more')
  t.same(await shared(null).ask(asked), { ok: false, refusal: 'line is away' }, 'nobody does')
  const path = pageCallbackPath
  t.equal((await owner.ask('POST', path, { body: asked })).status, 403)
  t.equal((await owner.ask('POST', path, { body: {}, headers: { authorization } })).status, 400)
})

void t.test('every command of a desk reaches the owner unchanged', async (t) => {
  const line = new FakeAcd()
  const owner = await serve(t, { ownDesk: () => line.desk(Date.now) })
  const { desk } = standby({ owner: addressOf(owner.url) })
  t.match(await desk.perform({ do: 'signIn', agent: ana }), {
    ok: true,
    value: { id: 'ana', state: 'paused', reason: 'sign-in' },
  })
  await desk.perform({ do: 'ready', agent: ana })
  await desk.perform({ do: 'pause', agent: ana, reason: 'break' })
  await desk.perform({ do: 'chooseDevice', agent: ana, device: 'web' })
  await desk.perform({ do: 'chooseDevice', agent: ana, device: null })
  const offer = OfferId('o1')
  await desk.perform({ do: 'hangUp', agent: ana })
  await desk.perform({ do: 'hangUp', agent: ana, offer })
  await desk.perform({ do: 'hold', agent: ana, offer })
  await desk.perform({ do: 'resume', agent: ana })
  await desk.perform({ do: 'resume', agent: ana, offer })
  await desk.perform({ do: 'mute', agent: ana, muted: true })
  await desk.perform({ do: 'mute', agent: ana, muted: false, offer })
  await desk.perform({ do: 'decline', agent: ana })
  await desk.perform({ do: 'decline', agent: ana, offer })
  await desk.perform({ do: 'extendWrapUp', agent: ana, byMs: 30_000 })
  await desk.perform({ do: 'endWrapUp', agent: ana })
  await desk.perform({ do: 'pageOpened', agent: ana, instance: 'first' })
  await desk.perform({ do: 'signOut', agent: ana })
  t.equal(
    line.asked.join(', '),
    'signIn, ready, pause break, chooseDevice web, chooseDevice null, hangUp, hangUp of o1, hold of o1, resume, ' +
      'resume of o1, mute true, mute false of o1, decline, decline of o1, extendWrapUp 30000, endWrapUp, pageOpened first, signOut',
  )
  line.refusal = 'not in a call'
  t.same(await desk.perform({ do: 'hangUp', agent: ana }), { ok: false, refusal: 'not in a call' })
})

void t.test('during a takeover a command waits for the next owner', async (t) => {
  const line = new FakeAcd()
  const gone: NodeAddress = { host: '127.0.0.1', port: await freePort('127.0.0.1') }
  const next = await serve(t, { ownDesk: () => line.desk(Date.now) })
  const { desk, state } = standby({ owner: gone, next: addressOf(next.url) })
  const asked = desk.perform({ do: 'ready', agent: ana })
  const also = desk.perform({ do: 'pause', agent: ana, reason: 'break' })
  setTimeout(() => (state.holder = null), 150)
  setTimeout(() => (state.holder = 'next'), 300)
  t.match(await asked, { ok: true, value: { state: 'ready' } })
  t.match(await also, { ok: true })
  state.holder = null
  const mine = desk.perform({ do: 'hangUp', agent: ana })
  setTimeout(() => (state.own = line.desk(Date.now)), 150)
  t.match(await mine, { ok: true }, 'also when the next owner is this node')
  t.same(line.asked.toSorted(), ['hangUp', 'pause break', 'ready'])
  state.own = null
  t.same(
    await desk.perform({ do: 'hangUp', agent: ana }),
    { ok: false, refusal: 'line is away' },
    'with a bound',
  )
})

void t.test('an owner of an older release answers `pageOpened` with null: it is done', async (t) => {
  const older = createServer((_asked, answer) => answer.end('null')).listen(0, '127.0.0.1')
  t.teardown(() => older.close().closeAllConnections())
  await once(older, 'listening')
  const { port } = older.address() as AddressInfo
  const { desk } = standby({ owner: { host: '127.0.0.1', port } })
  t.equal(await desk.perform({ do: 'pageOpened', agent: ana, instance: 'first' }), null)
})

void t.test('a command whose answer was lost is not repeated', async (t) => {
  const line = new FakeAcd()
  line.away = true
  const owner = await serve(t, { ownDesk: () => line.desk(Date.now) })
  const { desk } = standby({ owner: addressOf(owner.url) })
  await t.rejects(desk.perform({ do: 'hangUp', agent: ana }), StoreUnavailable)
  t.same(line.asked, ['hangUp'])
})

void t.test('a standby node reports its role and the owner’s readiness', async (t) => {
  const owner = await serve(t)
  const state: { holder: string | null; isOwner: boolean; declines: string | null } = {
    holder: null,
    isOwner: false,
    declines: null,
  }
  const watch = new OwnerWatch({
    node: 'standby',
    isOwner: () => state.isOwner,
    declines: () => state.declines,
    own: () => ({ ready: false, missing: ['asterisk'] }),
    holder: () => state.holder,
    addressOf: async (node) => (node === 'owner' ? addressOf(owner.url) : null),
  })
  t.teardown(() => watch.stop())
  const isReadiness = Compile(Readiness)
  const checkedReadiness = () => {
    const readiness = watch.readiness()
    t.ok(isReadiness.Check(readiness))
    return readiness
  }
  t.match(checkedReadiness(), { ready: false, missing: ['owner'], role: 'standby', owner: null })
  state.holder = 'owner'
  await until(() => watch.readiness().ready)
  t.match(checkedReadiness(), { ready: true, missing: [], node: 'standby', role: 'standby', owner: 'owner' })
  owner.state.ready = false
  owner.state.missing = ['redis']
  await until(() => checkedReadiness().missing.includes('redis'))
  t.match(checkedReadiness(), { ready: false, missing: ['redis'] })
  state.holder = 'nobody knows where'
  await until(() => watch.readiness().missing.includes('owner'))
  t.notOk('declines' in checkedReadiness())
  state.declines = 'the state in Redis is newer'
  t.match(checkedReadiness(), { declines: 'the state in Redis is newer' })
  state.isOwner = true
  t.match(checkedReadiness(), { ready: false, missing: ['asterisk'], role: 'owner', owner: 'standby' })
})

void t.test('a node’s address is read from Redis, and remembered while Redis is not available', async (t) => {
  const redis = await testRedis(t)
  const keys = redis.keys()
  const address = { host: '127.0.0.1', port: 20_001 }
  redisNodes(await readyRedis(redis), keys, { node: 'one', address })
  const other = redisNodes(await readyRedis(redis), keys, { node: 'two', address: { socket: 'two.sock' } })
  await until(async () => (await other.addressOf('one')) !== null)
  t.same(await other.addressOf('one'), address)
  t.equal(await other.addressOf('three'), null)
  await redis.kill()
  t.same(await other.addressOf('one'), address)
})

void t.test('a request to no listener and a request without an answer are distinguished', async (t) => {
  const nowhere: NodeAddress = { host: '127.0.0.1', port: await freePort('127.0.0.1') }
  const question = { method: 'GET', path: '/healthz', timeoutMs: 300 } as const
  await t.rejects(askNode(nowhere, question), NodeGone)
  await t.rejects(askNode({ socket: '/nowhere/at/all.sock' }, question), NodeGone)
  const silent = createServer(() => undefined).listen(0, '127.0.0.1')
  t.teardown(() => silent.close().closeAllConnections())
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  await t.rejects(askNode({ host: '127.0.0.1', port }, question), NodeSilent)
})
