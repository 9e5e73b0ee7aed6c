import t, { type Test } from 'tap'
import { Announcer } from '../../src/acd/announcements/announcer.ts'
import { HandlingTimes } from '../../src/acd/announcements/handling-times.ts'
import { nothingAnnounced } from '../../src/core/announcements/announcement.ts'
import { estimateSound, positionSound } from '../../src/core/announcements/sentences.ts'
import { agentLegOf, announcementOf, CallId, ChannelId, QueueId } from '../../src/core/ids.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { queue, Stage, type Server } from './stage.ts'

const redis = await testRedis(t)
const announce = { position: true, estimate: true, firstAfterSeconds: 1, everySeconds: 2 }

function announcing(t: Test): Stage {
  const stage = new Stage(t, redis, ['ana'])
  stage.asterisk.playMs = null
  return stage
}

const reading = (stage: Stage, call: string, nth: number) =>
  soon(() => stage.asterisk.playing.has(announcementOf(CallId(call), nth)))

/** The caller has waited until the sweep of a second finds that something is to be said. */
async function waits(stage: Stage, server: Server, call: string): Promise<void> {
  await server.phase(call, 'waiting')
  stage.second()
}

void t.test('callers who wait hear their places, and music again; an answer ends the reading', async (t) => {
  const stage = announcing(t)
  const server = await stage.server().start()
  stage.reconfigure({ ...queue, announce })
  stage.asterisk.arrive('c1')
  stage.asterisk.arrive('c2')
  await server.phase('c1', 'waiting')
  await waits(stage, server, 'c2')
  await reading(stage, 'c1', 1)
  await reading(stage, 'c2', 1)
  t.same(
    stage.did('Play').map(({ prompt }) => prompt),
    [1, 2].map((position) => ({ say: 'announcement', sounds: [positionSound('ro', position)] })),
    'how fast callers are served is not known yet',
  )
  t.equal(stage.channel('c1')?.music, false)
  stage.asterisk.endPlayback(announcementOf(CallId('c1'), 1))
  await soon(() => stage.channel('c1')?.music === true)
  for (const _ of [1, 2]) stage.second()
  await reading(stage, 'c1', 2)
  await server.work('ana')
  const offer = await server.talk('c1')
  t.ok(stage.hear('c1', offer))
  t.notOk(stage.asterisk.playing.has(announcementOf(CallId('c1'), 2)))
  t.ok(stage.asterisk.playing.has(announcementOf(CallId('c2'), 1)), 'nobody else’s')
  t.same(stage.alarms, [])
})

void t.test('once some calls have been handled, the wait is said as well', async (t) => {
  const stage = announcing(t)
  const server = await stage.server().start()
  stage.reconfigure({ ...queue, announce })
  await server.work('ana')
  for (const call of ['a', 'b', 'c', 'd', 'e', 'f']) {
    stage.asterisk.arrive(call)
    const offer = await server.talk(call)
    if (call === 'f') break
    stage.asterisk.hangUp(agentLegOf(offer))
    await server.over(call)
  }
  stage.asterisk.arrive('c1')
  await waits(stage, server, 'c1')
  await reading(stage, 'c1', 1)
  t.match(server.call('c1'), { announced: { estimate: 1 } })
  t.equal(stage.did('Play').at(-1)?.prompt.say, 'announcement')
})

void t.test('the minutes that are said go by the place and the mean time of a call', async (t) => {
  const stage = announcing(t)
  const server = await stage.server().start()
  stage.reconfigure({ ...queue, announce: { ...announce, position: false, everySeconds: 600 } })
  await server.work('ana')
  for (const call of ['a', 'b', 'c', 'd', 'e']) {
    stage.asterisk.arrive(call)
    const offer = await server.talk(call)
    // So much less than two minutes that a slow machine has time for the call itself.
    stage.aheadMs += 92_000
    stage.asterisk.hangUp(agentLegOf(offer))
    await server.over(call)
  }
  stage.asterisk.arrive('talks')
  await server.talk('talks')
  const places = Array.from({ length: 10 }, (_, index) => `c${index + 1}`)
  for (const call of places) {
    stage.asterisk.arrive(call)
    await server.phase(call, 'waiting')
  }
  stage.second()
  const saidTo = (call: string): readonly string[] =>
    stage
      .did('Play')
      .flatMap(({ playback, prompt }) =>
        playback === announcementOf(CallId(call), 1) && 'sounds' in prompt ? prompt.sounds : [],
      )
  for (const [call, estimate] of [
    ['c1', 2],
    ['c2', 5],
    ['c10', 20],
  ] as const) {
    await reading(stage, call, 1)
    t.same(saidTo(call), [estimateSound('ro', estimate)], call)
  }
})

void t.test('a takeover during an announcement: music, as after a restart of the server', async (t) => {
  const stage = announcing(t)
  const server = await stage.server().start()
  stage.reconfigure({ ...queue, announce: { ...announce, everySeconds: 60 } })
  stage.asterisk.arrive('c1')
  await waits(stage, server, 'c1')
  await reading(stage, 'c1', 1)
  await server.kill()
  await stage.leaseLapses()
  const next = await stage.server('two').start()
  await soon(() => stage.channel('c1')?.music === true)
  t.notOk(stage.asterisk.playing.has(announcementOf(CallId('c1'), 1)))
  t.match(next.call('c1'), { phase: 'waiting', announced: { count: 1 } })
})

