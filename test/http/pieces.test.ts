/** Examples for small pure functions and classes. */
import { noTally } from '../../src/core/reports/figures.ts'
import { QueueId } from '../../src/core/ids.ts'
import type { TallyRow } from '../../src/ledger/reports/figures.ts'
import t from 'tap'
import { step } from '../../src/core/call-step.ts'
import { AgentId, CallId } from '../../src/core/ids.ts'
import { startOfDay } from '../../src/core/local-time.ts'
import { queuesWithAgents } from '../../src/http/live/queue-agents.ts'
import { CallContexts } from '../../src/http/live/caller-context.ts'
import { PlaybackSessions } from '../../src/http/recordings/playback-sessions.ts'
import { agentView } from '../../src/http/agents/view.ts'
import { Names } from '../../src/http/shell/names.ts'
import { isDatabaseAway } from '../../src/http/shell/problem.ts'
import { rangeOf } from '../../src/http/recordings/range.ts'
import { LiveState } from '../../src/http/live/live-state.ts'
import { languageOf } from '../../src/http/shell/language.ts'
import { sentences } from '../../src/http/shell/sentences.ts'
import { SessionCache } from '../../src/http/session/session-cache.ts'
import { TodayFigures } from '../../src/http/live/today.ts'
import { as, callIn, queue, rules } from '../core/samples.ts'
import { agentAt } from './states.ts'

const usualTarget = { percent: 80, withinMs: 20_000 }
const names = new Names({
  agents: () => [],
  queues: () => [queue],
  contacts: () => [],
})

t.test('an agent below a queue’s level is not among those who serve it', async (t) => {
  const profile = (id: string, skills: Record<string, number>) => ({
    id: AgentId(id),
    username: id,
    name: id,
    skills,
  })
  const experts = { ...queue, id: QueueId('experts'), levelMin: 3 }
  const served = queuesWithAgents({
    agents: () => [
      profile('novice', { [queue.skill]: 2 }),
      profile('expert', { [queue.skill]: 3 }),
      profile('other', {}),
    ],
    queues: () => [queue, experts],
  })
  t.match(served, [
    { id: queue.id, agents: ['novice', 'expert'] },
    { id: 'experts', name: queue.name, agents: ['expert'] },
  ])
})

t.test('a day begins at local midnight, also on the days of the clock changes', async (t) => {
  const bucharest = (text: string) => new Date(startOfDay(Date.parse(text))).toISOString()
  t.equal(bucharest('2026-11-24T08:00:00.500Z'), '2026-11-23T22:00:00.000Z')
  t.equal(bucharest('2026-07-24T08:00:00Z'), '2026-07-23T21:00:00.000Z')
  t.equal(bucharest('2026-11-24T22:00:00Z'), '2026-11-24T22:00:00.000Z', 'midnight itself')
  t.equal(bucharest('2026-11-24T21:59:59.999Z'), '2026-11-23T22:00:00.000Z')
  // 29 March: 03:00 becomes 04:00. 25 October: 04:00 becomes 03:00.
  t.equal(bucharest('2026-03-29T12:00:00Z'), '2026-03-28T22:00:00.000Z')
  t.equal(bucharest('2026-10-25T12:00:00Z'), '2026-10-24T21:00:00.000Z')
  t.equal(bucharest('2026-10-25T00:30:00Z'), '2026-10-24T21:00:00.000Z')
})

