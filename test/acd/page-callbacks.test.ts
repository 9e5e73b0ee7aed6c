/** Callbacks that citizens ask for on the public page, through the owner, Redis and Asterisk: bounds, refusals, order. */
import t, { type Test } from 'tap'
import { agentLegOf, AgentId, callerLegOf, CallId, QueueId } from '../../src/core/ids.ts'
import { pageCallbacks } from '../../src/acd/callbacks/from-page.ts'
import type { AskedOnPage } from '../../src/core/announcements/page-callback.ts'
import { newQueue } from '../../src/core/queue.ts'
import { bounds } from '../../src/core/rules.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { rules as sampleRules } from '../core/samples.ts'
import { queue, Stage, type Server } from './stage.ts'

const redis = await testRedis(t)
const vera = AgentId('vera')
const taking = { ...queue, callback: { afterSeconds: 60, standingMax: 40 } }
const ask = (server: Server, change: Partial<AskedOnPage> = {}) =>
  server.owner.pageCallbacks.ask({
    request: 'CC2026-000001',
    number: '0722 000 911',
    queue: queue.id,
    language: 'ro',
    mayBegin: true,
    ...change,
  })

async function stageWith(t: Test, prepare: (stage: Stage) => void = () => undefined) {
  const stage = new Stage(t, redis, ['ana', 'vera'])
  stage.queues.splice(0, stage.queues.length, taking)
  prepare(stage)
  const server = await stage.server().start()
  return { stage, server }
}

const callbacks = (server: Server) =>
  server.owner.line.calls().flatMap(({ value }) => (value.callback === null ? [] : [value]))

void t.test(
  'it is called behind those who came before, once, and its record names the request',
  async (t) => {
    const { stage, server } = await stageWith(t)
    stage.asterisk.arrive('c1', { callerNumber: '0256100201' })
    await server.phase('c1', 'waiting')
    const answer = await ask(server)
    t.same(answer, { ok: true, value: { number: '+40722000911', opensAt: null, estimate: null } })
    t.same(await ask(server), answer, 'the button pressed twice')
    t.same(await ask(server, { mayBegin: false }), answer, 'and after the last one of the day')
    t.match(
      await Promise.all([ask(server, { request: 'two' }), ask(server, { request: 'two' })]),
      [{ ok: true }, { ok: true }],
      'another request, the same number',
    )
    const [call, ...others] = callbacks(server)
    t.same(others, [], 'one callback')
    if (call === undefined) throw new Error('no callback')
    t.match(call, { line: '969', callback: { requests: ['CC2026-000001', 'two'] } })
    await server.work('ana')
    await server.talk('c1')
    t.equal(server.call(call.id)?.phase, 'promised', 'the earlier caller first')
    stage.asterisk.hangUp(callerLegOf(CallId('c1')))
    await server.over('c1')
    stage.second()
    const { offer } = await server.phase(call.id, 'ringing')
    await soon(() => stage.channel(agentLegOf(offer.id)) !== undefined)
    t.same(stage.did('DialCaller'), [], 'an agent first')
    stage.asterisk.answer(agentLegOf(offer.id))
    await soon(() => stage.channel(call.id) !== undefined)
    t.match(stage.did('DialCaller'), [{ channel: call.id, number: '0722000911' }])
    stage.asterisk.pickUp(callerLegOf(call.id))
    await server.phase(call.id, 'talking')
    t.match(
      stage.events.filter(({ id }) => id === call.id).map(({ event }) => event),
      [
        { type: 'CallPlaced', by: null, returns: { request: 'CC2026-000001' } },
        { type: 'CallbackAsked', request: 'two' },
        { type: 'OfferMade' },
      ],
    )
  },
)

/** So many conversations that the wait can be estimated. */
async function handled(stage: Stage, server: Server): Promise<void> {
  for (let nth = 1; nth <= 10; nth += 1) {
    const call = `h${nth}`
    stage.asterisk.arrive(call, { callerNumber: '0256100201' })
    await server.talk(call)
    stage.asterisk.hangUp(callerLegOf(CallId(call)))
    await server.over(call)
  }
}

void t.test('the wait of somebody who comes now is told where it is known', async (t) => {
  const { stage, server } = await stageWith(t)
  await server.work('ana')
  await handled(stage, server)
  t.match(await ask(server), { ok: true, value: { estimate: 1 } })
})

void t.test('a request has one callback, and another number is refused while it stands', async (t) => {
  const { server } = await stageWith(t)
  t.match(await ask(server), { ok: true })
  t.same(await ask(server, { number: '0722000912' }), { ok: false, refusal: 'request has another' })
  const [call] = callbacks(server)
  if (call === undefined) throw new Error('no callback')
  await server.owner.desk.perform({ do: 'cancelCallback', agent: vera, call: call.id })
  t.match(await ask(server, { number: '0722000912' }), { ok: true }, 'once it is over')
  await server.owner.desk.perform({
    do: 'cancelCallback',
    agent: vera,
    call: callbacks(server)[0]?.id ?? call.id,
  })
  t.same(await ask(server, { mayBegin: false }), { ok: false, refusal: 'too many today' })
})

