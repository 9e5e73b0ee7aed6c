/** Calls to citizens through the desk, the owner and Asterisk: reached, not reached, given up, and over a server's death. */
import t, { type Test } from 'tap'
import type { OutboundSetting } from '../../src/core/configuration/schema.ts'
import type { DeskCommandOf } from '../../src/core/desk-command.ts'
import {
  agentLegOf,
  AgentId,
  callerLegOf,
  CallId,
  outboundCallIn,
  PbxName,
  QueueId,
} from '../../src/core/ids.ts'
import type { Dialling, Ended, Summoning } from '../../src/core/call.ts'
import { newQueue } from '../../src/core/queue.ts'
import { readyRedis, testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { Stage, type Server } from './stage.ts'

const redis = await testRedis(t)
const ana = AgentId('ana')
const number = '0722 000 111'

async function stageWith(t: Test) {
  const stage = new Stage(t, redis, ['ana', 'ion'])
  const server = await stage.server().start()
  await server.work('ana')
  return { stage, server }
}

const ask = (server: Server, about: Partial<DeskCommandOf<'callOut'>> = {}) =>
  server.owner.desk.perform({
    do: 'callOut',
    agent: ana,
    isSupervisor: false,
    number,
    returns: null,
    ...about,
  })

/** The call that Ana makes, once her phone rings for it. */
async function summoned({ stage, server }: { stage: Stage; server: Server }): Promise<Summoning> {
  t.match(await ask(server), { ok: true, value: { state: 'talking' } })
  const agent = server.agent('ana')
  const call = await server.phase(agent.state === 'talking' ? agent.call : '', 'summoning')
  await soon(() => stage.channel(agentLegOf(call.offer.id)) !== undefined)
  return call
}

async function dialled(on: { stage: Stage; server: Server }): Promise<Dialling> {
  const { id, offer } = await summoned(on)
  on.stage.asterisk.answer(agentLegOf(offer.id))
  const call = await on.server.phase(id, 'dialling')
  await soon(() => on.stage.channel(id) !== undefined)
  return call
}

async function ended({ events }: Stage, id: string): Promise<Ended> {
  const last = () => events.findLast((event) => event.id === id)?.after as Ended | undefined
  await soon(() => last()?.phase === 'ended')
  return last() as Ended
}

void t.test('the agent’s phone picks up first, then the citizen’s rings, and the two talk', async (t) => {
  const { stage, server } = await stageWith(t)
  const { id, offer } = await dialled({ stage, server })
  t.match(stage.did('RingAgent').at(-1), { autoAnswer: true, agent: ana })
  t.match(stage.did('DialCaller'), [{ channel: id, number: '0722000111' }])
  t.ok(stage.channel(agentLegOf(offer.id))?.ringback, 'Ana hears it ring')
  stage.asterisk.arrive('c1')
  await server.phase('c1', 'waiting')
  stage.asterisk.pickUp(callerLegOf(id))
  await server.phase(id, 'talking')
  t.ok(stage.hear(id, offer.id))
  t.notOk(stage.channel(agentLegOf(offer.id))?.ringback)
  t.match(await ask(server), { refusal: 'in a call' }, 'one at a time')
  t.match(await server.owner.desk.perform({ do: 'hold', agent: ana }), { ok: true })
  await soon(() => stage.channel(id)?.music === true)
  t.match(await server.owner.desk.perform({ do: 'hangUp', agent: ana }), { ok: true })
  await server.over(id)
  t.match(await ended(stage, id), { direction: 'outbound', outcome: 'answered', endedBy: 'agent' })
  await soon(() => stage.recorded.includes(id))
  t.match(await server.phase('c1', 'ringing'), { offer: { agent: ana } }, 'she is free again')
})

void t.test(
  'whoever is not reached is on record with the reason, and the agent is free without a miss',
  async (t) => {
    const { stage, server } = await stageWith(t)
    const ends = [
      ['busy', 'busy'],
      ['declined', 'rejected'],
      ['no answer', 'no answer'],
      ['unreachable', 'unreachable'],
      ['failed', 'failed'],
      ['hung up', 'no answer'],
    ] as const
    for (const [end, outcome] of ends) {
      const { id, offer } = await dialled({ stage, server })
      stage.asterisk.hangUp(callerLegOf(id), end)
      t.match(await ended(stage, id), { outcome, direction: 'outbound' })
      await soon(() => stage.channel(agentLegOf(offer.id)) === undefined)
      t.match(server.agent('ana'), { state: 'ready', missed: 0 }, end)
    }
  },
)

void t.test('the agent gives up: the citizen’s phone stops, and a late answer finds nobody', async (t) => {
  const { stage, server } = await stageWith(t)
  const { id } = await dialled({ stage, server })
  await server.owner.desk.perform({ do: 'hangUp', agent: ana })
  t.match(await ended(stage, id), { outcome: 'cancelled', endedBy: 'agent' })
  await soon(() => stage.channel(id) === undefined)
  const late = outboundCallIn(PbxName('pbx1'), Date.now(), 'late')
  await server.pbx.perform({
    do: 'DialCaller',
    channel: callerLegOf(late),
    number: '0722000111',
    ringTimeoutMs: 9_000,
  })
  stage.asterisk.pickUp(callerLegOf(late))
  await soon(() => stage.channel(late) === undefined)
  t.equal(server.call(late), undefined)
})

void t.test('a page that is loaded anew while the phone rings ends the attempt', async (t) => {
  const { stage, server } = await stageWith(t)
  const opened = (instance: string) => server.owner.desk.perform({ do: 'pageOpened', agent: ana, instance })
  await opened('one')
  const { id } = await dialled({ stage, server })
  await opened('one')
  t.equal(server.call(id)?.phase, 'dialling', 'the same page')
  await opened('two')
  t.match(await ended(stage, id), { outcome: 'cancelled' })
})

void t.test('the phone of the agent does not pick up, or is gone', async (t) => {
  const { stage, server } = await stageWith(t)
  const first = await summoned({ stage, server })
  stage.asterisk.hangUp(agentLegOf(first.offer.id), 'declined')
  t.match(await ended(stage, first.id), { outcome: 'cancelled' })
  const second = await summoned({ stage, server })
  stage.asterisk.register('ana', 'web', false)
  t.match(await ended(stage, second.id), { outcome: 'failed', endedBy: 'system' })
  t.equal(stage.did('DialCaller').length, 0)
})

void t.test(
  'the agent’s page closes while the citizen’s phone rings: nobody picks up to nobody',
  async (t) => {
    const { stage, server } = await stageWith(t)
    const { id } = await dialled({ stage, server })
    stage.asterisk.register('ana', 'desk', false)
    t.equal(server.call(id)?.phase, 'dialling', 'the other phone of theirs')
    stage.asterisk.register('ana', 'web', false)
    t.match(await ended(stage, id), { outcome: 'cancelled', endedBy: 'agent' })
    await soon(() => stage.channel(id) === undefined)
  },
)

void t.test('an attempt that Asterisk refuses ends at once', async (t) => {
  const { stage, server } = await stageWith(t)
  stage.asterisk.interfere = ({ do: what }) => (what === 'DialCaller' ? 'refused' : undefined)
  const { id, offer } = await summoned({ stage, server })
  stage.asterisk.answer(agentLegOf(offer.id))
  t.match(await ended(stage, id), { outcome: 'failed' })
})

void t.test('why a call is not made', async (t) => {
  const { stage, server } = await stageWith(t)
  const refused = async (about: Partial<DeskCommandOf<'callOut'>>, refusal: string) =>
    t.match(await ask(server, about), { ok: false, refusal }, refusal)
  await refused({ number: null }, 'no number')
  await refused({ number: '112' }, 'an emergency number')
  await refused({ number: '969' }, 'our own number')
  await refused({ number: '+40256408969' }, 'our own number')
  await refused({ number: '0900123456' }, 'a premium number')
  await refused({ number: '0012125550100' }, 'a foreign number')
  await refused({ number: '0312345678' }, 'a number not allowed')
  await refused({ agent: AgentId('nobody') }, 'unknown agent')
  await refused({ agent: AgentId('ion') }, 'not signed in')
  await server.owner.desk.perform({ do: 'signIn', agent: AgentId('ion') })
  await refused({ agent: AgentId('ion') }, 'no reachable phone')
  stage.asterisk.ownCalls('ana', 1)
  await soon(() => server.agent('ana').phones.ownCalls === 1)
  await refused({}, 'in a call')
  t.equal(stage.did('RingAgent').length, 0)
})

/** The agent hangs up while the citizen's phone rings, or before. */
async function givesUp(on: { stage: Stage; server: Server }, call: Summoning | Dialling): Promise<void> {
  await on.server.owner.desk.perform({ do: 'hangUp', agent: call.offer.agent })
  await on.server.over(call.id)
}

async function limited(t: Test, callOut: { readonly perHour?: number; readonly perHourAll?: number }) {
  const stage = new Stage(t, redis, ['ana', 'ion'])
  stage.rules = { ...stage.rules, callOut: { ...stage.rules.callOut, ...callOut } }
  const server = await stage.server().start()
  for (const name of ['ana', 'ion']) await server.work(name)
  return { stage, server }
}

void t.test('an agent has as many citizens dialled within an hour as the setting says', async (t) => {
  const on = await limited(t, { perHour: 1 })
  await givesUp(on, await summoned(on))
  await givesUp(on, await dialled(on))
  const returns = { call: CallId('c1') }
  for (const about of [{}, { returns }])
    t.match(
      await ask(on.server, about),
      { refusal: 'too many calls' },
      'an attempt that dials nobody is none',
    )
  on.stage.asterisk.register('ana', 'web', false)
  await soon(() => !on.server.agent('ana').phones.web)
  t.match(await ask(on.server), { refusal: 'too many calls' }, 'no phone is asked for it')
  on.stage.asterisk.register('ana', 'web', true)
  await soon(() => on.server.agent('ana').phones.web)
  on.stage.aheadMs = 3_600_001
  t.match(await ask(on.server), { ok: true }, 'an hour later')
})

void t.test(
  'all agents together have as many typed numbers dialled as the setting says; who is promised a call gets it',
  async (t) => {
    const on = await limited(t, { perHourAll: 1 })
    const { server, stage } = on
    const ion = { agent: AgentId('ion') }
    const returns = { call: CallId('c1') }
    t.match(await ask(server, { ...ion, returns }), { ok: true })
    const summons = await summoned(on)
    await server.owner.desk.perform({ do: 'hangUp', ...ion })
    t.match(await ask(server, ion), { refusal: 'too many calls of all' }, 'one is about to be dialled')
    await givesUp(on, summons)
    await givesUp(on, await dialled(on))
    t.match(await ask(server, ion), { refusal: 'too many calls of all' })
    t.match(await ask(server, { ...ion, returns }), { ok: true })
    await server.owner.desk.perform({ do: 'hangUp', ...ion })
    stage.aheadMs = 3_600_001
    t.match(await ask(server, ion), { ok: true }, 'an hour later')
  },
)

void t.test(
  'the configuration’s rules hold from the next call on, within what the settings allow abroad',
  async (t) => {
    const { stage, server } = await stageWith(t)
    const published: OutboundSetting = {
      allowed: ['+4031', '+44'],
      agents: 'any',
      supervisors: 'returns',
      perHour: 1,
      perHourAll: 10,
    }
    stage.publish(published)
    t.match(await ask(server), { ok: false, refusal: 'a number not allowed' }, 'one that the settings allow')
    t.match(await ask(server, { number: '+442071234567' }), { refusal: 'a foreign number' })
    t.match(await ask(server, { number: '0312345678', isSupervisor: true }), {
      refusal: 'only returned calls',
    })
    t.match(await ask(server, { number: '0312345678' }), { ok: true })
    const agent = server.agent('ana')
    const call = await server.phase(agent.state === 'talking' ? agent.call : '', 'summoning')
    stage.asterisk.answer(agentLegOf(call.offer.id))
    await server.phase(call.id, 'dialling')
    await soon(() => stage.did('DialCaller').length === 1)
    t.match(stage.did('DialCaller'), [{ number: '0312345678' }])
    await soon(() => stage.channel(call.id) !== undefined)
    await server.owner.desk.perform({ do: 'hangUp', agent: ana })
    await server.over(call.id)
    t.match(await ask(server, { number: '0312345678' }), { refusal: 'too many calls' })
    stage.publish({ ...published, agents: 'none' })
    t.match(await ask(server, { number: '0312345678' }), { refusal: 'not allowed to call' })
    stage.publish(null)
    t.match(await ask(server), { ok: true }, 'the settings again')
  },
)

void t.test('two tries that wait for the same phone are counted as two', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  stage.rules = { ...stage.rules, callOut: { ...stage.rules.callOut, perHour: 1 } }
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.register('ana', 'web', false)
  await soon(() => !server.agent('ana').phones.web)
  const tries = [ask(server), ask(server)]
  stage.asterisk.register('ana', 'web', true)
  t.match(await Promise.all(tries), [{ ok: true }, { refusal: 'too many calls' }])
})

