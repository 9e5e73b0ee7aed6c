import t from 'tap'
import { agentLegOf, AgentId, bridgeOf, ChannelId, PlaybackId } from '../../src/core/ids.ts'
import { bounds } from '../../src/core/rules.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { Stage } from './stage.ts'

const redis = await testRedis(t)
const ana = AgentId('ana')

void t.test('a call goes from arrival to record, and the next one is offered at once', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  stage.rules = { ...stage.rules, greeting: true }
  stage.asterisk.playMs = null
  const server = await stage.server().start()
  await server.work('ana')

  stage.asterisk.arrive('c1')
  const greeting = await server.phase('c1', 'greeting')
  t.equal(greeting.caller.number, '+40256100200')
  await soon(() => stage.did('Play').length === 1)
  stage.asterisk.endPlayback(PlaybackId('greeting-c1'))
  const offer = await server.talk('c1')
  t.ok(stage.hear('c1', offer))
  t.equal(server.agent('ana').state, 'talking')
  t.equal(stage.channel('c1')?.music, false)

  stage.asterisk.arrive('c2')
  await soon(() => stage.did('Play').length === 2)
  stage.asterisk.endPlayback(PlaybackId('greeting-c2'))
  await server.phase('c2', 'waiting')
  t.match(await server.owner.desk.perform({ do: 'hangUp', agent: ana }), { ok: true })
  const second = await server.phase('c2', 'ringing')
  t.equal(second.offer.agent, 'ana')
  await soon(() => stage.recorded.includes('c1'))
  t.equal(stage.channel('c1'), undefined)
  t.notOk(stage.asterisk.bridges.has(bridgeOf(offer)))
  const ended = stage.events.findLast((event) => event.subject === 'call' && event.id === 'c1')
  t.match(ended?.after, { phase: 'ended', outcome: 'answered', endedBy: 'agent' })
  const numbers = stage.events.filter(({ id }) => id === 'c1').map(({ seq }) => seq)
  t.same(
    numbers,
    Array.from(numbers, (_, index) => index + 1),
    'numbered without a gap',
  )
  t.same(stage.alarms, [])
})

void t.test(
  'two callers and one agent: one rings, the other keeps waiting, and no phone rings twice',
  async (t) => {
    const stage = new Stage(t, redis, ['ana'])
    const server = await stage.server().start()
    await server.work('ana')
    stage.asterisk.arrive('c1')
    stage.asterisk.arrive('c2')
    const { offer } = await server.phase('c1', 'ringing')
    await server.phase('c2', 'waiting')
    await soon(() => stage.channel(agentLegOf(offer.id)) !== undefined)
    t.equal(stage.did('RingAgent').length, 1)
    stage.asterisk.hangUp(ChannelId('c1'))
    await server.phase('c2', 'ringing')
    await server.over('c1')
    t.equal(server.agent('ana').missed, 0, 'a caller who leaves is no miss')
  },
)

void t.test('a number that says itself when its calls are answered is not bound to the rules', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  stage.rules = { ...stage.rules, answer: 'queue' }
  stage.answer = 'agent'
  const server = await stage.server().start()
  stage.asterisk.arrive('c1')
  const waiting = await server.phase('c1', 'waiting')
  t.equal(waiting.lineAnswered, false)
  await soon(() => stage.channel('c1')?.music === true)
  t.same(stage.did('AnswerCaller'), [])
})

void t.test('the agent with the highest level and the longest idle time is rung', async (t) => {
  const stage = new Stage(t, redis, ['ana', 'ion'])
  stage.agents.push({ id: AgentId('eva'), username: 'eva', name: 'eva', skills: { city: 5 } })
  const server = await stage.server().start()
  await server.work('ana', 'ion', 'eva')
  stage.asterisk.arrive('c1')
  stage.asterisk.arrive('c2')
  stage.asterisk.arrive('c3')
  const agentOf = async (id: string) => (await server.phase(id, 'ringing')).offer.agent
  t.same([await agentOf('c1'), await agentOf('c2'), await agentOf('c3')], ['eva', 'ana', 'ion'])
})

