import t, { type Test } from 'tap'
import { agentLegOf } from '../../src/core/ids.ts'
import { Audit } from '../../src/acd/audit.ts'
import { PbxUnavailable, type Inventory } from '../../src/acd/ports.ts'
import type { Difference } from '../../src/acd/reconcile.ts'
import { testRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'
import { Stage, type Server } from './stage.ts'

const redis = await testRedis(t)

/** Ana's phone is to be rung for `c1`, and Asterisk does not do it yet. */
async function ringing(t: Test, meanwhile: () => Promise<void>) {
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.interfere = (effect) => (effect.do === 'RingAgent' ? meanwhile() : undefined)
  const look = looks(stage, server)
  stage.asterisk.arrive('c1')
  const { offer } = await server.phase('c1', 'ringing')
  const stillRung = () => t.match(server.call('c1'), { phase: 'ringing', offer: { id: offer.id } })
  const rings = () => until(() => stage.channel(agentLegOf(offer.id)) !== undefined)
  return { stage, server, look, stillRung, rings }
}

/** So many looks of the audit, which is told each time that its ten seconds have passed. */
function looks(stage: Stage, { pbx }: Server): (more: number) => Promise<void> {
  let looked = 0
  const inventory = pbx.inventory.bind(pbx)
  pbx.inventory = async () => {
    const found = await inventory()
    looked += 1
    return found
  }
  return async (more) => {
    for (let each = 0; each < more; each += 1) {
      const before = looked
      stage.sleptMs += 10_000
      await until(() => looked > before)
    }
    // What it settles is settled by then.
    await new Promise(setImmediate)
  }
}

void t.test('a phone that Asterisk is slow to ring is not taken for one that has stopped', async (t) => {
  const ring = Promise.withResolvers<void>()
  const { stage, look, stillRung, rings } = await ringing(t, () => ring.promise)
  await look(2)
  stillRung()
  stage.asterisk.interfere = () => undefined
  ring.resolve()
  await rings()
  await look(2)
  stillRung()
})

void t.test('nor is one that Asterisk has not answered for, and is to be asked to ring again', async (t) => {
  let asked = 0
  const { stage, look, stillRung, rings } = await ringing(t, () => {
    asked += 1
    return Promise.reject(new PbxUnavailable('no answer'))
  })
  await until(() => asked > 1)
  await look(2)
  stillRung()
  stage.asterisk.interfere = () => undefined
  await rings()
  await look(2)
  stillRung()
})

void t.test('a caller whom Asterisk is slow to hang up is not greeted as a new one', async (t) => {
  const { stage, server, look, rings } = await ringing(t, () => Promise.resolve())
  await rings()
  await server.talk('c1')
  const hangUp = Promise.withResolvers<void>()
  let asked = 0
  stage.asterisk.interfere = (effect) => {
    if (effect.do !== 'HangUp') return undefined
    if (effect.channel === 'c1') asked += 1
    return hangUp.promise
  }
  const hungUp = server.owner.desk.perform({ do: 'hangUp', agent: server.agent('ana').id })
  await server.over('c1')
  await look(2)
  t.ok(stage.channel('c1'), 'he is still there')
  hangUp.resolve()
  await hungUp
  await until(() => stage.channel('c1') === undefined)
  await look(1)
  t.equal(asked, 1, 'and is hung up once')
})

/** An audit whose looks are answered by the test, and which finds the same each time. */
function answeredAudit() {
  const inventory: Inventory = { callers: [], legs: [], bridges: [], phones: [], channels: [] }
  const asked: PromiseWithResolvers<Inventory>[] = []
  const settled: string[] = []
  const difference: Difference = { key: 'it', settle: () => settled.push('it') }
  const at = { ms: 10_000 }
  const audit = new Audit({
    pbx: {
      inventory: () => {
        const one = Promise.withResolvers<Inventory>()
        asked.push(one)
        return one.promise
      },
    },
    clock: { monotonic: () => at.ms },
    differences: () => [difference],
    connection: () => 1,
  })
  const answer = async (looking: Promise<void>) => {
    asked.at(-1)?.resolve(inventory)
    await looking
  }
  return { look: () => audit.look(), asked, settled, at, answer }
}

void t.test('what is found twice, with time in between, is settled', async (t) => {
  const { look, asked, settled, at, answer } = answeredAudit()
  await answer(look())
  at.ms += 1_999
  await look()
  t.equal(asked.length, 1, 'what was under way is not done yet')
  at.ms += 1
  await answer(look())
  t.same(settled, ['it'])
})

void t.test(
  'an answer that is late is waited for, and the time until the next look begins with it',
  async (t) => {
    const { look, asked, settled, at, answer } = answeredAudit()
    const late = look()
    at.ms += 20_000
    await look()
    t.equal(asked.length, 1, 'nobody asks a second time meanwhile')
    await answer(late)
    await look()
    t.equal(asked.length, 1, 'two answers from one moment would prove nothing')
    at.ms += 2_000
    await answer(look())
    t.same(settled, ['it'])
  },
)

void t.test('after a look that failed there is another', async (t) => {
  const { look, asked, at, settled, answer } = answeredAudit()
  const failing = look()
  asked.at(-1)?.reject(new PbxUnavailable('no answer'))
  await t.rejects(failing)
  at.ms += 10_000
  await answer(look())
  at.ms += 2_000
  await answer(look())
  t.same(settled, ['it'])
})
