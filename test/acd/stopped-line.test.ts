/** Calls that were in the line when the system, or its Asterisk, was stopped: their end is when they were last seen. */
import t, { type Test } from 'tap'
import type { Call } from '../../src/core/call.ts'
import type { CallEvent } from '../../src/core/call-event.ts'
import { attack } from '../support/attack.ts'
import { readyRedis, testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { Stage } from './stage.ts'

const redis = await testRedis(t)
const stoppedMs = 51 * 60_000

/** A caller in conversation, one who waits and one who is offered. */
async function busyLine(t: Test) {
  const stage = new Stage(t, redis, ['ana', 'ion'])
  const server = await stage.server().start()
  await server.work('ana', 'ion')
  stage.asterisk.arrive('talks')
  await server.talk('talks')
  stage.asterisk.arrive('rings')
  await server.phase('rings', 'ringing')
  stage.asterisk.arrive('waits')
  await server.phase('waits', 'waiting')
  // A renewal of the lease has recorded that the owner has seen them.
  const there = Date.now()
  const inspect = await readyRedis(redis)
  await soon(async () => Number(await inspect.get(stage.keys.lastSeen)) >= there)
  return { stage, server }
}

interface Ending {
  readonly at: number
  readonly event: CallEvent
  readonly after: Extract<Call, { phase: 'ended' }>
}

async function endings(stage: Stage): Promise<Ending[]> {
  const ids = ['talks', 'rings', 'waits']
  await Promise.all(ids.map((id) => stage.endTold(id)))
  return ids.map((id) => stage.events.findLast((event) => event.id === id) as unknown as Ending)
}

await attack(
  t,
  {
    attack: 'the whole system is stopped with callers in the line, and started 51 minutes later',
    before: 'the calls ended at the start, one with a recorded wait of 51 minutes',
    now: 'they end when the owner last saw them; Asterisk’s own record may correct that',
  },
  async (t) => {
    const { stage, server } = await busyLine(t)
    const stoppedAt = Date.now()
    await server.kill()
    stage.asterisk.die()
    stage.aheadMs += stoppedMs
    stage.asterisk.rise()
    await stage.leaseLapses()
    const next = await stage.server().start()
    t.same(next.owner.line.calls(), [])
    for (const { at, event, after } of await endings(stage)) {
      t.match(event, { type: 'CallerLost', pbxDied: true, unwitnessed: true })
      t.ok(at >= stoppedAt + stoppedMs, 'noticed at the start')
      t.ok(after.endedAt <= stoppedAt, `${after.id} ended ${after.endedAt - stoppedAt} ms after the stop`)
      t.ok(after.endedAt > stoppedAt - 1_000, 'not earlier than the last sign of life')
      t.equal(after.outcome, after.id === 'talks' ? 'answered' : 'failed')
    }
  },
)

void t.test('Asterisk dies under a living owner: the calls end then, not when it is back', async (t) => {
  const { stage, server } = await busyLine(t)
  const diedAt = Date.now()
  stage.asterisk.die()
  await soon(() => server.owner.missing().includes('asterisk'))
  const knownAt = Date.now()
  stage.aheadMs += stoppedMs
  stage.asterisk.restart(server.pbx)
  for (const { event, after } of await endings(stage)) {
    t.match(event, { type: 'CallerLost', pbxDied: true })
    t.notOk('unwitnessed' in event, 'nobody else served them')
    t.ok(after.endedAt <= knownAt, `${after.id} ended ${after.endedAt - diedAt} ms after`)
  }
})

void t.test('a caller who left while no owner lived: the end is the last sign of life', async (t) => {
  const { stage, server } = await busyLine(t)
  const stoppedAt = Date.now()
  await server.kill()
  for (const id of stage.asterisk.channels.keys()) stage.asterisk.hangUp(id)
  stage.aheadMs += stoppedMs
  await stage.leaseLapses()
  await stage.server().start()
  for (const { event, after } of await endings(stage)) {
    t.match(event, { type: 'CallerLost', unwitnessed: true })
    t.ok(after.endedAt <= stoppedAt && after.endedAt > stoppedAt - 1_000)
  }
})