void t.test(
  'a phone that never rings is no miss: the next agent is rung, and this one once their phone answers again',
  async (t) => {
    const stage = new Stage(t, redis, ['ana', 'ion'])
    stage.asterisk.unrungMs = 50
    const server = await stage.server().start()
    await server.work('ana')
    stage.asterisk.deafen('ana', 'web')
    stage.asterisk.arrive('c1')
    await soon(() => !server.agent('ana').phones.web)
    await server.phase('c1', 'waiting')
    t.match(server.agent('ana'), { state: 'ready', missed: 0 })
    await server.work('ion')
    await server.talk('c1')
    stage.asterisk.arrive('c2')
    await server.phase('c2', 'waiting')
    stage.aheadMs += 10_000
    stage.second()
    t.equal(server.call('c2')?.phase, 'waiting', 'rested, and still not rung')
    t.equal(stage.did('RingAgent').length, 2)
    stage.asterisk.register('ana', 'web')
    t.match(await server.phase('c2', 'ringing'), { offer: { agent: 'ana' } })
  },
)

void t.test(
  'an agent who is ready without a phone is paused after a minute, unless the phone is back before',
  async (t) => {
    const stage = new Stage(t, redis, ['ana', 'ion'])
    const first = await stage.server().start()
    await first.work('ana', 'ion')
    stage.asterisk.register('ana', 'web', false)
    stage.asterisk.register('ion', 'web', false)
    const lost = () => stage.events.filter(({ event }) => event.type === 'PhonesChanged' && !event.web)
    await soon(() => lost().length === 2)
    await first.kill()
    stage.asterisk.register('ion', 'web')
    stage.aheadMs += 5 * bounds.phoneAwayMs
    await stage.leaseLapses()
    const second = await stage.server('two').start()
    await soon(() => second.agent('ana').state === 'paused')
    t.match(second.agent('ana'), { reason: 'technical' })
    t.equal(second.agent('ion').state, 'ready')
    t.match(await second.owner.desk.perform({ do: 'ready', agent: ana }), {
      ok: false,
      refusal: 'no reachable phone',
    })
  },
)

void t.test('an agent who signs out while it rings passes the caller on', async (t) => {
  const stage = new Stage(t, redis, ['ana', 'ion'])
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('c1')
  const first = await server.phase('c1', 'ringing')
  await server.work('ion')
  const answer = await server.owner.desk.perform({ do: 'signOut', agent: ana })
  t.match(answer, { ok: true, value: { state: 'signed out', missed: 0 } })
  await soon(() => server.call('c1')?.phase === 'ringing')
  t.match(server.call('c1'), { offer: { agent: 'ion' } })
  await soon(() => stage.channel(agentLegOf(first.offer.id)) === undefined)
})

void t.test('a late answer of an offer that is over is hung up', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('c1')
  const { offer } = await server.phase('c1', 'ringing')
  const leg = agentLegOf(offer.id)
  await soon(() => stage.channel(leg) !== undefined)
  stage.asterisk.hangUp(ChannelId('c1'))
  stage.asterisk.answer(leg)
  await server.over('c1')
  await soon(() => stage.channel(leg) === undefined)
  await stage.endTold('c1')
  t.match(
    stage.events.findLast(({ id }) => id === 'c1')?.after,
    { outcome: 'abandoned', answeredAt: null },
    'the same moment is no answer',
  )
  await soon(() => server.agent('ana').state === 'ready')
})

void t.test('hold, resume and mute reach the legs', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  const { desk } = server.owner
  await server.work('ana')
  t.match(await desk.perform({ do: 'hold', agent: ana }), { ok: false, refusal: 'not in a call' })
  stage.asterisk.arrive('c1')
  const offer = await server.talk('c1')
  await desk.perform({ do: 'mute', agent: ana, muted: true })
  t.equal(stage.channel(agentLegOf(offer))?.muted, true)
  await desk.perform({ do: 'hold', agent: ana })
  t.equal(server.call('c1')?.phase, 'held')
  t.notOk(stage.hear('c1', offer))
  t.equal(stage.channel('c1')?.music, true)
  await desk.perform({ do: 'resume', agent: ana })
  t.ok(stage.hear('c1', offer))
  t.equal(stage.channel(agentLegOf(offer))?.muted, false)
  stage.asterisk.emit({ type: 'LegHeld', channel: agentLegOf(offer), held: true })
  await server.phase('c1', 'held')
})

