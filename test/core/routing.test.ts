import t from 'tap'
import * as fc from 'fast-check'
import type { Ready } from '../../src/core/agent.ts'
import { newAgent, stepAgent } from '../../src/core/agent-step.ts'
import { arrive } from '../../src/core/call-arrival.ts'
import type { Waiting } from '../../src/core/call.ts'
import {
  agentLegOf,
  AgentId,
  bridgeOf,
  CallId,
  callerLegOf,
  callOfCaller,
  callOfPlayback,
  dismissalOf,
  greetingOf,
  isCallOf,
  OfferId,
  offerOfBridge,
  offerOfLeg,
  QueueId,
} from '../../src/core/ids.ts'
import { invariant } from '../../src/core/invariant.ts'
import type { Queue } from '../../src/core/queue.ts'
import { compareCandidates, compareWaiting, levelFor, pick, type Candidate } from '../../src/core/routing.ts'
import { Sorted } from '../../src/core/sorted.ts'
import { arrival, open, queue, rules, t0 } from './samples.ts'

function waiting(id: string, queuedAt: number, priority = 10): Waiting {
  const { call } = arrive(arrival({ id: CallId(id), queuedAt }), open, t0, rules)
  invariant(call.phase === 'waiting', 'a caller who was queued waits')
  return { ...call, priority }
}

function ready(id: string, idleSince: number, web = true): Ready {
  const events = [
    { type: 'SignedIn' },
    { type: 'PhonesChanged', desk: false, web },
    { type: 'ReadyRequested' },
  ] as const
  const agent = events.reduce(
    (agent, event) => stepAgent(agent, event, idleSince, rules),
    newAgent(AgentId(id), idleSince) as ReturnType<typeof stepAgent>,
  )
  invariant(agent.state === 'ready', 'asked to be ready, is ready')
  return agent
}
const candidate = (id: string, level: number, idleSince: number): Candidate => ({
  agent: ready(id, idleSince),
  level,
})
const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id)

void t.test('callers: by priority, then by entry, then by id', async (t) => {
  const line = [waiting('d', 5), waiting('b', 2), waiting('a', 2), waiting('c', 9, 0)]
  t.same(ids(line.sort(compareWaiting)), ['c', 'a', 'b', 'd'])
  t.equal(compareWaiting(waiting('a', 2), waiting('a', 2)), 0)
  t.equal(compareWaiting(waiting('a', 2), waiting('b', 2)), -compareWaiting(waiting('b', 2), waiting('a', 2)))
})

void t.test('agents: by level, then by longest idle, then by id', async (t) => {
  const agents = [candidate('d', 1, 1), candidate('c', 3, 9), candidate('b', 3, 4), candidate('a', 3, 4)]
  t.same(ids(agents.sort(compareCandidates).map(({ agent }) => agent)), ['a', 'b', 'c', 'd'])
})

void t.test('an agent serves a queue with its skill at its level, and no other', async (t) => {
  const profile = { id: AgentId('a'), username: 'a', name: 'A', skills: { city: 3 } }
  t.equal(levelFor(profile, queue), 3)
  t.equal(levelFor(profile, { ...queue, levelMin: 3 }), 3)
  t.equal(levelFor(profile, { ...queue, levelMin: 4 }), null)
  t.equal(levelFor(profile, { ...queue, skill: 'taxes' }), null)
})

