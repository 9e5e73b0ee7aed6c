import t from 'tap'
import type { Waiting } from '../../../src/core/call.ts'
import {
  mayOverflow,
  overflowOf,
  overflowWays,
  type OverflowingQueue,
  type Openness,
} from '../../../src/core/configuration/overflow.ts'
import type { OverflowSetting } from '../../../src/core/configuration/schema.ts'
import { AgentId, CallId, QueueId } from '../../../src/core/ids.ts'
import { newQueue } from '../../../src/core/queue.ts'
import { callIn, t0 } from '../samples.ts'

const [general, taxes, reserve] = ['general', 'taxe', 'rezerva'].map(QueueId) as [QueueId, QueueId, QueueId]
const to = (queue: QueueId, when: Omit<OverflowSetting, 'to'>): OverflowSetting => ({ ...when, to: queue })
const waiting: Waiting = { ...callIn('waiting'), queue: general }
/** As many callers who came so long after; less than 0: before. */
const others = (count: number, afterMs = -1_000): Waiting[] =>
  Array.from({ length: count }, (_, nth) => ({
    ...waiting,
    id: CallId(`e${nth}`),
    queuedAt: waiting.queuedAt + afterMs,
  }))

interface Of {
  readonly overflow?: OverflowSetting
  readonly signedIn?: number
  readonly waiting?: readonly Waiting[]
  readonly priority?: number
}
const queue = (id: QueueId, of: Of = {}): OverflowingQueue => ({
  queue: {
    ...newQueue(id, id),
    priority: of.priority ?? 10,
    ...(of.overflow === undefined ? {} : { overflow: of.overflow }),
  },
  signedIn: of.signedIn ?? 1,
  waiting: of.waiting ?? [],
})

const goes = (
  queues: readonly OverflowingQueue[],
  {
    before = 0,
    waitedMs = 0,
    may = 'now',
    call = waiting,
  }: { before?: number; waitedMs?: number; may?: Openness; call?: Waiting } = {},
) =>
  overflowOf(
    call,
    before,
    new Map(queues.map((one) => [one.queue.id, one])),
    waiting.queuedAt + waitedMs,
    () => may,
  )

t.test('a caller stays without an overflow, or while none of its bounds is met', (t) => {
  t.equal(goes([queue(general)]), null)
  t.equal(goes([]), null, 'a queue that has been removed')
  const overflow = to(taxes, { whenWaiting: 3, afterSeconds: 60, whenNobodySignedIn: true })
  t.equal(goes([queue(general, { overflow }), queue(taxes)], { before: 2, waitedMs: 59_999 }), null)
  t.equal(goes([queue(general, { overflow })], { before: 3 }), null, 'the other queue has been removed')
  t.end()
})

t.test('each bound, with its reason and the priority of the other queue', (t) => {
  const target = queue(taxes, { priority: 20 })
  const why = (when: Omit<OverflowSetting, 'to'>, change = {}, signedIn = 1) =>
    goes([queue(general, { overflow: to(taxes, when), signedIn }), target], change)
  t.same(why({ whenWaiting: 3 }, { before: 3 }), { queue: taxes, priority: 20, why: 'length' })
  t.same(why({ afterSeconds: 60 }, { waitedMs: 60_000 }), { queue: taxes, priority: 20, why: 'wait' })
  t.same(why({ whenNobodySignedIn: true }, {}, 0), { queue: taxes, priority: 20, why: 'nobody signed in' })
  t.equal(why({ afterSeconds: 60 }, {}, 0), null, 'nobody signed in, which is no bound of this queue')
  const call = { ...waiting, queuedAt: waiting.arrivedAt - 86_400_000 }
  const sinceArrival = (ms: number) => ({ call, waitedMs: waiting.arrivedAt + ms - waiting.queuedAt })
  t.equal(why({ afterSeconds: 60 }, sinceArrival(59_999)), null, 'a place that is older than the call')
  t.match(why({ afterSeconds: 60 }, sinceArrival(60_000)), { why: 'wait' })
  t.end()
})

t.test('a queue that would send the caller on at once is passed over', (t) => {
  const first = queue(general, { overflow: to(taxes, { whenNobodySignedIn: true }), signedIn: 0 })
  const second = (count: number, afterMs?: number) =>
    queue(taxes, { overflow: to(reserve, { whenWaiting: 5 }), waiting: others(count, afterMs) })
  t.match(goes([first, second(5), queue(reserve)]), { queue: reserve, why: 'nobody signed in' })
  t.match(goes([first, second(4), queue(reserve)]), { queue: taxes })
  t.match(goes([first, second(5)]), { queue: taxes }, 'the third has been removed')
  t.match(goes([first, second(5, 1_000), queue(reserve)]), { queue: taxes }, 'the callers there come after')
  t.end()
})

t.test('a message, or the question whether to call back, in place of another queue', (t) => {
  const nobody = { whenNobodySignedIn: true }
  for (const way of overflowWays) {
    const first = queue(general, { overflow: { ...nobody, [way]: true }, signedIn: 0, priority: 5 })
    const why = 'nobody signed in'
    const { priority } = waiting
    t.same(goes([first]), { queue: general, priority, way, why }, 'the caller keeps the queue')
    t.equal(goes([first], { may: 'no' }), null, 'not open to this caller, who waits on')
    t.equal(goes([first], { may: 'later' }), null)
    t.equal(goes([{ ...first, signedIn: 1 }]), null)
    const before = queue(general, { overflow: to(taxes, nobody), signedIn: 0 })
    const last = queue(taxes, { overflow: { ...nobody, [way]: true }, signedIn: 0, priority: 20 })
    t.same(goes([before, last]), { queue: general, priority, way, why }, 'at once there, too')
    t.same(
      goes([before, last], { may: 'no' }),
      { queue: taxes, priority: 20, why },
      'the last one takes them',
    )
    t.equal(goes([before, last], { may: 'later' }), null, 'one who hears something stays until it is over')
    t.match(goes([before, { ...last, signedIn: 1 }]), { queue: taxes, way: undefined })
  }
  t.end()
})

t.test('a circle, which no published configuration has, ends before the queue that was left', (t) => {
  const nobody = { whenNobodySignedIn: true }
  const circle = [
    queue(general, { overflow: to(taxes, nobody), signedIn: 0 }),
    queue(taxes, { overflow: to(general, nobody), signedIn: 0 }),
  ]
  t.match(goes(circle), { queue: taxes })
  t.equal(goes([queue(general, { overflow: to(general, nobody), signedIn: 0 })]), null, 'to itself')
  t.end()
})

t.test('a caller overflows once, and never from the front or while an agent is reserved', (t) => {
  t.ok(mayOverflow(waiting))
  t.notOk(mayOverflow({ ...waiting, overflowedFrom: taxes }))
  t.notOk(mayOverflow({ ...waiting, priority: 0 }))
  t.notOk(mayOverflow({ ...waiting, reservedFor: { agent: AgentId('ana'), until: t0 } }))
  t.end()
})