t.test('the ledger is queried at most once a second, and less often while it is slow', async (t) => {
  let now = Date.UTC(2026, 10, 24, 8)
  let tookMs = 1
  let asked = 0
  const today = new TodayFigures({
    tallies: async () => {
      asked += 1
      now += tookMs
      return [
        tallyRow({ slot: 16, offered: 8, answered: 7, abandoned: 1, answeredWithin: 6, waitedMs: 63_000 }),
        tallyRow({ slot: 19, recent: true, offered: 2, answered: 1, shortAbandoned: 1, waitedMs: 1_000 }),
        tallyRow({ slot: -1, recent: true, offered: 1, answered: 1, answeredWithin: 1 }),
      ]
    },
    overflows: async () => [{ from: QueueId('taxe'), to: QueueId('general'), day: 12, recent: 3 }],
    surveys: async () => [
      { queue: QueueId('taxe'), asked: 9, answered: 6, helped: 5, rated: 4, ratings: 17 },
    ],
    counts: () => ({ waiting: 2, longestWaitMs: 5_000, free: 1, tooLong: false }),
    waitingBeyond: () => new Map([[QueueId('taxe'), 3]]),
    targetOf: (queue) => ({ percent: queue === 'taxe' ? 60 : 90, withinMs: 20_000 }),
    queues: () => [{ id: QueueId('general'), name: 'Informații', agents: [AgentId('ana')] }],
    serviceLevelMs: 20_000,
    shortAbandonMs: 5_000,
    now: () => now,
  })
  t.match(today.view(false), { waiting: 2, day: { offered: 0, serviceLevel: 0, counted: 3 } })
  await Promise.all([today.refresh(), today.refresh()])
  await today.refresh()
  t.equal(asked, 1)
  const view = today.view(true)
  t.match(view, {
    free: 1,
    day: {
      offered: 10,
      serviceLevel: 6 / 12,
      abandonment: 1 / 12,
      averageAnswerMs: 8_000,
      counted: 12,
      // Nine calls of one queue, and three of the other.
      targetPercent: (9 * 90 + 3 * 60) / 12,
    },
    recent: { offered: 3, serviceLevel: 1 / 5, shortAbandoned: 1 },
    queues: [
      {
        name: 'Informații',
        agents: ['ana'],
        target: { percent: 90 },
        day: { offered: 10, counted: 9, targetPercent: 90 },
      },
    ],
    overflows: [{ from: 'taxe', to: 'general', day: 12, recent: 3 }],
    surveys: [{ queue: 'taxe', asked: 9, answered: 6, ratings: 17 }],
  })
  t.strictSame(
    view.slots.map(({ offered }) => offered),
    [8, 0, 0, 2, 0],
    'every half-hour from the first call to now, 10:00 in the city',
  )
  t.equal(view.slots[0]?.from, '2026-11-24T06:00:00.000Z')
  t.match(
    today.view(false),
    { day: { offered: 10 }, queues: [], slots: [], overflows: [], surveys: [] },
    'others see no queues',
  )
  now += 1_000
  tookMs = 500
  await today.refresh()
  now += 9_000
  await today.refresh()
  t.equal(asked, 2, 'a query of half a second is followed by a pause of ten')
  now += 1_500
  await today.refresh()
  t.equal(asked, 3)
})

t.test(
  'the course of the day of each queue has the figures of its day, in the half-hours of the line',
  async (t) => {
    const now = Date.UTC(2026, 10, 24, 8)
    const [general, taxes, empty] = [QueueId('general'), QueueId('taxe'), QueueId('urbanism')]
    const today = new TodayFigures({
      tallies: async () => [
        tallyRow({ queue: taxes, slot: -1, recent: true, offered: 5, answered: 5 }),
        tallyRow({ queue: general, slot: 16, offered: 8, answered: 6, abandoned: 1 }),
        tallyRow({ queue: taxes, slot: 17, offered: 3, answered: 1, abandoned: 2 }),
        tallyRow({ queue: taxes, slot: 19, recent: true, offered: 2, answered: 1 }),
        tallyRow({ queue: taxes, slot: 19, offered: 4, answered: 3 }),
        tallyRow({ queue: QueueId('removed'), slot: 18, offered: 1, abandoned: 1 }),
      ],
      overflows: async () => [],
      surveys: async () => [],
      counts: () => ({ waiting: 0, longestWaitMs: null, free: 1, tooLong: false }),
      waitingBeyond: () => new Map(),
      targetOf: () => usualTarget,
      queues: () => [general, taxes, empty].map((id) => ({ id, name: id, agents: [] })),
      serviceLevelMs: 20_000,
      shortAbandonMs: 5_000,
      now: () => now,
    })
    await today.refresh()
    const view = today.view(true)
    const sum = (counts: readonly number[]) => counts.reduce((all, one) => all + one, 0)
    for (const { id, day, course } of view.queues)
      for (const figure of ['offered', 'answered', 'abandoned'] as const) {
        const counts = course?.[figure] ?? []
        t.equal(sum(counts), day[figure], `${id}: ${figure}`)
        t.equal(counts.length, view.slots.length, 'the half-hours of the line')
      }
    for (const figure of ['offered', 'answered', 'abandoned'] as const)
      t.equal(sum(view.slots.map((slot) => slot[figure])), view.day[figure], 'also those of a removed queue')
    t.same(
      view.queues.map(({ course }) => course?.offered),
      [
        [8, 0, 0, 0, 0],
        [0, 3, 0, 6, 0],
        [0, 0, 0, 0, 0],
      ],
    )
  },
)

