/** The commands that a phone's ring overtakes. */
import t from 'tap'
import { agentLegOf, AgentId } from '../../src/core/ids.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { Stage } from './stage.ts'

const redis = await testRedis(t)
const ana = AgentId('ana')

void t.test(
  'a phone rings while the caller is still being answered, and is not connected before',
  async (t) => {
    const stage = new Stage(t, redis, ['ana'])
    const server = await stage.server().start()
    await server.work('ana')
    const answering = Promise.withResolvers<void>()
    stage.asterisk.interfere = (effect) => (effect.do === 'AnswerCaller' ? answering.promise : undefined)
    stage.asterisk.arrive('c1')
    await soon(() => stage.did('RingAgent').length === 1)
    t.equal(stage.did('AnswerCaller').length, 0)
    const { offer } = await server.phase('c1', 'ringing')
    stage.asterisk.answer(agentLegOf(offer.id))
    await server.phase('c1', 'connecting')
    t.equal(stage.did('Connect').length, 0, 'in the order of the call')
    answering.resolve()
    await server.phase('c1', 'talking')
  },
)

void t.test('a phone does not ring before what ends its last ring is done', async (t) => {
  const stage = new Stage(t, redis, ['ana', 'ion'])
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('c1')
  const { offer } = await server.phase('c1', 'ringing')
  await soon(() => stage.did('RingAgent').length === 1)
  await server.work('ion')
  const ending = Promise.withResolvers<void>()
  stage.asterisk.interfere = (effect) => (effect.do === 'HangUp' ? ending.promise : undefined)
  const declined = server.owner.desk.perform({ do: 'decline', agent: ana, offer: offer.id })
  await soon(() => stage.events.filter(({ event }) => event.type === 'OfferMade').length === 2)
  t.equal(stage.did('RingAgent').length, 1)
  ending.resolve()
  t.match(await declined, { ok: true })
  await soon(() => stage.did('RingAgent').length === 2)
})
