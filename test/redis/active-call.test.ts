import t from 'tap'
import type { Agent } from '../../src/core/agent.ts'
import type { Call, LiveCall } from '../../src/core/call.ts'
import { AgentId, CallId } from '../../src/core/ids.ts'
import { versioned } from '../../src/core/versions.ts'
import { redisActiveCall, redisAskedAbout } from '../../src/redis/active-call.ts'
import { StoreUnavailable } from '../../src/acd/ports.ts'
import { agentAt, Story } from '../http/states.ts'
import { readyRedis, testRedis } from '../support/redis.ts'

const redis = await testRedis(t)
const ana = AgentId('ana')
const ion = AgentId('ion')
const call = CallId('pbx1-1.1')
const t0 = 1_764_000_000_000

async function lineWith(agents: readonly Agent[], calls: readonly LiveCall[]) {
  const { keys, connection } = await stateOf(agents, calls)
  return redisActiveCall(connection, keys)
}

async function stateOf(agents: readonly Agent[], calls: readonly LiveCall[]) {
  const keys = redis.keys()
  const connection = await readyRedis(redis)
  for (const agent of agents)
    await connection.hset(keys.states, `agent:${agent.id}`, JSON.stringify(versioned(agent)))
  for (const one of calls)
    await connection.hset(keys.states, `call:${one.id}`, JSON.stringify(versioned(one)))
  return { keys, connection }
}

function live(after: Call): LiveCall {
  if (after.phase === 'ended') throw new Error('an ended call is not on the line')
  return after
}

const story = new Story(call, t0)
story.arrives()
story.waits(t0)
const ringing = live(story.rings(ana, t0 + 100).after)
const talking = live(story.talks(ana, t0 + 2_000).after)
const talkingAgent = agentAt(ana, t0, { state: 'talking', call })

void t.test(
  'an agent is in a call while talking, on hold, or being rung again after a lost leg',
  async (t) => {
    t.equal(await (await lineWith([talkingAgent], [talking]))(ana), call)
    const held = { ...talking, phase: 'held' } as LiveCall
    t.equal(await (await lineWith([talkingAgent], [held]))(ana), call)
    const reconnecting = {
      ...talking,
      phase: 'reconnecting',
      invited: true,
      until: t0,
    } as unknown as LiveCall
    const rungAnew = agentAt(ana, t0, { state: 'offered', call })
    t.equal(await (await lineWith([rungAnew], [reconnecting]))(ana), call)
  },
)

void t.test('ringing and wrap-up are no call, nor is one that has ended or is another agent’s', async (t) => {
  const offered = agentAt(ana, t0, { state: 'offered', call })
  t.equal(await (await lineWith([offered], [ringing]))(ana), null)
  const wrapping = agentAt(ana, t0, { state: 'wrap-up', call, until: t0 + 1 })
  t.equal(await (await lineWith([wrapping], []))(ana), null)
  t.equal(await (await lineWith([talkingAgent], []))(ana), null, 'the caller hung up between the two reads')
  const other = live(new Story(call, t0).talks(ion, t0).after)
  t.equal(await (await lineWith([talkingAgent], [other]))(ana), null)
  t.equal(await (await lineWith([], []))(ana), null)
})

void t.test(
  'a call that was handed on is the second agent’s from their answer, and nobody’s before',
  async (t) => {
    const handedOn = new Story(call, t0)
    handedOn.arrives()
    handedOn.talks(ana, t0 + 100)
    const wrapping = agentAt(ana, t0, { state: 'wrap-up', call, until: t0 + 90_000 })
    const stages = [
      [live(handedOn.waits(t0 + 200).after), agentAt(ion, t0), null],
      [live(handedOn.rings(ion, t0 + 300).after), agentAt(ion, t0, { state: 'offered', call }), null],
      [live(handedOn.talks(ion, t0 + 400).after), agentAt(ion, t0, { state: 'talking', call }), call],
    ] as const
    for (const [stage, second, expected] of stages) {
      const activeCall = await lineWith([wrapping, second], [stage])
      t.equal(await activeCall(ana), null, `${stage.phase}: the first agent`)
      t.equal(await activeCall(ion), expected, `${stage.phase}: the second agent`)
    }
  },
)

void t.test('a colleague is asked about a call from the answer on, and it is not their call', async (t) => {
  const asking = new Story(call, t0)
  asking.arrives()
  asking.talks(ana, t0 + 100)
  const ionTalks = agentAt(ion, t0, { state: 'talking', call })
  for (const [seat, second, expected] of [
    ['ringing', agentAt(ion, t0, { state: 'offered', call }), null],
    ['ringing', ionTalks, null],
    ['side', ionTalks, { call, by: ana }],
    ['music', ionTalks, { call, by: ana }],
    ['room', ionTalks, { call, by: ana }],
    [null, ionTalks, null],
    ['side', agentAt(ion, t0, { state: 'wrap-up', call, until: t0 + 1 }), null],
  ] as const) {
    const stage = live(asking.asks(ana, ion, seat, t0 + 200).after)
    const { keys, connection } = await stateOf([talkingAgent, second], [stage])
    const name = `${seat}, ${second.state}`
    t.strictSame(await redisAskedAbout(connection, keys)(ion), expected, name)
    t.equal(await redisAskedAbout(connection, keys)(ana), null, name)
    t.equal(await redisActiveCall(connection, keys)(ion), null, name)
    t.equal(await redisActiveCall(connection, keys)(ana), call, name)
  }
})

void t.test('without Redis the question rejects', async (t) => {
  const broken = { hget: () => Promise.reject(new Error('gone')) }
  await t.rejects(redisAskedAbout(broken, redis.keys())(ana), StoreUnavailable)
  await t.rejects(redisActiveCall(broken, redis.keys())(ana), StoreUnavailable)
})
