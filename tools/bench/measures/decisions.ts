/**
 * Cost of a routing decision by queue length, with core and Redis alone: pick a caller and an agent, step both
 * state machines, reserve both in Redis with one script. The state is restored after each decision.
 */
import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { noWords } from '../../../src/core/announcements/own-words.ts'
import { newAgent, stepAgent } from '../../../src/core/agent-step.ts'
import type { Agent } from '../../../src/core/agent.ts'
import { arrive } from '../../../src/core/call-arrival.ts'
import { step } from '../../../src/core/call-step.ts'
import type { LiveCall } from '../../../src/core/call.ts'
import { AgentId, CallId, OfferId, PbxName, QueueId } from '../../../src/core/ids.ts'
import { invariant } from '../../../src/core/invariant.ts'
import { newQueue } from '../../../src/core/queue.ts'
import { pick } from '../../../src/core/routing.ts'
import type { Rules } from '../../../src/core/rules.ts'
import { acdKeys } from '../../../src/redis/keys.ts'
import { connectRedis, whenReady } from '../../../src/redis/connection.ts'
import { redisAcdStore } from '../../../src/redis/store.ts'
import { AcdState } from '../../../src/acd/acd-state.ts'
import type { Commit, AcdStore } from '../../../src/acd/ports.ts'

const queue = newQueue(QueueId('city'), 'Primărie')
const rules: Rules = {
  answer: 'queue',
  greeting: false,
  wrapUpMs: 0,
  ringTimeoutMs: 15_000,
  lineLengthMax: 2_000,
  waitMaxMs: 3_600_000,
  closingGraceMs: 1_800_000,
  callOut: {
    allowed: ['+402', '+407'],
    allowedToSupervisors: [],
    agents: 'any',
    supervisors: 'any',
    perHour: 30,
    perHourAll: 300,
  },
  missedMax: 3,
  returningMs: 0,
  reconnectMs: 10_000,
  callbackAgainMs: 900_000,
  voicemailMaxMs: 180_000,
}
/** A process's first decisions run before the JIT compiler has optimised them and are discarded. */
const warmUp = 300

/** Milliseconds of each decision, with `size` agents free and as many callers waiting. */
export async function decisions(redisUrl: string, size: number, rounds: number): Promise<number[]> {
  const redis = connectRedis(redisUrl, pino({ level: 'silent' }), { commandTimeoutMs: 1_000 })
  await whenReady(redis)
  const keys = acdKeys(`bench-growth-${randomUUID()}`, PbxName('pbx1'))
  const token = 'bench:1'
  const store = redisAcdStore(redis, keys, () => token)
  try {
    await redis.set(keys.lease, token)
    const acdState = await fillLine(store, size)
    const durations: number[] = []
    for (let round = 0; round < warmUp + rounds; round += 1) {
      const took = await decide(acdState, store)
      if (round >= warmUp) durations.push(took)
    }
    return durations
  } finally {
    await redis.del(keys.lease, keys.versions, keys.states, keys.events, keys.effects)
    redis.disconnect()
  }
}

/** Callers arrive and agents become free one millisecond apart. */
async function fillLine(store: AcdStore, size: number): Promise<AcdState> {
  const acdState = new AcdState()
  const now = Date.now()
  const ids = Array.from({ length: size }, (_, index) => AgentId(`agent${index}`))
  const profiles = ids.map((id) => ({ id, username: id, name: id, skills: { city: 3 } }))
  acdState.setDirectory(profiles, [queue], now)
  for (const [index, id] of ids.entries()) {
    const since = now - (size - index)
    const agent = (['SignedIn', 'PhonesChanged', 'ReadyRequested'] as const).reduce(
      (before: Agent, type) =>
        stepAgent(
          before,
          type === 'PhonesChanged' ? { type, desk: true, web: false } : { type },
          since,
          rules,
        ),
      newAgent(id, since),
    )
    const call = waitingCall(index, since)
    await store.commit(commitOf([call, 0], [agent, 0]))
    acdState.setAgent(agent, 1, now)
    acdState.setCall(call, 1)
  }
  return acdState
}

function waitingCall(index: number, arrivedAt: number): LiveCall {
  const { call } = arrive(
    {
      id: CallId(`pbx1-${index}.1`),
      pbx: PbxName('pbx1'),
      line: '969',
      caller: { number: `+4025610${String(index).padStart(4, '0')}`, name: null },
      queue,
      arrivedAt,
      menu: null,
      closed: 'message',
      answer: null,
      closingGraceMs: null,
      words: noWords,
      queuedAt: null,
      speaks: false,
      answered: false,
      callback: null,
      block: null,
    },
    { opening: { open: true, closesAt: null }, waiting: 0, dismissing: 0 },
    arrivedAt,
    rules,
  )
  invariant(call.phase === 'waiting', 'a caller without a greeting waits')
  return call
}

/** One decision and its reservation, measured. Afterwards the states are restored under the next version. */
async function decide(acdState: AcdState, store: AcdStore): Promise<number> {
  const startedAt = performance.now()
  const now = Date.now()
  const picked = pick(acdState.views(), now, rules)
  invariant(picked !== null, 'a caller waits and an agent is free')
  const { call, agent, device, why } = picked
  const offer = { id: OfferId(randomUUID()), agent: agent.id, device, madeAt: now, expiresAt: now + 20_000 }
  const event = { type: 'OfferMade', offer, why } as const
  const stepped = step(call, event, now, rules)
  const offered = stepAgent(agent, { type: 'Offered', call: call.id, offer }, now, rules)
  invariant(stepped.call.phase === 'ringing', 'an offer rings')
  const callVersion = acdState.call(call.id)?.version ?? 0
  const agentVersion = acdState.agent(agent.id)?.version ?? 0
  acdState.setCall(stepped.call, callVersion + 1)
  acdState.setAgent(offered, agentVersion + 1, now)
  const reserved = await store.commit({
    ...commitOf([stepped.call, callVersion], [offered, agentVersion]),
    events: [{ subject: 'call', id: call.id, seq: callVersion + 1, at: now, event, after: stepped.call }],
    effects: stepped.effects,
  })
  const took = performance.now() - startedAt
  invariant(reserved === 'SAVED', reserved)
  await store.commit(commitOf([call, callVersion + 1], [agent, agentVersion + 1]))
  acdState.setCall(call, callVersion + 2)
  acdState.setAgent(agent, agentVersion + 2, now)
  return took
}

function commitOf(
  [call, callFrom]: readonly [LiveCall, number],
  [agent, agentFrom]: readonly [Agent, number],
): Commit {
  return {
    id: randomUUID(),
    writes: [
      { entity: { kind: 'call', call }, from: callFrom, to: callFrom + 1 },
      { entity: { kind: 'agent', agent }, from: agentFrom, to: agentFrom + 1 },
    ],
    events: [],
    effects: [],
  }
}