void t.test('the first caller of all queues with a free agent is picked, with the reason', async (t) => {
  const taxes: Queue = { ...queue, id: QueueId('taxes'), skill: 'taxes' }
  const views = [
    { queue, waiting: [waiting('early', t0 - 9_000)], candidates: [] },
    { queue: taxes, waiting: [waiting('later', t0 - 5_000)], candidates: [candidate('ana', 2, t0 - 60_000)] },
    { queue, waiting: [waiting('latest', t0 - 1_000)], candidates: [candidate('ion', 1, t0)] },
    { queue, waiting: [], candidates: [candidate('eva', 1, t0)] },
  ]
  t.match(pick(views, t0), {
    call: { id: 'later' },
    agent: { id: 'ana' },
    device: 'web',
    why: {
      call: 'later',
      agent: 'ana',
      skill: 'taxes',
      level: 2,
      waitedMs: 5_000,
      idleMs: 60_000,
      waiting: 1,
      candidates: 1,
    },
  })
  const early = { queue, waiting: [waiting('early', t0 - 9_000)], candidates: [candidate('eva', 1, t0)] }
  t.match(pick([...views, early], t0), { call: { id: 'early' } })
  t.equal(pick([], t0), null)
  t.equal(pick([{ queue, waiting: [waiting('a', 1)], candidates: [] }], t0), null)
  const deaf = { agent: ready('ana', t0, false), level: 1 }
  t.equal(pick([{ queue, waiting: [waiting('a', 1)], candidates: [deaf] }], t0), null)
})

void t.test('a caller who rings again gets the agent of shortly before, if that one is free', async (t) => {
  const [best, last] = [candidate('ana', 3, 1), candidate('ion', 1, 5)]
  const views = (...candidates: Candidate[]) => [{ queue, waiting: [waiting('a', 1)], candidates }]
  const known = () => AgentId('ion')
  t.match(pick(views(best, last), 9, known), { agent: { id: 'ion' }, why: { returning: true } })
  t.match(pick(views(best), 9, known), { agent: { id: 'ana' } }, 'nobody waits for one agent')
  t.equal(pick(views(best), 9, known)?.why.returning, undefined)
  t.match(pick(views(best, last), 9), { agent: { id: 'ana' } })
})

void t.test('the list stays sorted, whatever is added and removed', async () => {
  const compare = (a: number, b: number) => a - b
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 30 }))), (steps) => {
      const sorted = new Sorted<number>(compare)
      const model = new Set<number>()
      for (const [adds, item] of steps) {
        if (adds && !model.has(item)) {
          model.add(item)
          sorted.add(item)
        } else if (!adds && sorted.remove(item) !== model.delete(item)) return false
      }
      return JSON.stringify(sorted.items) === JSON.stringify([...model].sort(compare))
    }),
  )
})

void t.test('our names in Asterisk lead back to the offer or the call', async (t) => {
  const offer = OfferId('o1')
  const call = CallId('pbx1-1.1')
  t.equal(offerOfLeg(agentLegOf(offer)), offer)
  t.equal(offerOfLeg(callerLegOf(call)), null)
  t.equal(bridgeOf(offer), 'bridge-o1')
  t.equal(offerOfBridge(bridgeOf(offer)), offer)
  t.equal(offerOfBridge('a2f1'), null)
  t.equal(callOfPlayback(greetingOf(call)), call)
  t.equal(callOfPlayback(dismissalOf(call)), call)
  t.equal(callOfCaller(callerLegOf(call)), call)
  t.ok(isCallOf('pbx1', call))
  t.notOk(isCallOf('pbx', call))
})

void t.test(
  'a caller whom the only free agent has sent on waits for another; the next one is served',
  async (t) => {
    const sent: Waiting = {
      ...waiting('sent', 1, 0),
      transfer: { by: AgentId('ana'), from: queue.id, to: { queue: queue.id }, at: 1, state: 'under way' },
    }
    const view = (...candidates: Candidate[]) => [{ queue, waiting: [sent, waiting('next', 2)], candidates }]
    const ana = candidate('ana', 3, 1)
    t.match(pick(view(ana), 9), { call: { id: 'next' }, agent: { id: 'ana' } })
    t.match(pick(view(ana, candidate('ion', 1, 1)), 9), { call: { id: 'sent' }, agent: { id: 'ion' } })
    t.equal(pick([{ queue, waiting: [sent], candidates: [ana] }], 9), null)
  },
)