t.test('after midnight the day is empty until the ledger is queried again', async (t) => {
  // 23:59:59 in the city.
  let now = Date.UTC(2026, 10, 24, 21, 59, 59)
  let isAway = false
  const today = new TodayFigures({
    tallies: async () => {
      if (isAway) throw new Error('database away')
      return [tallyRow({ slot: 20, offered: 8, answered: 8, answeredWithin: 8 })]
    },
    overflows: async () => [{ from: QueueId('taxe'), to: QueueId('general'), day: 12, recent: 3 }],
    surveys: async () => [
      { queue: QueueId('taxe'), asked: 9, answered: 6, helped: 5, rated: 4, ratings: 17 },
    ],
    counts: () => ({ waiting: 0, longestWaitMs: null, free: 1, tooLong: false }),
    waitingBeyond: () => new Map(),
    targetOf: () => usualTarget,
    queues: () => [],
    serviceLevelMs: 20_000,
    shortAbandonMs: 5_000,
    now: () => now,
  })
  await today.refresh()
  t.match(today.view(true), { day: { offered: 8, serviceLevel: 1 }, slots: { length: 28 } })
  now += 1_500
  isAway = true
  await t.rejects(today.refresh())
  t.match(today.view(true), {
    day: { offered: 0, serviceLevel: null },
    slots: { length: 0 },
    overflows: [],
    surveys: [],
  })
  now += 60_000
  isAway = false
  await today.refresh()
  t.match(today.view(true), { day: { offered: 8 } })
})

t.test('who waits longest is in the figures, whenever they entered the queue', async (t) => {
  const line = new LiveState(names)
  const caller = callIn('waiting')
  line.restart({ calls: [caller, { ...caller, id: CallId('pbx1-2.2') }], agents: [], position: '0-0' })
  const now = (caller.queuedAt ?? 0) + 35 * 60_000
  const today = new TodayFigures({
    tallies: async () => [],
    overflows: async () => [],
    surveys: async () => [],
    counts: () => ({ ...line.counts(now), tooLong: line.waitsTooLong(() => 20_000, now) }),
    waitingBeyond: () => line.waitingBeyond(() => 20_000, now),
    targetOf: () => usualTarget,
    queues: () => [],
    serviceLevelMs: 20_000,
    shortAbandonMs: 5_000,
    now: () => now,
  })
  await today.refresh()
  const late = { waitingBeyond: 2, counted: 2, serviceLevel: 0 }
  t.match(today.view(false), { waiting: 2, tooLong: true, day: late, recent: late })
  const other = (within: number) => (of: QueueId) => (of === caller.queue ? within : 0)
  t.same(line.waitingBeyond(other(36 * 60_000), now), new Map(), 'each by the time of its own queue')
  t.notOk(line.waitsTooLong(other(36 * 60_000), now))
})

t.test('the longest wait does not include the conversation of a caller who waits again', async (t) => {
  const lost = callIn('reconnecting')
  const front = as(step(lost, { type: 'DeadlinePassed' }, lost.until, rules).call, 'waiting')
  const line = new LiveState(names)
  const { queuedAt } = front
  const shown = (calls: readonly (typeof front)[]) => {
    line.restart({ calls, agents: [], position: '0-0' })
    return line.waitingIn(null, front.since + 4_000)
  }
  t.same(shown([front]), { waiting: 1, longestWaitMs: 4_000 })
  const newcomer = { ...front, id: CallId('pbx1-2.2'), answeredAt: null }
  t.same(shown([front, newcomer]), { waiting: 2, longestWaitMs: front.since + 4_000 - queuedAt })
})