void t.test('a reloaded page gets its caller back; the same page again changes nothing', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  const { desk } = server.owner
  await server.work('ana')
  await desk.perform({ do: 'pageOpened', agent: ana, instance: 'page-1' })
  stage.asterisk.arrive('c1')
  const offer = await server.talk('c1')
  await desk.perform({ do: 'pageOpened', agent: ana, instance: 'page-1' })
  t.equal(server.call('c1')?.phase, 'talking')

  stage.asterisk.onRing = (leg) => stage.asterisk.answer(leg)
  await desk.perform({ do: 'pageOpened', agent: ana, instance: 'page-2' })
  await soon(() => {
    const call = server.call('c1')
    return call?.phase === 'talking' && call.offer.id !== offer
  })
  const mended = await server.phase('c1', 'talking')
  t.ok(stage.hear('c1', mended.offer.id))
  t.match(stage.did('RingAgent').at(-1), { autoAnswer: true })
  await soon(() => stage.channel(agentLegOf(offer)) === undefined)
  t.match(server.agent('ana'), { state: 'talking', offer: { id: mended.offer.id } })
  await desk.perform({ do: 'hangUp', agent: ana })
  t.match(server.agent('ana'), { state: 'ready', callsToday: 1 })
})

void t.test(
  'no audio from the agent and no phone: the caller is first in the queue for any free agent',
  async (t) => {
    const stage = new Stage(t, redis, ['ana', 'ion'])
    const server = await stage.server().start()
    await server.work('ana')
    stage.asterisk.arrive('c1')
    const offer = await server.talk('c1')
    stage.asterisk.arrive('c0', { arrivedAt: Date.now() - 60_000, queuedAt: Date.now() - 60_000 })
    await server.phase('c0', 'waiting')
    stage.asterisk.register('ana', 'web', false)
    stage.asterisk.hangUp(agentLegOf(offer), 'no audio')
    await server.phase('c1', 'reconnecting')
    await soon(() => stage.channel('c1')?.music === true)
    stage.aheadMs += 11_000
    stage.second()
    await server.phase('c1', 'waiting')
    t.match(server.agent('ana'), { state: 'ready', callsToday: 1 })
    await server.work('ion')
    const { offer: next } = await server.phase('c1', 'ringing')
    t.equal(next.agent, 'ion', 'before the other, who came earlier')
    t.equal(server.call('c0')?.phase, 'waiting')
  },
)

void t.test('a page that goes while it rings ends its offer at once', async (t) => {
  const stage = new Stage(t, redis, ['ana', 'ion'])
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('c1')
  const { offer } = await server.phase('c1', 'ringing')
  await server.work('ion')
  stage.asterisk.register('ana', 'desk', false)
  t.match(
    server.call('c1'),
    { phase: 'ringing', offer: { id: offer.id } },
    'it is another phone that is gone',
  )
  stage.asterisk.register('ana', 'web', false)
  await soon(() => {
    const call = server.call('c1')
    return call?.phase === 'ringing' && call.offer.agent === 'ion'
  })
  await soon(() => stage.channel(agentLegOf(offer.id)) === undefined)
  t.match(
    server.agent('ana'),
    { state: 'ready', missed: 0, phones: { web: false } },
    'that the phone cannot be reached is visible, and no miss',
  )
})

