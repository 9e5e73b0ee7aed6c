import t from 'tap'
import {
  colouredFrom,
  figuresOf,
  missesAbandonment,
  missesServiceLevel,
  noTally,
  sumOf,
} from '../../src/core/reports/figures.ts'
import { QueueId } from '../../src/core/ids.ts'
import { newQueue } from '../../src/core/queue.ts'
import { sharedPercent, targetIn, targetOf, usualPercent } from '../../src/core/reports/target.ts'

void t.test('callers who still wait beyond the target lower the service level', async (t) => {
  const tally = { ...noTally, offered: 20, answered: 12, answeredWithin: 12, waitedMs: 60_000 }
  t.match(figuresOf(tally, 0), { serviceLevel: 1, counted: 12 }, 'those within the target are undecided')
  t.match(figuresOf(tally, 8), { serviceLevel: 0.6, counted: 20, waitingBeyond: 8, abandonment: 0 })
  t.match(figuresOf({ ...tally, abandoned: 4 }, 8), { serviceLevel: 0.5, abandonment: 4 / 24 })
  t.match(figuresOf(noTally, 1), { serviceLevel: 0, abandonment: 0 }, 'also the first caller of the day')
  t.match(figuresOf(noTally, 0), { serviceLevel: null, abandonment: null, averageAnswerMs: null })
  t.equal(figuresOf(tally, 0).averageAnswerMs, 5_000)
})

void t.test('a short abandon is counted apart and changes no percentage', async (t) => {
  const tally = { ...noTally, offered: 10, answered: 9, answeredWithin: 9, abandoned: 1 }
  const also = { ...tally, offered: 15, shortAbandoned: 5 }
  t.match(figuresOf(also, 0), { ...figuresOf(tally, 0), offered: 15, shortAbandoned: 5 })
})

void t.test('a percentage of fewer than 20 calls is never outside its target', async (t) => {
  const bad = (answered: number) =>
    figuresOf({ ...noTally, answered, offered: answered + 1, abandoned: 1 }, 0)
  const few = bad(colouredFrom - 2)
  t.match(few, { counted: 19, serviceLevel: 0 })
  t.notOk(missesServiceLevel(few))
  t.notOk(missesAbandonment(few))
  const enough = bad(colouredFrom - 1)
  t.ok(missesServiceLevel(enough))
  t.ok(missesAbandonment(enough), '1 of 20 is 5 %')
  t.notOk(missesServiceLevel(figuresOf({ ...noTally, answered: 20, answeredWithin: 16 }, 0)), '80 % keeps it')
  t.notOk(missesAbandonment(figuresOf({ ...noTally, answered: 20, abandoned: 1 }, 0)))
})

void t.test('sums of parts are the figures of the whole', async (t) => {
  const part = {
    offered: 4,
    answered: 2,
    answeredWithin: 1,
    abandoned: 1,
    shortAbandoned: 1,
    waitedMs: 30_000,
  }
  t.strictSame(sumOf([part, part]), {
    offered: 8,
    answered: 4,
    answeredWithin: 2,
    abandoned: 2,
    shortAbandoned: 2,
    waitedMs: 60_000,
  })
  t.strictSame(sumOf([]), noTally)
})

void t.test('a queue is judged by its own target', async (t) => {
  const good = { ...noTally, answered: 100, answeredWithin: 57 }
  t.notOk(missesServiceLevel(figuresOf(good, 0, 57)), 'exactly kept')
  t.ok(missesServiceLevel(figuresOf(good, 0, 58)))
  t.ok(missesServiceLevel(figuresOf(good, 0)))
})

void t.test('the line is to have the mean of its queues, by their calls', async (t) => {
  t.equal(sharedPercent([]), usualPercent)
  t.equal(sharedPercent([{ percent: 90, counted: 0 }]), usualPercent, 'without a call the usual one')
  t.equal(
    sharedPercent([
      { percent: 90, counted: 30 },
      { percent: 60, counted: 10 },
    ]),
    82.5,
  )
  t.equal(sharedPercent(Array.from({ length: 7 }, () => ({ percent: 80, counted: 3 }))), 80)
})

void t.test('a queue has its own target or the usual one', async (t) => {
  const own = { ...newQueue(QueueId('taxe'), 'Taxe'), target: { percent: 90, withinSeconds: 30 } }
  t.same(targetOf(own, 20_000), { percent: 90, withinMs: 30_000 })
  t.same(targetIn([own], own.id, 20_000), { percent: 90, withinMs: 30_000 })
  t.same(targetIn([own], QueueId('gone'), 20_000), { percent: 80, withinMs: 20_000 })
})