t.test('one who has the place of a callback waits from their own call on', async (t) => {
  const waiting = callIn('waiting')
  const back = { ...waiting, queuedAt: waiting.arrivedAt - 57 * 3_600_000 }
  const line = new LiveState(names)
  line.restart({ calls: [back], agents: [], position: '0-0' })
  const now = back.arrivedAt + 15_000
  t.same(line.waitingIn(null, now), { waiting: 1, longestWaitMs: 15_000 })
  t.same(
    line.waitingBeyond(() => 20_000, now),
    new Map(),
  )
  t.notOk(line.waitsTooLong(() => 20_000, now))
  t.same(
    line.waitingBeyond(() => 14_000, now),
    new Map([[back.queue, 1]]),
  )
})

t.test('an agent’s view distinguishes the phone of the present offer from the next one', async (t) => {
  const phones = { desk: true, web: true, chosen: 'web', ownCalls: 0 } as const
  const call = CallId('pbx1-1.1')
  const shown = (state: Parameters<typeof agentAt>[2]) =>
    agentView({ ...agentAt(AgentId('a1'), 0, state), phones }, names)
  for (const state of ['offered', 'talking'] as const)
    t.match(shown({ state, call }), { offerDevice: 'desk', phones: { active: 'web' } }, state)
  t.match(shown({ state: 'ready', notBefore: 0 }), { offerDevice: null, phones: { active: 'web' } })
  t.match(shown({ state: 'wrap-up', call, until: 10_000 }), { offerDevice: null })
})

t.test('a range is parsed as in RFC 9110', async (t) => {
  t.same(rangeOf('bytes=0-0', 10), { start: 0, end: 0 })
  t.same(rangeOf('bytes=5-', 10), { start: 5, end: 9 })
  t.same(rangeOf('bytes=5-500', 10), { start: 5, end: 9 })
  t.same(rangeOf('bytes=-3', 10), { start: 7, end: 9 })
  t.same(rangeOf('bytes=-300', 10), { start: 0, end: 9 })
  for (const none of ['bytes=10-', 'bytes=-0', 'bytes=10-20'])
    t.equal(rangeOf(none, 10), 'unsatisfiable', none)
  for (const odd of [undefined, '', 'bytes', 'bytes=', 'bytes=-', 'bytes=3-1', 'bytes=1-2,3-4', 'lines=1-2'])
    t.equal(rangeOf(odd, 10), 'whole', String(odd))
  t.equal(rangeOf('bytes=0-', 0), 'unsatisfiable')
})

t.test('a named playback session ends after an hour, an unnamed one with the recording', async (t) => {
  let now = 0
  const openings = new PlaybackSessions(() => now)
  const call = CallId('pbx1-1.1')
  const known = (session: string, player: string | undefined, start = 500) =>
    openings.isKnown(session, call, player, { start, lastsMs: 60_000 })
  t.notOk(known('session', undefined))
  openings.opened('session', call, undefined)
  t.ok(known('session', undefined))
  t.notOk(known('session', 'named'))
  t.notOk(known('other', undefined))
  openings.opened('session', call, 'named')
  now = 59_999
  t.ok(known('session', undefined))
  now = 60_000
  t.notOk(known('session', undefined), 'a request from the second byte on is a new hearing')
  t.ok(known('session', 'named', 0))
  now = 3_600_000
  t.notOk(known('session', 'named'))
})

t.test('a statement that PostgreSQL cancels is an unavailable service, not a bug', async (t) => {
  for (const code of ['57014', '57P01', '55P03', '53300', '08006', 'ECONNREFUSED'])
    t.ok(isDatabaseAway({ code, message: '' }), code)
  for (const code of ['22008', '23505', '42501', '55000', undefined])
    t.notOk(isDatabaseAway({ code, message: '' }), String(code))
  for (const message of [
    'Connection terminated unexpectedly',
    // The answer to a rollback hides the error that it follows.
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
  ])
    t.ok(isDatabaseAway({ message }), message)
})