void t.test(
  'the answer is the same for a number that has a callback by 969, or is on the line',
  async (t) => {
    const { stage, server } = await stageWith(t)
    await server.work('ana')
    await handled(stage, server)
    // The agent is busy from now on.
    stage.asterisk.arrive('c1', { callerNumber: '0256100201' })
    await server.talk('c1')
    const free = await ask(server, { request: 'free', number: '0722000001' })
    t.match(free, { ok: true, value: { estimate: 1 } })
    stage.asterisk.arrive('c2', { callerNumber: '0722000002' })
    await server.phase('c2', 'waiting')
    await server.owner.desk.perform({ do: 'promiseCallback', agent: vera, call: CallId('c2') })
    await stage.endTold('c2')
    const had = callbacks(server).find(({ caller }) => caller.number === '+40722000002')
    const kept = await ask(server, { request: 'kept', number: '0722000002' })
    stage.asterisk.arrive('c3', { callerNumber: '0722000003' })
    await server.phase('c3', 'waiting')
    const onLine = await ask(server, { request: 'on line', number: '0722000003' })
    const anonymous = (answer: typeof free) => JSON.stringify(answer).replaceAll(/\+4072200000\d/g, 'N')
    t.equal(anonymous(kept), anonymous(free))
    t.equal(anonymous(onLine), anonymous(free))
    t.match(server.call(had?.id ?? ''), { queuedAt: had?.queuedAt, callback: { requests: ['kept'] } })
    t.same(
      await ask(server, { request: 'kept', number: '0722000009' }),
      { ok: false, refusal: 'request has another' },
      'as for one that was begun',
    )
  },
)

void t.test('a caller who waits loses no place by it, whatever they ask for then', async (t) => {
  const { stage, server } = await stageWith(t)
  stage.asterisk.arrive('c1', { callerNumber: '0722000911' })
  const { queuedAt } = await server.phase('c1', 'waiting')
  stage.asterisk.arrive('c2', { callerNumber: '0722000912' })
  const later = await server.phase('c2', 'waiting')
  t.match(await ask(server), { ok: true })
  await server.owner.desk.perform({ do: 'promiseCallback', agent: vera, call: CallId('c1') })
  await stage.endTold('c1')
  t.match(callbacks(server), [{ queuedAt, callback: { requests: ['CC2026-000001'] } }])
  t.ok((queuedAt ?? 0) < (later.queuedAt ?? 0))
})

void t.test('a callback that is behind its caller takes no place from them', async (t) => {
  const { stage, server } = await stageWith(t)
  const other = { ...newQueue(QueueId('other'), 'Alta'), callback: taking.callback }
  stage.reconfigure(taking, other)
  stage.asterisk.arrive('c1', { callerNumber: '0722000911' })
  await server.phase('c1', 'waiting')
  t.match(await ask(server, { queue: other.id }), { ok: true })
  const move = { do: 'moveCall', agent: vera, call: CallId('c1'), queue: other.id, toFront: false } as const
  t.match(await server.owner.desk.perform(move), { ok: true })
  t.match(await server.owner.desk.perform({ do: 'promiseCallback', agent: vera, call: CallId('c1') }), {
    ok: false,
    refusal: 'number in another call',
  })
  t.equal(server.call('c1')?.phase, 'waiting')
})

void t.test('a conversation that was going on when it was asked for does not end it', async (t) => {
  const { stage, server } = await stageWith(t)
  await server.work('ana')
  stage.asterisk.arrive('c1', { callerNumber: '0722000911' })
  await server.talk('c1')
  t.match(await ask(server), { ok: true })
  const [call] = callbacks(server)
  if (call === undefined) throw new Error('no callback')
  stage.second()
  t.equal(server.call(call.id)?.phase, 'promised')
  stage.asterisk.hangUp(callerLegOf(CallId('c1')))
  await server.over('c1')
  stage.second()
  await server.phase(call.id, 'ringing')
})

void t.test('numbers that are not called are refused, whatever else is known of them', async (t) => {
  const { server } = await stageWith(t, (stage) => {
    const now = Date.now()
    stage.blocks.push({ id: 1, number: '+40722000666', from: now - 60_000, until: now + 600_000 })
  })
  for (const [number, refusal] of [
    ['', 'no number'],
    ['07220009', 'not a number'],
    ['112', 'an emergency number'],
    ['969', 'our own number'],
    ['0256 408 969', 'our own number'],
    ['0900 123 456', 'a premium number'],
    ['+44 20 7946 0000', 'a foreign number'],
    ['0356 100 100', 'a number not allowed'],
    ['0722 000 666', 'a number not allowed'],
  ] as const)
    t.same(await ask(server, { number }), { ok: false, refusal }, number)
  t.same(callbacks(server), [])
  t.match(await ask(server), { ok: true })
  t.same(
    await ask(server, { number: '0722 000 666' }),
    { ok: false, refusal: 'request has another' },
    'who looks for blocked numbers learns nothing while a callback stands',
  )
})

