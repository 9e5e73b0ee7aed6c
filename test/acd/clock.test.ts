import t from 'tap'
import { acdClock, systemClock } from '../../src/clock.ts'
import type { Call } from '../../src/core/call.ts'
import { AgentId, ChannelId } from '../../src/core/ids.ts'
import { attack } from '../support/attack.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { Stage } from './stage.ts'

const ana = AgentId('ana')
const redis = await testRedis(t)
const hourMs = 3_600_000

void t.test(
  'the clock is set back: a wrap-up and a lost conversation end when their time has passed',
  async (t) => {
    const stage = new Stage(t, redis, ['ana'])
    stage.rules = { ...stage.rules, wrapUpMs: 500 }
    const server = await stage.server().start()
    await server.work('ana')
    stage.asterisk.arrive('c1')
    await server.talk('c1')
    stage.asterisk.hangUp(ChannelId('c1'))
    await soon(() => server.agent('ana').state === 'wrap-up')
    stage.aheadMs -= hourMs
    await soon(() => server.agent('ana').state === 'ready')
    stage.asterisk.arrive('c2')
    await server.talk('c2')
  },
)

void t.test(
  'after a process whose clock was an hour ahead, ready agents are still offered calls',
  async (t) => {
    const stage = new Stage(t, redis, ['ana'])
    const first = await stage.server().start()
    await first.work('ana')
    await first.kill()
    stage.aheadMs -= hourMs
    await stage.leaseLapses()
    const second = await stage.server('two').start()
    t.equal(second.agent('ana').state, 'ready')
    stage.asterisk.arrive('c1')
    const { offer } = await second.phase('c1', 'ringing')
    t.equal(offer.agent, ana)
  },
)

/** A machine whose clock can be set. */
function machine() {
  const at = { wall: 1_000_000_000_000, monotonic: 500 }
  const clock = acdClock({ ...systemClock, wall: () => at.wall, monotonic: () => at.monotonic })
  const pass = (ms: number, everyMs = ms) => {
    for (let left = ms; left > 0; left -= everyMs) {
      at.wall += everyMs
      at.monotonic += everyMs
      clock.now()
    }
  }
  return { at, clock, pass }
}

void t.test('the ACD’s time neither goes back nor jumps, and follows the machine’s slowly', async (t) => {
  for (const setMs of [-600_000, 600_000]) {
    const { at, clock, pass } = machine()
    pass(1_000)
    t.equal(clock.now(), at.wall)
    const before = clock.now()
    at.wall += setMs
    t.equal(clock.now(), before, 'nothing has passed')
    t.equal(clock.wall(), at.wall)
    pass(1_000)
    t.equal(clock.now(), before + 1_000 + Math.sign(setMs) * 100)
    pass(Math.abs(setMs) * 10, 1_000)
    t.equal(clock.now(), at.wall, 'caught up')
  }
})

void t.test('a machine that started without a date takes the right one at once', async (t) => {
  const { at, clock } = machine()
  at.wall += 30 * 24 * hourMs
  t.equal(clock.now(), at.wall)
})

void t.test('the ACD’s time continues from the saved states', async (t) => {
  const { at, clock, pass } = machine()
  clock.advanceTo(at.wall - hourMs)
  t.equal(clock.now(), at.wall)
  clock.advanceTo(at.wall + hourMs)
  t.equal(clock.now(), at.wall + hourMs)
  pass(1_000)
  t.equal(clock.now(), at.wall + hourMs - 100)
  clock.advanceTo(at.wall + 30 * 24 * hourMs)
  t.ok(clock.now() < at.wall + hourMs, 'a saved time that is years ahead is ignored')
})

const yearMs = 365 * 24 * hourMs

void t.test(
  'a year forward or back while there are calls: the ACD’s time goes on until they are over',
  async (t) => {
    for (const setMs of [yearMs, -yearMs]) {
      const { at, clock, pass } = machine()
      let busy = true
      clock.heldWhile(() => busy)
      const before = clock.now()
      at.wall += setMs
      pass(60_000)
      t.ok(Math.abs(clock.now() - before - 60_000) <= 6_000, `${clock.now() - before} ms have passed`)
      busy = false
      t.equal(clock.now(), at.wall)
    }
  },
)

await attack(
  t,
  {
    attack: 'the machine’s clock is set by a year, forward or back, with callers in the line, and back again',
    before: 'the ACD’s time jumped with it; a caller whom the fallback queue handed over was dropped at once',
    now: 'the ACD’s time goes on until the line is empty; all callers keep their places and their waits',
  },
  async (t) => {
    for (const setMs of [yearMs, -yearMs]) {
      const stage = new Stage(t, redis, ['ana'])
      let wallMs = 0
      const clock = acdClock({ ...systemClock, wall: () => Date.now() + wallMs })
      stage.clock = clock
      const server = await stage.server().start()
      clock.heldWhile(() => server.owner.line.calls().length > 0)
      const began = Date.now()
      // Of callers in the same millisecond the lower id is the first, as Asterisk counts them.
      stage.asterisk.arrive('c1', { arrivedAt: clock.wall() })
      await server.phase('c1', 'waiting')
      wallMs += setMs
      stage.asterisk.arrive('c2', { arrivedAt: clock.wall() })
      // As the fallback queue hands over a caller who came there before the clock was set.
      stage.asterisk.arrive('c3', { arrivedAt: began, queuedAt: began })
      await server.phase('c3', 'waiting')
      // The sweep of each second ends what is over.
      stage.second()
      wallMs -= setMs
      stage.asterisk.arrive('c4', { arrivedAt: clock.wall() })
      await server.phase('c4', 'waiting')
      await server.work('ana')
      for (const id of ['c1', 'c2', 'c3', 'c4']) {
        const offer = await server.talk(id)
        t.ok(offer, `${id} in turn`)
        stage.asterisk.hangUp(ChannelId(id))
        await server.over(id)
        await stage.endTold(id)
        const ended = stage.events.findLast((event) => event.id === id)?.after as Call
        t.ok(ended.phase === 'ended' && ended.outcome === 'answered', id)
        t.ok(ended.since - ended.arrivedAt < 30_000, `${id} took ${ended.since - ended.arrivedAt} ms`)
      }
      await server.kill()
    }
  },
)

void t.test(
  'a new owner whose clock is a year behind goes on by the time of the present calls',
  async (t) => {
    const stage = new Stage(t, redis, ['ana'])
    stage.aheadMs = yearMs
    const first = await stage.server().start()
    stage.asterisk.arrive('c1')
    const { queuedAt } = await first.phase('c1', 'waiting')
    await first.kill()
    const clock = acdClock(systemClock)
    stage.clock = clock
    await stage.leaseLapses()
    const second = stage.server('two')
    clock.heldWhile(() => second.owner.line.calls().length > 0)
    await second.start()
    stage.asterisk.arrive('c2')
    t.equal((await second.phase('c2', 'waiting')).queuedAt >= queuedAt, true, 'behind the one who waits')
  },
)
