/** Attempts to call a citizen back that end before anybody has talked. */
import t from 'tap'
import { callerLegOf } from '../../src/core/ids.ts'
import { bounds } from '../../src/core/rules.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { callback, ended, picksUp, promisedTo, stageWith } from './callback-stage.ts'

const redis = await testRedis(t)

void t.test(
  'a citizen who hangs up during the announcement is called again, as after no answer',
  async (t) => {
    const on = await stageWith(t, redis)
    const { stage, server } = on
    const { id } = await promisedTo(on, 'c1', 1)
    await server.work('ana')
    stage.second()
    await picksUp(server, id)
    await soon(() => stage.channel(id) !== undefined)
    stage.asterisk.hangUp(callerLegOf(id), 'hung up')
    t.match(await ended(stage, id), { outcome: 'no answer', endedBy: 'caller' })
    const next = await server.phase(callback('c1', 2), 'promised')
    t.equal(next.notBefore - next.since, stage.rules.callbackAgainMs)
    t.match(server.agent('ana'), { missed: 0 })
  },
)

void t.test('an agent who hangs up before the citizen is there uses up no attempt of theirs', async (t) => {
  const on = await stageWith(t, redis)
  const { stage, server } = on
  await promisedTo(on, 'c1', 1)
  await server.work('ana')
  await server.work('ion')
  const rung: string[] = []
  for (let attempt = 1; attempt <= bounds.callbackAttempts + 1; attempt += 1) {
    const id = callback('c1', attempt)
    stage.aheadMs += bounds.restMs
    stage.second()
    await picksUp(server, id)
    await soon(() => stage.channel(id) !== undefined)
    const { offer } = await server.phase(id, 'dialling')
    rung.push(offer.agent)
    await server.owner.desk.perform({ do: 'hangUp', agent: offer.agent })
    t.match(await ended(stage, id), { outcome: 'cancelled', endedBy: 'agent' })
    await soon(() => stage.channel(id) === undefined)
  }
  t.strictSame(rung.slice(0, 2).sort(), ['ana', 'ion'], 'another agent is rung first')
  t.match(await server.phase(callback('c1', rung.length + 1), 'promised'), {
    callback: { spared: rung.length },
  })
  const missed = ['ana', 'ion'].map((name) => server.agent(name).missed)
  t.equal(
    missed.reduce((sum, one) => sum + one, 0),
    rung.length,
    'as calls that were declined',
  )
})
