import t from 'tap'
import { CallId, ChannelId } from '../../src/core/ids.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { Stage } from './stage.ts'

const redis = await testRedis(t)
const number = '+40256100200'

void t.test('a blocked caller reaches no agent, and the record names the block', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  stage.blocks.push({ id: 7, number, from: Date.now() - 60_000, until: Date.now() + 60_000 })
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('blocked')
  await stage.endTold('blocked')
  stage.asterisk.arrive('other', { callerNumber: '0256100201' })
  await server.phase('other', 'ringing')
  await soon(() => stage.channel('blocked') === undefined)
  const events = stage.events.filter(({ id }) => id === CallId('blocked'))
  t.match(events, [
    { event: { type: 'CallArrived', block: 7 }, after: { outcome: 'rejected', queuedAt: null } },
  ])
  const first = () => stage.events.find(({ id, seq }) => id === CallId('other') && seq === 1)
  await soon(() => first() !== undefined)
  t.strictSame(first()?.event, { type: 'CallArrived' })
})

void t.test('a blocked caller who comes back from the fallback queue is turned away', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  stage.blocks.push({ id: 7, number, from: Date.now() - 60_000, until: Date.now() + 60_000 })
  stage.asterisk.arrive('waits', { arrivedAt: Date.now() - 5_000 }, false)
  await stage.server().start()
  stage.asterisk.enter(ChannelId('waits'), Date.now() - 4_000)
  await stage.endTold('waits')
  t.match(stage.events.find(({ id }) => id === CallId('waits'))?.after, { outcome: 'rejected' })
})

void t.test('a block that is added while the caller waits changes nothing for that call', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const first = await stage.server().start()
  stage.asterisk.arrive('waits', { arrivedAt: Date.now() - 1_000 })
  await first.phase('waits', 'waiting')
  stage.asterisk.arrive('fallback', { arrivedAt: Date.now() - 1_000 }, false)
  stage.blocks.push({ id: 7, number, from: Date.now(), until: Date.now() + 60_000 })
  stage.asterisk.enter(ChannelId('fallback'), Date.now() - 900)
  await first.phase('fallback', 'waiting')
  await first.kill()
  const second = await stage.server().start()
  t.equal(second.call('waits')?.phase, 'waiting', 'also after a restart')
  await second.work('ana')
  await second.phase('fallback', 'ringing')
})
