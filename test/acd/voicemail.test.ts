import t, { type Test } from 'tap'
import type { MenuTree } from '../../src/core/configuration/menu.ts'
import { CallId, ChannelId, QueueId, toneOf, voicemailPromptOf } from '../../src/core/ids.ts'
import { readyRedis, testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { newQueue } from '../../src/core/queue.ts'
import { queue, Stage, type Server } from './stage.ts'

const redis = await testRedis(t)
const caller = ChannelId('c1')
const announcement = voicemailPromptOf(CallId('c1'))
const tone = toneOf(CallId('c1'))

/** The number is closed, and takes messages. */
async function closedStage(t: Test) {
  const stage = new Stage(t, redis, ['ana'])
  stage.opening = { open: false, opensAt: null, closedAt: null }
  stage.closed = 'voicemail'
  stage.asterisk.playMs = null
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('c1')
  await soon(() => stage.asterisk.playing.has(announcement))
  return { stage, server }
}

/** The announcement is over, and the tone. */
async function speak({ asterisk }: Stage, server: Server): Promise<void> {
  asterisk.endPlayback(announcement)
  await soon(() => asterisk.playing.has(tone))
  asterisk.endPlayback(tone)
  await soon(() => {
    const call = server.call('c1')
    return call?.phase === 'voicemail' && call.prompt === null
  })
}

void t.test('a caller of a closed number leaves a message, which is handed over', async (t) => {
  const { stage, server } = await closedStage(t)
  const handedOver: string[] = []
  stage.recordings = (call) => {
    handedOver.push(call)
    return Promise.resolve()
  }
  stage.asterisk.onPlay = (channel, { say }) => {
    if (say === 'tone') t.ok(stage.asterisk.speaks(channel), 'who hears the tone is recorded')
  }
  await speak(stage, server)
  t.equal(stage.did('RingAgent').length, 0, 'no agent is rung')
  // A digit that a caller presses while speaking may be a card's number.
  for (const key of ['4', '0'] as const) stage.asterisk.press(caller, key)
  stage.aheadMs += 1_600
  stage.asterisk.press(caller, '#')
  await stage.endTold('c1')
  const events = stage.events.flatMap((one) => (one.id === 'c1' && one.subject === 'call' ? [one] : []))
  t.match(events.at(-1)?.after, { outcome: 'voicemail', endedBy: 'caller', queuedAt: null })
  t.same(
    events.flatMap(({ event }) => (event.type === 'KeyPressed' ? [event.key] : [])),
    ['#'],
    'no other key is on record',
  )
  await soon(() => handedOver.includes('c1'))
  t.same(stage.alarms, [])
})

void t.test(
  'the server dies while the caller speaks: Asterisk goes on, and the next owner lets them',
  async (t) => {
    const { stage, server } = await closedStage(t)
    await speak(stage, server)
    await soon(() => stage.events.some(({ after }) => 'prompt' in after && after.prompt === null))
    await server.kill()
    await stage.leaseLapses()
    const next = await stage.server('two').start()
    await soon(() => next.call('c1')?.phase === 'voicemail')
    t.ok(stage.asterisk.speaks(caller), 'it was not interrupted')
    t.equal(stage.did('Play').length, 2, 'nothing is read to a caller who speaks')
    stage.aheadMs += 1_600
    stage.asterisk.hangUp(caller)
    await stage.endTold('c1')
    t.match(stage.events.find(({ id, after }) => id === 'c1' && 'endedAt' in after)?.after, {
      outcome: 'voicemail',
    })
  },
)

void t.test('a caller who hangs up before the tone has called a closed number', async (t) => {
  const { stage } = await closedStage(t)
  stage.asterisk.hangUp(caller)
  await stage.endTold('c1')
  t.match(stage.events.find(({ id, after }) => id === 'c1' && 'endedAt' in after)?.after, {
    outcome: 'closed',
  })
  t.equal(stage.did('RecordVoicemail').length, 0)
})

void t.test('the server dies during the announcement: no tone invites to speak unrecorded', async (t) => {
  const { stage, server } = await closedStage(t)
  await server.kill()
  stage.asterisk.endPlayback(announcement)
  await stage.leaseLapses()
  const next = await stage.server('two').start()
  await soon(() => stage.asterisk.playing.has(tone))
  t.ok(stage.asterisk.speaks(caller))
  t.match(
    next.call('c1'),
    { phase: 'voicemail', prompt: { say: 'tone' } },
    'the time of a message begins after it',
  )
})

void t.test('a recorder that cannot be started ends the call, and no caller speaks to nobody', async (t) => {
  const { stage } = await closedStage(t)
  stage.asterisk.interfere = (effect) => (effect.do === 'RecordVoicemail' ? 'refused' : undefined)
  stage.asterisk.endPlayback(announcement)
  await stage.endTold('c1')
  t.match(stage.events.find(({ id, after }) => id === 'c1' && 'endedAt' in after)?.after, {
    outcome: 'failed',
  })
  await soon(() => stage.channel('c1') === undefined)
})

for (const restarts of [false, true])
  void t.test(
    restarts
      ? 'a caller who has waited in the fallback queue while no server was there waits on'
      : 'a caller whom the watchdog took during the announcement waits on',
    async (t) => {
      const { stage, server } = await closedStage(t)
      if (restarts) await server.kill()
      stage.asterisk.rescue('c1')
      if (restarts) {
        stage.asterisk.enter(caller, Date.now() - 2_000)
        await stage.leaseLapses()
      } else stage.asterisk.enter(caller, Date.now() - 2_000)
      const next = restarts ? await stage.server('two').start() : server
      await soon(() => next.call('c1')?.phase !== 'voicemail')
      const call = next.call('c1')
      t.ok(call !== undefined && call.queuedAt !== null, 'with their place')
      t.notOk(stage.asterisk.speaks(caller))
    },
  )

void t.test(
  'all state is lost while the caller speaks: they leave their message, and nobody is rung',
  async (t) => {
    const { stage, server } = await closedStage(t)
    await speak(stage, server)
    await server.kill()
    await (await readyRedis(redis)).flushdb()
    const next = await stage.server('two').start()
    await soon(() => next.call('c1') !== undefined)
    t.match(next.call('c1'), { phase: 'voicemail', prompt: null, queuedAt: null })
    t.equal(stage.did('RingAgent').length, 0)
    t.equal(stage.did('StartMusic').length, 0)
  },
)

/** Its first key leads to a message for another queue. */
const messages: MenuTree = {
  first: 'welcome',
  menus: {
    welcome: {
      sounds: { ro: 'salut' },
      keys: {
        '1': { queue: QueueId('city'), priority: 10 },
        '7': { voicemail: QueueId('taxes'), sounds: { ro: 'mesaj', en: 'message' } },
      },
      repeats: 1,
    },
  },
}

void t.test('messages by key have the bound of all: beyond it the key leads to a person', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const taxes = { ...newQueue(QueueId('taxes'), 'Taxe'), priority: 3 }
  stage.menu = messages
  stage.queues.push(taxes)
  // Two may leave a message at once.
  stage.rules = { ...stage.rules, lineLengthMax: 4 }
  stage.asterisk.playMs = null
  const server = await stage.server().start()
  const arrives = async (id: string) => {
    stage.asterisk.arrive(id)
    await server.phase(id, 'menu')
  }
  for (const id of ['m1', 'm2']) {
    await arrives(id)
    stage.asterisk.press(ChannelId(id), '7')
    t.match(await server.phase(id, 'voicemail'), { queue: 'taxes' })
  }
  await arrives('m3')
  stage.asterisk.press(ChannelId('m3'), '7')
  t.match(await server.phase('m3', 'waiting'), { queue: 'taxes', priority: 3 })
  t.notOk(stage.asterisk.speaks(ChannelId('m3')))

  await arrives('m4')
  stage.reconfigure(queue)
  stage.asterisk.press(ChannelId('m4'), '7')
  t.match(
    await server.phase('m4', 'waiting'),
    { queue: 'city', priority: 10 },
    'the queue of the message was removed meanwhile',
  )

  stage.asterisk.hangUp(ChannelId('m1'))
  await server.over('m1')
  await arrives('m5')
  stage.asterisk.press(ChannelId('m5'), '7')
  await server.phase('m5', 'voicemail')
  t.same(
    stage.events.flatMap(({ id, event }) => (event.type === 'KeyPressed' && 'instead' in event ? [id] : [])),
    ['m3', 'm4'],
    'on record, with where the key led',
  )
  t.same(stage.alarms, [])
})
