import t, { type Test } from 'tap'
import { agentLegOf, AgentId, CallId, ChannelId, surveyReadingOf } from '../../src/core/ids.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { queue, Stage, type Server } from './stage.ts'

const redis = await testRedis(t)
const caller = ChannelId('c1')
const readingOf = (nth: number) => surveyReadingOf(CallId('c1'), nth)

/** Ana talks with the caller of a queue that asks after conversations of `talkedSeconds`. */
async function conversation(t: Test, { talkedSeconds = 0, hasSound = true } = {}) {
  const stage = new Stage(t, redis, ['ana'])
  stage.reconfigure({ ...queue, survey: { talkedSeconds } })
  stage.asterisk.playMs = null
  stage.hasSound = () => hasSound
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('c1')
  const offer = await server.talk('c1')
  return { stage, server, offer }
}

const hangsUp = (server: Server) => server.owner.desk.perform({ do: 'hangUp', agent: AgentId('ana') })

const endOf = ({ events }: Stage) => events.find(({ id, after }) => id === 'c1' && 'endedAt' in after)?.after

void t.test('the agent hangs up and is free for the next caller, while this one answers', async (t) => {
  const { stage, server, offer } = await conversation(t)
  t.match(await hangsUp(server), { ok: true })
  await server.phase('c1', 'survey')
  await soon(() => stage.asterisk.playing.has(readingOf(1)))
  t.equal(stage.channel(agentLegOf(offer)), undefined, 'the agent’s leg is gone')
  stage.asterisk.arrive('c2')
  await server.talk('c2')
  stage.asterisk.press(caller, '1')
  await soon(() => stage.asterisk.playing.has(readingOf(2)))
  t.notOk(stage.asterisk.playing.has(readingOf(1)), 'a key cuts the question')
  stage.asterisk.press(caller, '4')
  await soon(() => stage.asterisk.playing.has(readingOf(3)))
  stage.asterisk.endPlayback(readingOf(3))
  await stage.endTold('c1')
  t.match(endOf(stage), { outcome: 'answered', endedBy: 'agent', survey: { helped: true, rating: 4 } })
  await soon(() => stage.channel('c1') === undefined && stage.recorded.includes('c1'))
  t.equal(server.call('c2')?.phase, 'talking')
  t.same(stage.alarms, [])
})

void t.test('an agent who puts the phone down ends the conversation as well', async (t) => {
  const { stage, server, offer } = await conversation(t)
  stage.asterisk.hangUp(agentLegOf(offer))
  await server.phase('c1', 'survey')
  stage.asterisk.hangUp(caller)
  await stage.endTold('c1')
  t.match(endOf(stage), { endedBy: 'agent', survey: { helped: null, rating: null } })
})

void t.test(
  'nobody is asked after a short conversation, without the sounds, or who hangs up first',
  async (t) => {
    for (const { change, first } of [
      { change: { talkedSeconds: 600 }, first: 'agent' },
      { change: { hasSound: false }, first: 'agent' },
      { change: {}, first: 'caller' },
    ] as const) {
      const { stage, server } = await conversation(t, change)
      if (first === 'agent') await hangsUp(server)
      else stage.asterisk.hangUp(caller)
      await stage.endTold('c1')
      t.match(endOf(stage), { outcome: 'answered', survey: null }, JSON.stringify(change))
    }
  },
)

void t.test('a change of the configuration holds for the conversations that end from then on', async (t) => {
  const { stage, server } = await conversation(t)
  stage.reconfigure(queue)
  await hangsUp(server)
  await stage.endTold('c1')
  t.match(endOf(stage), { survey: null })
})

void t.test('the server dies during the survey: the next one goes on with it', async (t) => {
  const { stage, server } = await conversation(t)
  await hangsUp(server)
  await soon(() => stage.asterisk.playing.has(readingOf(1)))
  await soon(() => stage.events.some(({ after }) => 'phase' in after && after.phase === 'survey'))
  await server.kill()
  await stage.leaseLapses()
  const next = await stage.server('two').start()
  await next.phase('c1', 'survey')
  stage.asterisk.press(caller, '2')
  await soon(() => stage.asterisk.playing.has(readingOf(2)))
  stage.asterisk.hangUp(caller)
  await stage.endTold('c1')
  t.match(endOf(stage), { survey: { helped: false, rating: null } })
  t.same(stage.losses, [])
})