void t.test(
  'the queue is bounded: callers in greeting count, and further ones hear that it is full',
  async (t) => {
    const stage = new Stage(t, redis, [])
    stage.rules = { ...stage.rules, greeting: true, lineLengthMax: 3 }
    stage.asterisk.playMs = null
    const server = await stage.server().start()
    for (let call = 1; call <= 5; call++) stage.asterisk.arrive(`c${call}`)
    await server.phase('c3', 'greeting')
    await server.phase('c4', 'dismissing')
    await server.phase('c5', 'dismissing')
    await soon(() => stage.did('Play').length === 5)
    t.same(
      stage.did('Play').map(({ prompt }) => prompt.say),
      ['greeting', 'greeting', 'greeting', 'line full', 'line full'],
    )
    stage.asterisk.endPlayback(PlaybackId('dismiss-c4'))
    await server.over('c4')
    await soon(() => stage.channel('c4') === undefined)
  },
)

void t.test('beyond a full queue half as many callers again hear why, the rest a busy tone', async (t) => {
  const stage = new Stage(t, redis, [])
  stage.rules = { ...stage.rules, lineLengthMax: 4 }
  stage.asterisk.playMs = null
  const server = await stage.server().start()
  for (let call = 1; call <= 8; call++) stage.asterisk.arrive(`c${call}`)
  await server.phase('c4', 'waiting')
  await server.phase('c6', 'dismissing')
  for (const busy of ['c7', 'c8']) await server.over(busy)
  stage.second()
  await soon(() => stage.asterisk.room === 'none')
  await soon(() => stage.channel('c7') === undefined && stage.channel('c8') === undefined)
  t.same(
    stage.did('HangUp').map(({ channel, as }) => [channel, as]),
    [
      ['c7', 'busy'],
      ['c8', 'busy'],
    ],
  )
  await soon(() => stage.asterisk.playing.has(PlaybackId('dismiss-c5')))
  stage.asterisk.endPlayback(PlaybackId('dismiss-c5'))
  await server.over('c5')
  stage.asterisk.arrive('c9')
  await server.phase('c9', 'dismissing')
  stage.asterisk.room = 'place'
  stage.second()
  await soon(() => stage.asterisk.room === 'none')
  t.pass('an old answer that comes late does not stand')
})

void t.test('a greeting that cannot be played does not keep the caller in silence', async (t) => {
  const stage = new Stage(t, redis, [])
  stage.rules = { ...stage.rules, greeting: true }
  stage.asterisk.interfere = (effect) => (effect.do === 'Play' ? 'refused' : undefined)
  const server = await stage.server().start()
  stage.asterisk.arrive('c1')
  await server.phase('c1', 'waiting')
})

void t.test('a desk command that is not possible is refused with its reason', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const server = stage.server()
  const { desk } = server.owner
  t.match(await desk.perform({ do: 'signIn', agent: ana }), { refusal: 'line is away' })
  t.match(await desk.perform({ do: 'hold', agent: ana }), { refusal: 'line is away' })
  await server.start()
  t.match(await desk.perform({ do: 'ready', agent: ana }), { refusal: 'not signed in' })
  t.match(await desk.perform({ do: 'signIn', agent: AgentId('nobody') }), { refusal: 'unknown agent' })
  t.match(await desk.perform({ do: 'signIn', agent: ana }), {
    ok: true,
    value: { state: 'paused', reason: 'sign-in' },
  })
  t.match(await desk.perform({ do: 'ready', agent: ana }), { refusal: 'no reachable phone' })
  t.match(await desk.perform({ do: 'chooseDevice', agent: ana, device: 'desk' }), {
    ok: true,
    value: { phones: { chosen: 'desk' } },
  })
  t.match(await desk.perform({ do: 'pause', agent: ana, reason: 'meal' }), {
    ok: true,
    value: { state: 'paused', reason: 'meal' },
  })
  for (const reason of ['coffee', 'missed'])
    t.match(await desk.perform({ do: 'pause', agent: ana, reason }), { refusal: 'unknown pause reason' })
  t.match(await desk.perform({ do: 'endWrapUp', agent: ana }), { refusal: 'not in wrap-up' })
  t.match(await desk.perform({ do: 'extendWrapUp', agent: ana, byMs: 1_000 }), { refusal: 'not in wrap-up' })
  t.match(await desk.perform({ do: 'decline', agent: ana }), { refusal: 'not in a call' })
})

