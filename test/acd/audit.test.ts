import t, { type Test } from 'tap'
import { agentLegOf } from '../../src/core/ids.ts'
import { Audit } from '../../src/acd/audit.ts'
import { PbxUnavailable, type Inventory } from '../../src/acd/ports.ts'
import type { Difference } from '../../src/acd/reconcile.ts'
import { readyRedis, testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { Stage, type Server } from './stage.ts'

const redis = await testRedis(t)

/** Ana's phone is to be rung for `c1`, and Asterisk has not rung it yet. */
async function ringing(t: Test, meanwhile: () => Promise<void>) {
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.interfere = (effect) => (effect.do === 'RingAgent' ? meanwhile() : undefined)
  const look = looks(stage, server)
  stage.asterisk.arrive('c1')
  const { offer } = await server.phase('c1', 'ringing')
  const stillRung = () => t.match(server.call('c1'), { phase: 'ringing', offer: { id: offer.id } })
  const rings = () => soon(() => stage.channel(agentLegOf(offer.id)) !== undefined)
  return { stage, server, look, stillRung, rings }
}

/** Runs the audit so many times, as if its ten seconds had passed before each. */
function looks(stage: Stage, server: Server): (more: number) => Promise<void> {
  const { pbx } = server
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
      await soon(() => !server.owner.missing().includes('lease'))
      stage.second()
      await soon(() => looked > before)
    }
    // The effects of the settled differences are performed by then.
    await new Promise(setImmediate)
  }
}

void t.test('a phone that Asterisk rings late is not taken for one that has stopped', async (t) => {
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

void t.test(
  'a phone whose ring command is to be repeated is not taken for one that has stopped',
  async (t) => {
    let asked = 0
    const { stage, look, stillRung, rings } = await ringing(t, () => {
      asked += 1
      return Promise.reject(new PbxUnavailable('no answer'))
    })
    await stage.seconds(() => asked > 1)
    await look(2)
    stillRung()
    stage.asterisk.interfere = () => undefined
    await stage.seconds(() => stage.asterisk.channels.size > 1)
    await rings()
    await look(2)
    stillRung()
  },
)

void t.test('a caller whom Asterisk hangs up late is not greeted as a new one', async (t) => {
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
  t.ok(stage.channel('c1'), 'the caller is still there')
  hangUp.resolve()
  await hungUp
  await soon(() => stage.channel('c1') === undefined)
  await look(1)
  t.equal(asked, 1, 'and is hung up once')
})

void t.test('an agent whom the saved state has in another offer of the call is freed', async (t) => {
  const stage = new Stage(t, redis, ['ana', 'ion'])
  const first = await stage.server().start()
  await first.work('ana')
  stage.asterisk.arrive('c1')
  await first.talk('c1')
  await first.work('ion')
  await soon(async () => (await savedAgent('ana')).includes('"talking"'))
  await first.kill()
  const inspect = await readyRedis(redis)
  const ana = await savedAgent('ana')
  // Another offer for the same call, which the call no longer has.
  const { offer, ...talking } = JSON.parse(ana) as { readonly offer: object }
  const ion = { ...talking, id: 'ion', offer: { ...offer, id: 'leg-c1-other', agent: 'ion' } }
  await inspect.hset(stage.keys.states, 'agent:ion', JSON.stringify(ion))
  const second = await stage.server().start()
  await soon(() => second.agent('ion').state === 'ready')
  t.match(second.agent('ana'), { state: 'talking', call: 'c1' }, 'who serves the caller goes on')

  async function savedAgent(name: string): Promise<string> {
    const connection = await readyRedis(redis)
    const state = await connection.hget(stage.keys.states, `agent:${name}`)
    connection.disconnect()
    return state ?? ''
  }
})

/** An audit whose inventories the test answers, and which finds the same difference each time. */
function answeredAudit() {
  const inventory: Inventory = { callers: [], legs: [], ears: [], bridges: [], phones: [], channels: [] }
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

void t.test('a difference that is found twice, some time apart, is settled', async (t) => {
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
    t.equal(asked.length, 1, 'no second inventory is requested meanwhile')
    await answer(late)
    await look()
    t.equal(asked.length, 1, 'two answers from one moment would prove nothing')
    at.ms += 2_000
    await answer(look())
    t.same(settled, ['it'])
  },
)

void t.test('a failed comparison is followed by another', async (t) => {
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
