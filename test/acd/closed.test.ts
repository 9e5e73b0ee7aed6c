import t, { type Test } from 'tap'
import { callbackOf, CallId, ChannelId, closedReadingOf, PbxName } from '../../src/core/ids.ts'
import { bounds } from '../../src/core/rules.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { Stage, type Server } from './stage.ts'

const redis = await testRedis(t)
const caller = ChannelId('c1')
const callback = callbackOf(PbxName('pbx1'), CallId('c1'), 1)
const question = closedReadingOf(CallId('c1'), 1)
const number = closedReadingOf(CallId('c1'), 2)
const closed = { open: false, opensAt: Date.now() + 3_600_000, closedAt: null } as const

/** The number is closed, and its callers may be called back; an agent is free. */
async function closedStage(t: Test) {
  const stage = new Stage(t, redis, ['ana'])
  stage.opening = closed
  stage.closed = 'callback'
  stage.asterisk.playMs = null
  const server = await stage.server().start()
  await server.work('ana')
  return { stage, server }
}

const arrive = (stage: Stage, id = 'c1', from = '0256100200'): CallId =>
  stage.asterisk.arrive(id, { callerNumber: from })

async function confirm(stage: Stage, id = 'c1'): Promise<void> {
  const readings = [closedReadingOf(CallId(id), 1), closedReadingOf(CallId(id), 2)]
  for (const [index, key] of (['2', '1'] as const).entries()) {
    await soon(() => stage.asterisk.playing.has(readings[index]!))
    stage.asterisk.press(ChannelId(id), key)
  }
}

const endOf = (stage: Stage, id: string) =>
  stage.events.find((event) => event.id === id && 'endedAt' in event.after)?.after

void t.test('a caller of a closed number presses two keys, and is called once it is open', async (t) => {
  const { stage, server } = await closedStage(t)
  arrive(stage)
  await confirm(stage)
  await soon(() => server.call(callback) !== undefined)
  const promised = server.call(callback)
  t.match(promised, { phase: 'promised', queue: 'city', queuedAt: server.call('c1')?.arrivedAt })
  stage.asterisk.hangUp(caller)
  await stage.endTold('c1')
  t.match(endOf(stage, 'c1'), { outcome: 'callback', queuedAt: null })
  stage.second()
  t.equal(server.call(callback)?.phase, 'promised')
  t.equal(stage.did('RingAgent').length, 0, 'nobody is rung while it is closed')
  stage.opening = { open: true, closesAt: null }
  stage.second()
  await server.phase(callback, 'ringing')
  t.same(stage.alarms, [])
})

void t.test('the server dies at each step: the caller goes on, and the promise is kept', async (t) => {
  const { stage, server } = await closedStage(t)
  arrive(stage)
  await soon(() => stage.asterisk.playing.has(question))
  await soon(() => stage.events.length > 0)
  await server.kill()
  await stage.leaseLapses()
  const second = await stage.server('two').start()
  // Whether it was read to its end is not known: a key is awaited.
  await soon(() => {
    const call = second.call('c1')
    return call?.phase === 'closed' && !call.isReading
  })
  stage.asterisk.press(caller, '2')
  await soon(() => stage.asterisk.playing.has(number))
  stage.asterisk.press(caller, '1')
  await soon(() => stage.events.some(({ id }) => id === callback))
  await second.kill()
  await stage.leaseLapses()
  const third = await stage.server('three').start()
  t.match(third.call(callback), { phase: 'promised' })
  await stage.endTold('c1')
  t.match(endOf(stage, 'c1'), { outcome: 'callback' })
})

void t.test('only what can be promised is offered, and each number has one callback', async (t) => {
  const { stage, server } = await closedStage(t)
  const plain = async (id: string, from: string) => {
    arrive(stage, id, from)
    await server.phase(id, 'dismissing')
    t.match(server.call(id), { outcome: 'closed', prompt: { say: 'closed' } }, from)
  }
  await plain('w1', '')
  await plain('w2', '0900100200')
  await plain('w3', '0256408969')
  await plain('w4', '00493012345678')
  arrive(stage)
  await confirm(stage)
  await soon(() => server.call(callback) !== undefined)
  stage.asterisk.hangUp(caller)
  await stage.endTold('c1')
  arrive(stage, 'c2')
  await confirm(stage, 'c2')
  await server.phase('c2', 'dismissing')
  t.match(server.call('c2'), { outcome: 'callback' })
  const callbacks = server.owner.line.calls().filter(({ value }) => value.phase === 'promised')
  t.same(
    callbacks.map(({ value }) => value.id),
    [callback],
    'the first one is kept',
  )
  await plain('c3', '0256100200')
})

void t.test('only so many may stand', async (t) => {
  const { stage, server } = await closedStage(t)
  const [queue] = stage.queues
  stage.reconfigure({ ...queue!, callback: { afterSeconds: 600, standingMax: 1 } })
  arrive(stage)
  await server.phase('c1', 'closed')
  arrive(stage, 'c2', '0256100201')
  await server.phase('c2', 'dismissing')
  t.ok(bounds.callbacksMax > 1, 'of a queue that says nothing')
})

void t.test('a caller whose watchdog took them away waits on', async (t) => {
  const { stage, server } = await closedStage(t)
  arrive(stage)
  await soon(() => stage.asterisk.playing.has(question))
  stage.asterisk.rescue('c1')
  stage.asterisk.enter(caller, Date.now() - 2_000)
  await left(server)
  t.ok(server.call('c1')?.queuedAt, 'with their place')
})

const left = (server: Server): Promise<void> => soon(() => server.call('c1')?.phase !== 'closed')