t.test('the language is Romanian unless English is preferred', async (t) => {
  for (const header of [undefined, '', 'ro', 'de', 'ro-RO,ro;q=0.9,en;q=0.8', '*', 'en;q=0', 'en;q=x'])
    t.equal(languageOf(header), 'ro', String(header))
  for (const header of ['en', 'en-US,en;q=0.9', 'de,en;q=0.5', 'ro;q=0.3,en;q=0.4'])
    t.equal(languageOf(header), 'en', header)
  for (const [code, { ro, en }] of Object.entries(sentences)) {
    t.notMatch(ro, /[şţ]/, `${code}: comma below, not cedilla`)
    t.ok(ro.endsWith('.') && en.endsWith('.'), code)
  }
})

t.test('a session is cached for seconds, and without the database for a shift', async (t) => {
  let now = 0
  let answer: string | null | Error = 'Ana'
  let asked = 0
  const cache = new SessionCache<string>(
    async () => {
      asked += 1
      if (answer instanceof Error) throw answer
      return answer
    },
    () => now,
  )
  t.equal(await cache.accountOf('token'), 'Ana')
  t.equal(await cache.accountOf('token'), 'Ana')
  t.equal(asked, 1)
  answer = new Error('away')
  now += 6_000
  t.equal(await cache.accountOf('token'), 'Ana')
  await t.rejects(cache.accountOf('unknown'), { message: 'away' })
  now += 13 * 3_600_000
  await t.rejects(cache.accountOf('token'), { message: 'away' })
  answer = null
  t.equal(await cache.accountOf('token'), null, 'revoked')
})

t.test(
  'a changed account is read again at once, and stays valid while the database is not available',
  async (t) => {
    let answers: (string | null | Error)[] = ['Ana']
    let wait: Promise<void> = Promise.resolve()
    const ask = async () => {
      const answer = answers.shift() ?? null
      await wait
      if (answer instanceof Error) throw answer
      return answer
    }
    const cache = new SessionCache<string>(ask, () => 0)
    t.equal(await cache.accountOf('token'), 'Ana')
    t.same([...cache.recheck((account) => account === 'Barbu')], [], 'not the session of another account')
    t.equal(await cache.accountOf('token'), 'Ana', 'and it is not read again')
    t.same([...cache.recheck((account) => account === 'Ana')], ['token'])
    answers = [new Error('away'), 'Ana Pop', null]
    t.equal(await cache.accountOf('token'), 'Ana', 'the database is not available')
    t.equal(await cache.accountOf('token'), 'Ana Pop')
    cache.recheck(() => true)
    t.equal(await cache.accountOf('token'), null, 'closed')

    // A query that was running when the account was closed has the old state.
    answers = ['Ana', 'Ana', null]
    t.equal(await cache.accountOf('other'), 'Ana')
    cache.recheck(() => true)
    const { promise, resolve } = Promise.withResolvers<void>()
    wait = promise
    const underWay = cache.accountOf('other')
    cache.recheck(() => true)
    resolve()
    t.equal(await underWay, 'Ana')
    t.equal(await cache.accountOf('other'), null)
  },
)

t.test('a caller is looked up once, and again only after a failure', async (t) => {
  const ready: string[] = []
  let asked = 0
  const contexts = new CallContexts(
    async (callId) => {
      asked += 1
      if (asked === 1) throw new Error('away')
      return { callId, previousCalls: [], previousCount: asked }
    },
    ({ callId }) => ready.push(callId),
  )
  const call = CallId('pbx1-1.1')
  await t.rejects(contexts.start(call), { message: 'away' })
  const both = [contexts.start(call), contexts.start(call)]
  t.equal(contexts.of(call), null, 'not yet')
  await Promise.all(both)
  t.match(contexts.of(call), { previousCount: 2 })
  t.same(ready, [call])
})

function tallyRow(over: Partial<TallyRow>): TallyRow {
  return { ...noTally, queue: QueueId('general'), slot: 0, recent: false, ...over }
}
