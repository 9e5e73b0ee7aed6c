import t from 'tap'
import type { MenuTree } from '../../src/core/configuration/menu.ts'
import { ChannelId, greetingOf, menuReadingOf, QueueId, CallId } from '../../src/core/ids.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { queue } from '../core/samples.ts'
import { Stage } from './stage.ts'

const redis = await testRedis(t)
const menu: MenuTree = {
  first: 'welcome',
  menus: {
    welcome: {
      sounds: { ro: 'salut', en: 'welcome' },
      keys: { '1': { queue: queue.id, priority: 10 }, '2': { menu: 'taxes' }, '9': { language: 'en' } },
      repeats: 1,
    },
    taxes: { sounds: { ro: 'taxe' }, keys: { '1': { queue: QueueId('city'), priority: 3 } }, repeats: 0 },
  },
}

void t.test('a caller goes through menus by key, and the keys are on record', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  stage.menu = menu
  stage.asterisk.playMs = null
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('c1')
  const caller = ChannelId('c1')
  const reading = (nth: number) => soon(() => stage.asterisk.playing.has(menuReadingOf(CallId('c1'), nth)))
  await reading(1)
  stage.asterisk.press(caller, '9')
  await reading(2)
  t.notOk(stage.asterisk.playing.has(menuReadingOf(CallId('c1'), 1)), 'the first reading was stopped')
  stage.asterisk.endPlayback(menuReadingOf(CallId('c1'), 2))
  await soon(() => server.call('c1')?.phase === 'menu' && stage.did('Play').length === 2)
  stage.asterisk.press(caller, '2')
  await reading(3)
  stage.asterisk.press(caller, '1')
  const ringing = await server.phase('c1', 'ringing')
  t.match(ringing, { language: 'en', priority: 3 })

  const offer = await server.talk('c1')
  // A card's number, say.
  for (const key of ['4', '0', '7', '#'] as const) stage.asterisk.press(caller, key)
  t.ok(stage.hear('c1', offer))
  stage.asterisk.hangUp(caller)
  await stage.endTold('c1')
  const events = stage.events.flatMap((one) => (one.id === 'c1' && one.subject === 'call' ? [one.event] : []))
  t.same(
    events.flatMap((event) => (event.type === 'KeyPressed' ? [event.key] : [])),
    ['9', '2', '1'],
    'keys of a conversation are kept nowhere',
  )
  t.same(stage.alarms, [])
})

void t.test('a caller in a menu has a place, is rung for nobody, and can be ended', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  stage.menu = menu
  stage.rules = { ...stage.rules, lineLengthMax: 1 }
  stage.asterisk.playMs = null
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('c1')
  await server.phase('c1', 'menu')
  stage.asterisk.arrive('c2')
  await server.phase('c2', 'dismissing')
  t.equal(stage.did('RingAgent').length, 0)
  t.match(
    await server.owner.desk.perform({ do: 'endCall', agent: server.agent('ana').id, call: CallId('c1') }),
    { ok: true },
  )
  await stage.endTold('c1')
})

void t.test('a restart in a menu: the caller is given time for a key, and gets to a person', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  stage.menu = menu
  stage.asterisk.playMs = null
  const server = await stage.server().start()
  stage.asterisk.arrive('c1')
  await server.phase('c1', 'menu')
  const channel = ChannelId('c1')
  // By an owner who was cut off, for a key that is not on record.
  stage.asterisk.perform({ do: 'StartMusic', channel })
  await server.kill()
  await stage.leaseLapses()
  // The configuration has changed meanwhile: the call has its menus with it.
  stage.menu = null
  const next = await stage.server('two').start()
  await soon(() => {
    const call = next.call('c1')
    return call?.phase === 'menu' && !call.isReading
  })
  await soon(() => stage.asterisk.playing.size === 0)
  await soon(() => stage.asterisk.channels.get(channel)?.music === false)
  stage.asterisk.press(ChannelId('c1'), '2')
  await soon(() => next.call('c1')?.phase === 'menu')
  stage.asterisk.press(ChannelId('c1'), '1')
  t.match(await next.phase('c1', 'waiting'), { priority: 3 })
})

void t.test('a restart in the greeting before a menu: music of a lost choice has ended', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  stage.menu = menu
  stage.rules = { ...stage.rules, greeting: true }
  stage.asterisk.playMs = null
  const server = await stage.server().start()
  stage.asterisk.arrive('c1')
  await server.phase('c1', 'greeting')
  await soon(() => stage.asterisk.playing.has(greetingOf(CallId('c1'))))
  await server.kill()
  stage.asterisk.endPlayback(greetingOf(CallId('c1')))
  // By an owner who was cut off, whose greeting and key are not on record.
  stage.asterisk.perform({ do: 'StartMusic', channel: ChannelId('c1') })
  await stage.leaseLapses()
  const next = await stage.server('two').start()
  await next.phase('c1', 'menu')
  await soon(() => stage.channel('c1')?.music === false)
})

void t.test('a caller whom the fallback queue gives back goes on in the menu', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  stage.menu = menu
  stage.asterisk.playMs = null
  const server = await stage.server().start()
  stage.asterisk.arrive('c1')
  await server.phase('c1', 'menu')
  stage.asterisk.rescue('c1')
  stage.asterisk.enter(ChannelId('c1'))
  await soon(() => {
    const call = server.call('c1')
    return call?.phase === 'menu' && !call.isReading
  })
  stage.asterisk.press(ChannelId('c1'), '1')
  t.match(await server.phase('c1', 'waiting'), { queue: queue.id })
})

void t.test('an arrival that is told twice ends no reading', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  stage.menu = menu
  stage.asterisk.playMs = null
  const server = await stage.server().start()
  stage.asterisk.arrive('c1')
  await server.phase('c1', 'menu')
  stage.asterisk.enter(ChannelId('c1'))
  stage.asterisk.press(ChannelId('c1'), '9')
  const events = () => stage.events.flatMap((one) => (one.id === 'c1' ? [one.event.type] : []))
  await soon(() => events().includes('KeyPressed'))
  t.same(events(), ['CallArrived', 'KeyPressed'])
})

void t.test(
  'a caller who was in a menu or the greeting at an outage is before those who called during it',
  async (t) => {
    for (const [phase, greeting] of [
      ['greeting', true],
      ['menu', false],
    ] as const) {
      const stage = new Stage(t, redis, ['ana'])
      stage.menu = menu
      stage.rules = { ...stage.rules, greeting }
      stage.asterisk.playMs = null
      const server = await stage.server().start()
      stage.asterisk.arrive('first')
      await server.phase('first', phase)
      await server.kill()
      stage.asterisk.rescueAll()
      stage.asterisk.arrive('second', {}, false)
      await stage.leaseLapses()
      const next = await stage.server('two').start()
      await next.phase('second', 'waiting')
      await next.phase('first', 'waiting')
      await next.work('ana')
      t.match(await next.phase('first', 'ringing'), { queuedAt: server.call('first')?.arrivedAt }, phase)
      t.equal(next.call('second')?.phase, 'waiting')
    }
  },
)
