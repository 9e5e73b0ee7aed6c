import t from 'tap'
import { reservedPauseReasons } from '../../../src/core/agent.ts'
import { changesOf } from '../../../src/core/configuration/changes.ts'
import { faultsOf } from '../../../src/core/configuration/check.ts'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import { isOffered, overMs, pausesOf, usualPauses } from '../../../src/core/configuration/pauses.ts'
import type { PauseSetting } from '../../../src/core/configuration/schema.ts'

const meal: PauseSetting = { id: 'meal', name: 'Masă de prânz', nameEn: 'lunch', expectedMinutes: 30 }
const calm: PauseSetting = { id: 'liniste', name: 'Liniște' }
const withPauses = (...pauses: PauseSetting[]) => ({ ...firstConfiguration, pauses })
const faults = (...pauses: PauseSetting[]) =>
  faultsOf(withPauses(...pauses)).map(({ at, code, value }) => `${at}: ${code} ${value}`)

void t.test('without reasons of its own a city has the usual ones', (t) => {
  for (const document of [firstConfiguration, withPauses()]) {
    const pauses = pausesOf(document)
    t.same(pauses, { offered: usualPauses, former: [] })
    t.same(
      pauses.offered.map(({ id }) => id),
      ['break', 'meal', 'paperwork', 'meeting', 'training', 'technical'],
    )
  }
  t.end()
})

void t.test('what is no longer offered keeps its last name', (t) => {
  const pauses = pausesOf(withPauses(meal), [
    { id: 'meal', name: 'Masă' },
    { id: 'liniste', name: 'Liniște', nameEn: 'quiet' },
    { id: 'break', name: 'Cafea' },
  ])
  t.same(pauses.offered, [meal])
  t.same(pauses.former.slice(0, 3), [
    { id: 'liniste', name: 'Liniște', nameEn: 'quiet' },
    { id: 'break', name: 'Cafea' },
    { id: 'paperwork', name: 'lucru la dosare', nameEn: 'paperwork' },
  ])
  t.equal(pauses.former.length, 6, 'each once')
  t.ok(isOffered(pauses, 'meal'))
  t.notOk(isOffered(pauses, 'liniste'))
  t.end()
})

void t.test('ids and names; the words of the system are not for agents', (t) => {
  t.same(faults(meal, calm), [])
  t.same(faults({ id: 'Masă', name: ' ' }, meal, { ...meal, name: 'MASĂ de prânz ' }), [
    'pauses[0].id: id not usable Masă',
    'pauses[0].name: name empty  ',
    'pauses[2].id: id twice meal',
    'pauses[2].name: name twice MASĂ de prânz ',
  ])
  for (const id of reservedPauseReasons)
    t.same(faults({ id, name: 'A mea' }), [`pauses[0].id: pause reserved ${id}`])
  t.end()
})

void t.test('the order of reasons is a difference, an added one at the end is none of it', (t) => {
  const before = withPauses(meal, calm)
  t.same(changesOf(before, withPauses(calm, meal)), [
    { at: 'pauses', before: ['meal', 'liniste'], after: ['liniste', 'meal'] },
  ])
  const training = { id: 'curs', name: 'Curs' }
  t.same(changesOf(before, withPauses(meal, calm, training)), [{ at: 'pauses.curs', after: training }])
  t.same(changesOf(before, withPauses(calm)), [{ at: 'pauses.meal', before: meal }])
  t.same(
    changesOf(before, withPauses(training, meal, calm)).map(({ at }) => at),
    ['pauses.curs', 'pauses'],
    'the pause key takes another one',
  )
  t.same(changesOf(firstConfiguration, before), [{ at: 'pauses', after: [meal, calm] }])
  t.end()
})

void t.test('a pause is over its time after it, never at it', (t) => {
  t.equal(overMs(meal, 30 * 60_000), null)
  t.equal(overMs(meal, 30 * 60_000 + 1), 1)
  t.equal(overMs(calm, 10 * 3_600_000), null)
  t.equal(overMs(undefined, 1), null)
  t.end()
})
