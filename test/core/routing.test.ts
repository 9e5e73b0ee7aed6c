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
import {
  compareCandidates,
  compareWaiting,
  effectivePriority,
  levelFor,
  pick,
  type Candidate,
} from '../../src/core/routing.ts'
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

void t.test('callers of a queue: its front, then by entry, then by id', async (t) => {
  const line = [waiting('d', 5, 5), waiting('b', 2), waiting('a', 2), waiting('c', 9, 0)]
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
  t.match(pick(views, t0, rules), {
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
  t.match(pick([...views, early], t0, rules), { call: { id: 'early' } })
  t.equal(pick([], t0, rules), null)
  t.equal(pick([{ queue, waiting: [waiting('a', 1)], candidates: [] }], t0, rules), null)
  const deaf = { agent: ready('ana', t0, false), level: 1 }
  t.equal(pick([{ queue, waiting: [waiting('a', 1)], candidates: [deaf] }], t0, rules), null)
})

/** The callers of two queues, who have waited for so many seconds, in the order in which one agent would be offered them. */
function served(queues: readonly { readonly queue: Queue; readonly waited: readonly number[] }[]): string[] {
  let views = queues.map(({ queue, waited }) => ({
    queue,
    waiting: waited.map((seconds) => waiting(`${queue.id} ${seconds}`, t0 - seconds * 1_000)),
    candidates: [candidate('ana', 3, t0)],
  }))
  const order: string[] = []
  for (let next = pick(views, t0, rules); next !== null; next = pick(views, t0, rules)) {
    const { call } = next
    order.push(call.id)
    views = views.map((view) => ({ ...view, waiting: view.waiting.filter((one) => one !== call) }))
  }
  return order
}

const queueOf = (id: string, priority: number, ageingSeconds?: number): Queue => ({
  ...queue,
  id: QueueId(id),
  priority,
  ...(ageingSeconds === undefined ? {} : { ageingSeconds }),
})

void t.test(
  'a queue with the lower number is served first, whatever the other one’s callers have waited',
  async (t) => {
    const queues = [
      { queue: queueOf('city', 10), waited: [900, 600] },
      { queue: queueOf('danger', 5), waited: [2, 1] },
    ]
    t.same(served(queues), ['danger 2', 'danger 1', 'city 900', 'city 600'])
  },
)

void t.test('with ageing a step of priority is worth so many seconds of waiting', async (t) => {
  const queues = [
    { queue: queueOf('city', 10, 30), waited: [240, 170, 100] },
    { queue: queueOf('danger', 5, 30), waited: [60, 20, 1] },
  ]
  // Five steps of 30 s.
  t.same(served(queues), ['city 240', 'danger 60', 'city 170', 'danger 20', 'danger 1', 'city 100'])
})

void t.test(
  'a queue that ages twice as fast is served as if its callers had waited twice as long',
  async (t) => {
    const queues = [
      { queue: queueOf('city', 10, 20), waited: [100, 30] },
      { queue: queueOf('taxes', 10, 10), waited: [51, 49, 10] },
    ]
    t.same(served(queues), ['taxes 51', 'city 100', 'taxes 49', 'city 30', 'taxes 10'])
  },
)

void t.test(
  'a citizen who is to be called back since yesterday ages no longer than a caller can wait',
  async (t) => {
    const steps = rules.waitMaxMs / 30_000
    const since = { queue: queueOf('taxes', 10 + steps, 30), waited: [10 * 3_600] }
    t.same(served([{ queue: queueOf('danger', 9, 30), waited: [1] }, since]), ['danger 1', 'taxes 36000'])
    t.same(served([{ queue: queueOf('city', 11, 30), waited: [1] }, since]), ['taxes 36000', 'city 1'])
  },
)

void t.test(
  'nobody ages past the front of another queue; of two fronts the one who came first',
  async (t) => {
    const old = {
      queue: queueOf('city', 10, 1),
      waiting: [waiting('old', 1)],
      candidates: [candidate('ana', 3, 1)],
    }
    const front = (id: string, queuedAt: number) => ({
      queue: queueOf('taxes', 20),
      waiting: [waiting(id, queuedAt, 0)],
      candidates: [candidate('ana', 3, 1)],
    })
    t.match(pick([old, front('front', t0 - 1)], t0, rules), { call: { id: 'front' } })
    t.match(pick([front('front', t0 - 1), old], t0, rules), { call: { id: 'front' } })
    t.match(pick([front('later', t0 - 1), front('earlier', t0 - 2)], t0, rules), { call: { id: 'earlier' } })
  },
)

void t.test(
  'of two callers of a queue the earlier one is always served first, and effective priorities only fall',
  async () => {
    const times = fc.integer({ min: 0, max: 3_600_000 })
    const setting = fc.record({
      priority: fc.integer({ min: 1, max: 1_000 }),
      ageing: fc.option(fc.integer({ min: 1, max: 600 }), { nil: undefined }),
    })
    fc.assert(
      fc.property(times, times, times, setting, (early, gap, passed, { priority, ageing }) => {
        const of = queueOf('city', priority, ageing)
        const [a, b] = [waiting('b', early), waiting('a', early + gap + 1)]
        const now = early + gap + 1 + passed
        const max = rules.waitMaxMs
        return (
          compareWaiting(a, b) < 0 &&
          effectivePriority(a, of, now, max) <= effectivePriority(b, of, now, max) &&
          effectivePriority(a, of, now + 1, max) <= effectivePriority(a, of, now, max)
        )
      }),
    )
  },
)

void t.test('a caller who rings again gets the agent of shortly before, if that one is free', async (t) => {
  const [best, last] = [candidate('ana', 3, 1), candidate('ion', 1, 5)]
  const views = (...candidates: Candidate[]) => [{ queue, waiting: [waiting('a', 1)], candidates }]
  const known = () => AgentId('ion')
  t.match(pick(views(best, last), 9, rules, known), { agent: { id: 'ion' }, why: { returning: true } })
  t.match(pick(views(best), 9, rules, known), { agent: { id: 'ana' } }, 'nobody waits for one agent')
  t.equal(pick(views(best), 9, rules, known)?.why.returning, undefined)
  t.match(pick(views(best, last), 9, rules), { agent: { id: 'ana' } })
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
    t.match(pick(view(ana), 9, rules), { call: { id: 'next' }, agent: { id: 'ana' } })
    t.match(pick(view(ana, candidate('ion', 1, 1)), 9, rules), { call: { id: 'sent' }, agent: { id: 'ion' } })
    t.equal(pick([{ queue, waiting: [sent], candidates: [ana] }], 9, rules), null)
  },
)