void t.test(
  'a caller whom the fallback queue gives back hears music; one who was not away goes on',
  async (t) => {
    const stage = announcing(t)
    const server = await stage.server().start()
    stage.reconfigure({ ...queue, announce: { ...announce, everySeconds: 60 } })
    stage.asterisk.arrive('c1')
    await waits(stage, server, 'c1')
    await reading(stage, 'c1', 1)
    stage.asterisk.enter(ChannelId('c1'))
    await soon(() => stage.events.length > 0)
    t.match(server.call('c1'), { announcement: { playback: announcementOf(CallId('c1'), 1) } })
    t.equal(stage.channel('c1')?.music, false, 'the arrival was told twice')
    stage.asterisk.rescue('c1')
    stage.asterisk.enter(ChannelId('c1'), Date.now())
    await soon(() => stage.channel('c1')?.music === true)
    t.match(server.call('c1'), { phase: 'waiting', announcement: null })
  },
)

void t.test('how fast callers are served is not known from a few calls', (t) => {
  const times = new HandlingTimes(() => queue.id)
  const [ready, talking] = [
    { id: 'ana', state: 'ready' },
    { id: 'ana', state: 'talking', call: 'c1' },
  ] as never[]
  for (let nth = 1; nth <= 5; nth += 1) {
    t.equal(times.meanOf(queue.id), null, `after ${nth - 1}`)
    times.changed(ready as never, talking as never, 0)
    times.changed(talking as never, ready as never, nth * 1_000)
  }
  t.equal(times.meanOf(queue.id), 3_000)
  t.end()
})

void t.test('nobody is spoken to while the PBX is slow, or another node serves the callers', (t) => {
  let may = false
  const said: string[] = []
  const waits = {
    id: 'c1',
    since: 0,
    language: 'ro',
    announced: nothingAnnounced,
    announcement: null,
    question: null,
    reservedFor: null,
  }
  const announcer = new Announcer({
    acdState: {
      lines: () => [{ queue: { ...queue, announce }, waiting: [waits] }],
      atWorkFor: () => 1,
    } as never,
    conductor: {
      apply: (id: string) => Promise.resolve(said.push(id)),
      handlingTimes: { meanOf: () => null },
    } as never,
    directory: { callerNotices: () => [] } as never,
    hasSound: () => true,
    clock: { now: () => 60_000, wall: () => 60_000 } as never,
    rules: {} as never,
    mayAnnounce: () => may,
  })
  announcer.sweep()
  t.same(said, [])
  may = true
  announcer.sweep()
  t.same(said, ['c1'])
  t.end()
})

void t.test(
  'a notice is heard at once and once, also by callers who wait, and by no other queue',
  async (t) => {
    const stage = announcing(t)
    const notice = {
      id: 5,
      text: 'Nu este apă.',
      queues: [queue.id],
      from: 0,
      until: Date.now() + 60_000,
      daily: null,
    }
    const server = await stage.server().start()
    stage.asterisk.arrive('c1')
    await server.phase('c1', 'waiting')
    const planned = { ...notice, id: 4, from: Date.now() + 30_000 }
    stage.notices = [planned, notice, { ...notice, id: 6, queues: [QueueId('taxes')] }]
    stage.second()
    await reading(stage, 'c1', 1)
    t.match(server.call('c1'), { announced: { notices: [5], at: null } })
    stage.asterisk.endPlayback(announcementOf(CallId('c1'), 1))
    await soon(() => stage.channel('c1')?.music === true)
    stage.asterisk.arrive('c2')
    await waits(stage, server, 'c2')
    await reading(stage, 'c2', 1)
    t.match(server.call('c1'), { announced: { count: 1 } })
  },
)

void t.test(
  'one that is published during an announcement is heard after it; a takeover repeats none',
  async (t) => {
    const stage = announcing(t)
    const server = await stage.server().start()
    stage.reconfigure({ ...queue, announce: { ...announce, everySeconds: 60 } })
    stage.asterisk.arrive('c1')
    await waits(stage, server, 'c1')
    await reading(stage, 'c1', 1)
    const notice = {
      id: 5,
      text: 'Nu este apă.',
      queues: [],
      from: 0,
      until: Date.now() + 60_000,
      daily: null,
    }
    stage.notices = [notice, { ...notice, id: 6, text: 'Casieria este închisă.' }]
    // Another caller hears it at once: the sweep has seen it.
    stage.asterisk.arrive('c2')
    await waits(stage, server, 'c2')
    await reading(stage, 'c2', 1)
    t.match(server.call('c1'), { announced: { count: 1 } }, 'it interrupts no announcement')
    for (const nth of [1, 2]) {
      stage.asterisk.endPlayback(announcementOf(CallId('c1'), nth))
      await soon(() => stage.channel('c1')?.music === true)
      stage.second()
      await reading(stage, 'c1', nth + 1)
    }
    t.match(server.call('c1'), { announced: { notices: [5, 6] } }, 'one after the other')
    await server.kill()
    await stage.leaseLapses()
    const next = await stage.server('two').start()
    await soon(() => stage.channel('c1')?.music === true)
    stage.asterisk.arrive('c3')
    await waits(stage, next, 'c3')
    await reading(stage, 'c3', 1)
    t.match(next.call('c1'), { phase: 'waiting', announced: { count: 3, notices: [5, 6] } })
  },
)