void t.test('not more stand than the page’s bound, and the queue’s', async (t) => {
  const { stage, server } = await stageWith(t)
  const nth = (index: number) => ({ request: `r${index}`, number: `07220010${10 + index}` })
  for (let index = 0; index < bounds.pageCallbacksMax; index += 1)
    t.match(await ask(server, nth(index)), { ok: true })
  t.same(await ask(server, nth(50)), { ok: false, refusal: 'too many callbacks' })
  t.match(await ask(server, nth(3)), { ok: true }, 'one that stands is answered')
  stage.reconfigure({ ...taking, callback: { afterSeconds: 60, standingMax: 1 } })
  t.same(await ask(server, nth(50)), { ok: false, refusal: 'too many callbacks' })
})

void t.test('while the number is closed it waits for the opening, if that is not too far', async (t) => {
  const opensAt = Date.now() + 3_600_000
  const { stage, server } = await stageWith(t, (stage) => {
    stage.opening = { open: false, opensAt, closedAt: null }
  })
  await server.work('ana')
  t.same(await ask(server), { ok: true, value: { number: '+40722000911', opensAt, estimate: null } })
  const [call] = callbacks(server)
  if (call === undefined) throw new Error('no callback')
  t.equal(call.callback?.keptUntil, opensAt + bounds.callbackMs)
  stage.second()
  t.equal(server.call(call.id)?.phase, 'promised')
  stage.opening = { open: true, closesAt: null }
  stage.second()
  await server.phase(call.id, 'ringing')
  for (const far of [null, Date.now() + bounds.callbackOpensMs + 60_000]) {
    stage.opening = { open: false, opensAt: far, closedAt: null }
    t.same(await ask(server, { request: 'far', number: '0722000912' }), {
      ok: false,
      refusal: 'no callbacks now',
    })
  }
})

void t.test(
  'without a queue that takes callbacks none is promised; the first that does calls for others',
  async (t) => {
    const { stage, server } = await stageWith(t)
    stage.reconfigure(queue)
    t.same(await ask(server), { ok: false, refusal: 'no callbacks now' })
    const other = { ...newQueue(QueueId('other'), 'Alta'), callback: taking.callback }
    stage.reconfigure(queue, other)
    t.match(await ask(server), { ok: true })
    t.match(callbacks(server), [{ queue: other.id, line: '969' }])
  },
)

void t.test('a save that takes longer than its bound is no promise', async (t) => {
  const asked: number[] = []
  const { ask } = pageCallbacks({
    acdState: { calls: () => [], callbackTo: () => null, lines: () => [] },
    conductor: {
      beginCallback: () => Promise.withResolvers().promise,
      handlingTimes: { meanOf: () => null },
    },
    clock: {
      now: Date.now,
      wall: Date.now,
      after(ms: number, late: () => void) {
        asked.push(ms)
        setImmediate(late)
        return () => undefined
      },
    },
    directory: {
      queues: () => [taking],
      queueOf: () => taking,
      numbers: () => [],
      outbound: () => null,
      blockOf: () => null,
    },
    rules: sampleRules,
    pbx: 'pbx1',
    newId: () => 'u1',
    opening: () => ({ open: true, closesAt: null }),
    takesCalls: () => true,
  } as never)
  const answer = await ask({
    request: 'CC2026-000001',
    number: '0722 000 911',
    queue: queue.id,
    language: 'ro',
    mayBegin: true,
  })
  t.same(answer, { ok: false, refusal: 'line is away' })
  t.same(asked, [bounds.pageCallbackSavedMs])
})

void t.test('while Redis is away nothing is promised, and asked again it is', async (t) => {
  const own = await testRedis(t)
  const stage = new Stage(t, own, ['ana'])
  stage.queues.splice(0, stage.queues.length, taking)
  const server = await stage.server().start()
  await own.kill()
  // In the moment in which it dies, and once that is known.
  t.same(await ask(server), { ok: false, refusal: 'line is away' })
  await soon(() => !server.owner.takesCalls())
  t.same(await ask(server, { request: 'two', number: '0722000912' }), { ok: false, refusal: 'line is away' })
  await own.start()
  await soon(() => server.owner.takesCalls())
  t.match(await ask(server), { ok: true })
  t.match(await ask(server), { ok: true })
  t.equal(callbacks(server).length, 1)
  t.equal(stage.events.filter(({ event }) => event.type === 'CallPlaced').length, 1)
})