void t.test('a supervisor’s pause survives a takeover; the agent cannot end it', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const first = await stage.server('one').start()
  await first.work('ana')
  const by = { id: AgentId('maria'), name: 'Maria Ionescu' }
  t.match(await first.owner.desk.perform({ do: 'liftPause', agent: ana, by }), {
    refusal: 'not paused by a supervisor',
  })
  t.match(await first.owner.desk.perform({ do: 'imposePause', agent: ana, by }), {
    value: { state: 'paused', reason: 'supervisor', imposed: { by } },
  })
  await first.owner.stop()
  const second = await stage.server('two').start()
  const { desk } = second.owner
  for (const own of [
    { do: 'ready', agent: ana },
    { do: 'pause', agent: ana, reason: 'meal' },
  ] as const)
    t.match(await desk.perform(own), { refusal: 'paused by a supervisor' })
  stage.asterisk.arrive('c1')
  await second.phase('c1', 'waiting')
  t.match(await desk.perform({ do: 'liftPause', agent: ana, by }), { ok: true })
  await second.phase('c1', 'ringing')
})

void t.test('a desk command for one call does not act on the next', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  const { desk } = server.owner
  await server.work('ana')
  stage.asterisk.arrive('c1')
  const gone = (await server.phase('c1', 'ringing')).offer.id
  stage.asterisk.hangUp(ChannelId('c1'))
  await server.over('c1')
  stage.asterisk.arrive('c2')
  const offer = (await server.phase('c2', 'ringing')).offer.id
  for (const late of [
    () => desk.perform({ do: 'decline', agent: ana, offer: gone }),
    () => desk.perform({ do: 'hangUp', agent: ana, offer: gone }),
  ])
    t.match(await late(), { ok: false, refusal: 'not in a call' })
  await server.talk('c2')
  for (const late of [
    () => desk.perform({ do: 'hold', agent: ana, offer: gone }),
    () => desk.perform({ do: 'mute', agent: ana, muted: true, offer: gone }),
    () => desk.perform({ do: 'hangUp', agent: ana, offer: gone }),
  ])
    t.match(await late(), { ok: false, refusal: 'not in a call' })
  t.match(server.call('c2'), { phase: 'talking', muted: false })
  t.match(await desk.perform({ do: 'hold', agent: ana, offer }), { ok: true })
  await server.phase('c2', 'held')
  t.match(await desk.perform({ do: 'resume', agent: ana, offer: gone }), { ok: false })
  // The leg was lost: the offer is another, the conversation is the same.
  stage.asterisk.hangUp(agentLegOf(offer), 'no audio')
  await soon(() => stage.did('RingAgent').length === 3)
  t.match(await desk.perform({ do: 'hangUp', agent: ana, offer }), { ok: true })
  await server.over('c2')
})

void t.test('wrap-up has an end, an extension, and ends when asked', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  stage.rules = { ...stage.rules, wrapUpMs: 30_000 }
  const server = await stage.server().start()
  const { desk } = server.owner
  await server.work('ana')
  stage.asterisk.arrive('c1')
  await server.talk('c1')
  stage.asterisk.hangUp(ChannelId('c1'))
  await soon(() => server.agent('ana').state === 'wrap-up')
  t.match(await desk.perform({ do: 'extendWrapUp', agent: ana, byMs: 30_000 }), {
    ok: true,
    value: { state: 'wrap-up' },
  })
  stage.asterisk.arrive('c2')
  await server.phase('c2', 'waiting')
  stage.aheadMs += 45_000
  stage.second()
  t.equal(server.call('c2')?.phase, 'waiting')
  t.match(await desk.perform({ do: 'endWrapUp', agent: ana }), { ok: true })
  await server.talk('c2')
  t.match(await desk.perform({ do: 'pause', agent: ana, reason: 'meal' }), {
    ok: true,
    value: { state: 'talking', after: { state: 'paused' } },
  })
  await desk.perform({ do: 'hangUp', agent: ana })
  await soon(() => server.agent('ana').state === 'wrap-up')
  stage.aheadMs += 31_000
  stage.second()
  t.match(server.agent('ana'), { state: 'paused', reason: 'meal' })
})
