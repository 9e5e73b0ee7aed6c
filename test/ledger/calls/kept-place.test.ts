/** A citizen who was promised a callback on Friday evening and calls on Monday has its place in the queue, and waits from Monday on. */
import t from 'tap'
import type { AcdCallEvent } from '../../../src/core/acd-event.ts'
import { CallId } from '../../../src/core/ids.ts'
import { noTally, sumOf } from '../../../src/core/reports/figures.ts'
import { calls } from '../../../src/ledger/calls/calls.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { writeCalls } from '../../../src/ledger/calls/call-writing.ts'
import { durations, summary } from '../../../src/ledger/calls/summary.ts'
import { tallies } from '../../../src/ledger/reports/figures.ts'
import { testDatabase } from '../../support/postgres.ts'
import { callEvents, type CallShape } from '../fixtures.ts'

const { db } = await testDatabase(t)
const hour = 3_600_000
/** Calls in progress are those of the last hours. */
const morning = Math.floor(Date.now() / hour) * hour - hour
const friday = morning - 57 * hour

/** With the place of the callback, as far as the call has one. */
const withPlace = (shape: CallShape): AcdCallEvent[] =>
  callEvents({ arrivedAt: morning, ...shape }).map((event): AcdCallEvent => ({
    ...event,
    after: { ...event.after, queuedAt: friday },
  }))
async function counted(fromMs: number) {
  const period = { fromMs, toMs: fromMs + 2 * hour, slotsFromMs: fromMs, recentFromMs: fromMs }
  const rows = await tallies(db, period, { targetMs: 20_000, shortAbandonMs: 5_000 })
  return { ...sumOf(rows), slots: rows.map(({ slot }) => slot) }
}
const none = { ...noTally, slots: [] }

t.test('a call is of the day on which it came, with the time that it has waited itself', async (t) => {
  await writeEvents(db, [
    ...withPlace({ id: 'answered', waits: 15_000 }),
    ...withPlace({ id: 'short', waits: 4_000, talks: null }),
    ...withPlace({ id: 'gave-up', waits: 40_000, talks: null }),
    ...withPlace({ id: 'talking', waits: 10_000 }).slice(0, 4),
  ])
  t.strictSame(await counted(friday), none, 'what was reported on Friday stays')
  t.strictSame(await counted(morning), {
    offered: 4,
    answered: 2,
    answeredWithin: 2,
    abandoned: 1,
    shortAbandoned: 1,
    waitedMs: 25_000,
    slots: [0],
  })
  const list = await calls(db, { limit: 10 })
  const shown = list.error === undefined ? list.items : []
  const start = new Map(shown.map(({ id, queuedAt, waitMs }) => [id, [queuedAt, waitMs]]))
  t.strictSame(start.get(CallId('talking')), [morning, 10_000])
  t.strictSame(start.get(CallId('gave-up')), [morning, 40_000])
})

t.test('the row of a call has when it began to wait itself', async (t) => {
  const end = withPlace({ id: 'row', waits: 15_000 }).at(-1)?.after
  if (end?.phase !== 'ended') throw new Error('it has ended')
  t.match(summary(end), { queue: 'general', queuedAt: morning, waitMs: 15_000 })
})

t.test('a row of an older release, which has the place, counts as well', async (t) => {
  const [first, ...others] = withPlace({ id: 'older', waits: 15_000, arrivedAt: morning - 4 * hour })
  const last = others.at(-1)
  if (first === undefined || last?.after.phase !== 'ended') throw new Error('it has ended')
  await writeEvents(db, [first])
  const { answeredAt, endedAt } = last.after
  await writeCalls(
    db,
    [{ ...summary(last.after), queuedAt: friday, ...durations(friday, answeredAt, endedAt) }],
    'line',
  )
  t.match(await counted(morning - 4 * hour), { offered: 1, answeredWithin: 1, waitedMs: 15_000 })
  t.strictSame(await counted(friday), none)
})

t.test('a call that ended before its queue is not offered', async (t) => {
  const [arrived, , end] = callEvents({ id: 'greeted', arrivedAt: morning - 8 * hour, talks: null })
  if (arrived === undefined || end === undefined) throw new Error('it has ended')
  // As the step ends it (test/core/wait.test.ts).
  const after = { ...end.after, queuedAt: null } as typeof end.after
  await writeEvents(db, [arrived, { ...end, seq: 2, after }])
  t.strictSame(await counted(morning - 8 * hour), none)
})