void t.test(
  '112 from an agent’s phone is on record with the agent, also of one who is signed out',
  async (t) => {
    const { stage, server } = await stageWith(t)
    const told = (name: string) =>
      stage.events.filter(({ id, event }) => id === AgentId(name) && event.type === 'EmergencyDialled')
    const at = Date.now() - 5_000
    for (const name of ['ana', 'ion']) {
      stage.asterisk.dialEmergency(name, 'desk', at)
      await soon(() => told(name).length > 0)
    }
    t.equal(server.agent('ana').state, 'ready')
    t.match(server.agent('ion'), { state: 'signed out', emergencyAt: at })
    stage.asterisk.dialEmergency('nobody', 'desk', at)
    // As after a connect, while the call goes on.
    stage.asterisk.dialEmergency('ana', 'desk', at)
    stage.asterisk.dialEmergency('ana', 'desk', at + 2_000)
    await soon(() => told('ana').length > 1)
    t.match(
      told('ana').map(({ event }) => event),
      [{ at }, { at: at + 2_000 }],
      'once for each call',
    )
  },
)

void t.test('after a server’s death the next one goes on in each stage', async (t) => {
  const fresh = async () => {
    const on = await stageWith(t)
    const take = async () => {
      await on.server.kill()
      await on.stage.leaseLapses()
      return on.stage.server('two').start()
    }
    return { ...on, take }
  }
  await t.test('the agent’s phone rings', async () => {
    const on = await fresh()
    const { id, offer } = await summoned(on)
    const server = await on.take()
    t.equal(server.call(id)?.phase, 'summoning')
    on.stage.asterisk.answer(agentLegOf(offer.id))
    await server.phase(id, 'dialling')
  })
  await t.test('both have picked up, which the server could no longer write', async () => {
    const on = await fresh()
    const { id, offer } = await summoned(on)
    await on.server.pbx.perform({
      do: 'DialCaller',
      channel: callerLegOf(id),
      number: '0722000111',
      ringTimeoutMs: 9_000,
    })
    await on.server.kill()
    on.stage.asterisk.answer(agentLegOf(offer.id))
    on.stage.asterisk.pickUp(callerLegOf(id))
    await on.stage.leaseLapses()
    const server = await on.stage.server('two').start()
    await server.phase(id, 'talking')
    t.ok(on.stage.hear(id, offer.id))
    const at = (type: string) => on.stage.events.findLast(({ event }) => event.type === type)?.at ?? 0
    t.ok(at('CallerAnswered') - at('AgentAnswered') < 2_000, 'together, not by a later audit')
  })
  await t.test('the citizen’s phone rings, and is picked up then', async () => {
    const on = await fresh()
    const { id, offer } = await dialled(on)
    const server = await on.take()
    t.equal(server.call(id)?.phase, 'dialling')
    on.stage.asterisk.pickUp(callerLegOf(id))
    await server.phase(id, 'talking')
    t.ok(on.stage.hear(id, offer.id))
  })
  await t.test('the citizen has picked up meanwhile', async () => {
    const on = await fresh()
    const { id, offer } = await dialled(on)
    await on.server.kill()
    on.stage.asterisk.pickUp(callerLegOf(id))
    await on.stage.leaseLapses()
    const server = await on.stage.server('two').start()
    await server.phase(id, 'talking')
    t.ok(on.stage.hear(id, offer.id))
  })
  await t.test('the citizen’s phone has stopped meanwhile', async () => {
    const on = await fresh()
    const { id } = await dialled(on)
    await on.server.kill()
    on.stage.asterisk.hangUp(callerLegOf(id), 'no answer')
    await on.stage.leaseLapses()
    const server = await on.stage.server('two').start()
    await server.over(id)
    t.match(await ended(on.stage, id), { outcome: 'failed' })
    t.equal(server.agent('ana').state, 'ready')
  })
  await t.test('the agent’s phone has hung up meanwhile', async () => {
    const on = await fresh()
    const { id, offer } = await dialled(on)
    await on.server.kill()
    on.stage.asterisk.hangUp(agentLegOf(offer.id))
    await on.stage.leaseLapses()
    const server = await on.stage.server('two').start()
    await server.over(id)
    t.match(await ended(on.stage, id), { outcome: 'cancelled' })
    await soon(() => on.stage.channel(id) === undefined)
  })
})

