/** A caller who rings again gets the agent of shortly before, if that one is free. */
import t from 'tap'
import { ChannelId } from '../../src/core/ids.ts'
import { testRedis } from '../support/redis.ts'
import { queue, Stage } from './stage.ts'

const redis = await testRedis(t)
const number = { callerNumber: '0256555111' }

async function stageWith(returningMs: number) {
  const stage = new Stage(t, redis, ['ana', 'ion'])
  stage.rules = { ...stage.rules, returningMs }
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('c1', number)
  const offer = await server.talk('c1')
  await server.work('ion')
  stage.aheadMs += 1_000 // Within one millisecond both would have been idle as long.
  stage.asterisk.hangUp(offer as never)
  await server.over('c1')
  const next = async (id: string, caller: { callerNumber: string }) => {
    stage.asterisk.arrive(id, caller)
    const { offer: made } = await server.phase(id, 'ringing')
    stage.asterisk.hangUp(id as never)
    await server.over(id)
    return made.agent
  }
  return { stage, server, next }
}

void t.test('the same agent, although another one has been free for longer', async (t) => {
  const { stage, server, next } = await stageWith(60_000)
  t.equal(await next('c2', { callerNumber: '0256555222' }), 'ion', 'anybody else: who has been idle longest')
  t.equal(await next('c3', number), 'ana')
  await server.owner.desk.perform({ do: 'pause', agent: server.agent('ana').id, reason: 'meal' })
  t.equal(await next('c4', number), 'ion', 'who is not free is not waited for')
  await server.work('ana')
  stage.aheadMs += 60_001
  t.equal(await next('c5', number), 'ion', 'not for ever')
})

void t.test('not one who has sent the caller on: they wait for a colleague', async (t) => {
  const { stage, server } = await stageWith(60_000)
  stage.asterisk.arrive('c2', number)
  t.match(await server.phase('c2', 'ringing'), { offer: { agent: 'ana' } })
  await server.talk('c2')
  stage.asterisk.arrive('c3', { callerNumber: '0256555222' })
  await server.talk('c3')
  const { id: ana } = server.agent('ana')
  t.match(await server.owner.desk.perform({ do: 'transfer', agent: ana, to: { queue: queue.id } }), {
    ok: true,
  })
  t.equal(server.agent('ana').state, 'ready')
  t.equal(server.call('c2')?.phase, 'waiting', 'although the only free agent knows them')
  stage.asterisk.hangUp(ChannelId('c3'))
  t.match(await server.phase('c2', 'ringing'), { offer: { agent: 'ion' } })
})

void t.test('never, where it is switched off', async (t) => {
  const { next } = await stageWith(0)
  t.equal(await next('c3', number), 'ion')
})

void t.test('a withheld number is nobody’s', async (t) => {
  const { server, stage, next } = await stageWith(60_000)
  stage.asterisk.arrive('c2', { callerNumber: '' })
  const { offer } = await server.phase('c2', 'ringing')
  t.equal(offer.agent, 'ion')
  await server.talk('c2')
  stage.asterisk.hangUp('c2' as never)
  await server.over('c2')
  t.equal(await next('c3', { callerNumber: '' }), 'ana', 'who has been idle longest')
})
