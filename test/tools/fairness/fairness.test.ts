/**
 * Days without a fault, and with each planted bug, which must break every rule that it names. A part of the days in turns;
 * `make prove` runs 10,000.
 */
import { availableParallelism } from 'node:os'
import t from 'tap'
import { runDays } from '../../../tools/fairness/day-runner.ts'
import { plantedBugs } from '../../../tools/fairness/planted-bugs.ts'
import { report } from '../../../tools/fairness/report.ts'
import { isWholeSearch, partSentence, seedsOf, turnOf } from '../../support/rotation.ts'

const daysOfPart = 40
const turn = turnOf()
const { from, to } = isWholeSearch() ? { from: 1, to: 10_001 } : seedsOf(daysOfPart, turn)
const days = to - from
/** A bug not found in so many counts as missed. */
const daysMax = 60
const cores = availableParallelism()

void t.test('no caller is overtaken, starved or told a longer wait', async (t) => {
  if (!isWholeSearch()) t.comment(partSentence(`days from ${from} on`, turn))
  const startedAt = performance.now()
  const done = await runDays({ from, to, cores, starvingEach: daysOfPart, bug: null, until: null })
  for (const line of report(done, (performance.now() - startedAt) / 1_000)) t.comment(line)
  t.same(done.failures, [])
  const { figures, starvations } = done
  t.equal(figures.days, days)
  t.ok(figures.callers > 200 * days, 'the days have callers')
  const { overloaded } = figures.byKind
  t.ok(overloaded.calledBack > 0 && overloaded.told.within > 0)
  t.equal(starvations.length, days / daysOfPart)
  for (const { longestMs, servedInRush, callers } of starvations) {
    t.ok(longestMs.unaged > 3 * longestMs.aged, 'without ageing the last queue starves')
    t.ok(servedInRush.unaged < servedInRush.aged && servedInRush.aged > 0.9 * callers)
  }
})

void t.test('each planted bug is found', async (t) => {
  const left = [...plantedBugs]
  const lanes = Array.from({ length: cores }, async () => {
    for (let bug = left.shift(); bug !== undefined; bug = left.shift()) {
      const { name, rules, from = 1 } = bug
      const run = { from, to: from + daysMax, cores: 1, starvingEach: 15, until: rules }
      const { failures } = await runDays({ ...run, bug })
      for (const rule of rules) {
        const failure = failures.find((one) => one.rule === rule)
        t.ok(failure !== undefined, `${name}: ${rule}, day ${failure?.seed}`)
      }
    }
  })
  await Promise.all(lanes)
})