void t.test(
  'a citizen who was called and of whom no state is left is let go, not served as a caller',
  async (t) => {
    const { stage, server } = await stageWith(t)
    const lost = outboundCallIn(PbxName('pbx1'), Date.now(), 'lost')
    const { id } = await dialled({ stage, server })
    await server.pbx.perform({
      do: 'DialCaller',
      channel: callerLegOf(lost),
      number: '0722000111',
      ringTimeoutMs: 9_000,
    })
    await server.kill()
    stage.asterisk.pickUp(callerLegOf(lost))
    await stage.leaseLapses()
    const next = await stage.server('two').start()
    await soon(() => stage.channel(lost) === undefined)
    t.equal(next.call(lost), undefined)
    t.equal(next.call(CallId(id))?.phase, 'dialling')
  },
)

void t.test('a citizen’s phone does not ring on for a call that Redis has lost', async (t) => {
  const { stage, server } = await stageWith(t)
  const { id } = await dialled({ stage, server })
  await server.kill()
  await (await readyRedis(redis)).flushdb()
  await stage.server('two').start()
  await soon(() => stage.channel(id) === undefined)
})

void t.test('a call that is returned belongs to its own queue, while there is one', async (t) => {
  const { stage, server } = await stageWith(t)
  const taxes = newQueue(QueueId('taxes'), 'Taxe')
  stage.reconfigure(...stage.queues, taxes)
  const queueOf = async (about: Partial<DeskCommandOf<'callOut'>>) => {
    t.match(await ask(server, about), { ok: true })
    const agent = server.agent('ana')
    const { id, queue } = await server.phase(agent.state === 'talking' ? agent.call : '', 'summoning')
    t.match(await server.owner.desk.perform({ do: 'hangUp', agent: ana }), { ok: true })
    await ended(stage, id)
    await server.work('ana')
    return queue
  }
  const returns = { call: CallId('c1') }
  t.equal(await queueOf({ returns, queue: taxes.id }), taxes.id)
  t.equal(await queueOf({ returns, queue: QueueId('gone') }), 'city')
  t.equal(await queueOf({}), 'city')
})
