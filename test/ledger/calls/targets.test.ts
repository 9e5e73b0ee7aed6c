/** The service level on record: each call by the target of its queue as it was when the call entered. */
import t from 'tap'
import type { TargetSetting } from '../../../src/core/configuration/schema.ts'
import { CallId } from '../../../src/core/ids.ts'
import { sumOf } from '../../../src/core/reports/figures.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { tallies } from '../../../src/ledger/reports/figures.ts'
import { changeConfiguration } from '../../support/configuration.ts'
import { testDatabase } from '../../support/postgres.ts'
import { callEvents } from '../fixtures.ts'

const { db } = await testDatabase(t)
const began = Date.now()
const minute = 60_000

/** Answered after 30 seconds. */
const happened = (id: string, arrivedAt: number): Promise<unknown> =>
  writeEvents(db, callEvents({ id: CallId(id), arrivedAt, waits: 30_000 }))
async function inTime(fromMs = began - 60 * minute, toMs = began + 60 * minute): Promise<number> {
  const period = { fromMs, toMs, slotsFromMs: fromMs, recentFromMs: fromMs }
  return sumOf(await tallies(db, period, { targetMs: 20_000, shortAbandonMs: 5_000 })).answeredWithin
}
const having = (target?: TargetSetting): Promise<number> =>
  changeConfiguration(db, (document) => ({
    ...document,
    queues: document.queues.map((queue) => {
      const { target: before, ...others } = queue
      return target === undefined ? (before === undefined ? queue : others) : { ...others, target }
    }),
  }))

await t.test('before the first version the setting holds', async (t) => {
  await happened('past', began - 10 * minute)
  t.equal(await inTime(), 0)
})

await t.test('a target judges the calls from its publication on, and no earlier one', async (t) => {
  await having({ percent: 80, withinSeconds: 30 })
  t.equal(await inTime(), 0, 'what was reported stays')
  await happened('after the first', Date.now() + 1)
  t.equal(await inTime(), 1, 'within its thirty seconds, to the last one')
})

await t.test('a later version, also one that takes the target out, changes no earlier call', async (t) => {
  await new Promise((resolve) => setTimeout(resolve, 10))
  await having({ percent: 80, withinSeconds: 10 })
  await happened('after the second', Date.now() + 1)
  t.equal(await inTime(), 1)
  await new Promise((resolve) => setTimeout(resolve, 10))
  await having()
  await happened('after the third', Date.now() + 1)
  t.equal(await inTime(), 1)
  t.equal(await inTime(began - 60 * minute, began), 0, 'a period before')
})

await t.test('a call counts once, however many versions there are', async (t) => {
  const period = { fromMs: 0, toMs: began + 60 * minute, slotsFromMs: began, recentFromMs: began }
  const { offered, answered } = sumOf(await tallies(db, period, { targetMs: 60_000, shortAbandonMs: 0 }))
  t.same([offered, answered], [4, 4])
})
