/** The tab of pause reasons: the draft, its order, and differences in words. */
import t from 'tap'
import { faultsOf } from '../../../src/core/configuration/check.ts'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import { usualPauses } from '../../../src/core/configuration/pauses.ts'
import type { Configuration, PauseSetting } from '../../../src/core/configuration/schema.ts'
import { changeWords } from '../../../src/ui/admin/configuration/change-words.ts'
import {
  acceptDraft,
  raised,
  withId,
  withNew,
  withoutItem,
} from '../../../src/ui/admin/configuration/draft.ts'
import { faultWords } from '../../../src/ui/admin/configuration/faults.ts'
import { onTopOf } from '../../../src/ui/admin/configuration/merge.ts'
import { firstPauses } from '../../../src/ui/admin/configuration/pauses/pause-list.ts'
import { pauseName } from '../../../src/ui/shared/pause-names.ts'
import { textsIn } from '../texts.ts'

const meal: PauseSetting = { id: 'meal', name: 'masă', expectedMinutes: 30 }
const quiet: PauseSetting = { id: 'liniste', name: 'liniște', nameEn: 'quiet' }
const course: PauseSetting = { id: 'curs', name: 'curs' }
const withPauses = (...pauses: PauseSetting[]): Configuration => ({ ...firstConfiguration, pauses })

t.test('the usual reasons are where a city begins, without a fault', (t) => {
  t.same(faultsOf(withPauses(...firstPauses)), [])
  t.same(
    firstPauses.map(({ name }) => name),
    usualPauses.map(({ name }) => name),
  )
  t.end()
})

t.test('a reason is added, named, moved and taken out', (t) => {
  const one = withNew('pauses', firstConfiguration)
  t.same(one.pauses, [{ id: 'pauza', name: '' }])
  t.notOk('pauses' in withoutItem('pauses', one, 0), 'as before the first one')
  t.same(withoutItem('pauses', withPauses(meal, quiet), 0).pauses, [quiet])
  t.same(withId(withPauses(meal, quiet), 'pauses', 'liniste', 'tihna').pauses, [
    meal,
    { ...quiet, id: 'tihna' },
  ])
  t.same(withId(withPauses(meal), 'queues', 'general', 'info').pauses, [meal])
  t.same(raised([meal, quiet], 1), [quiet, meal])
  t.same(raised([meal, quiet], 0), [meal, quiet])
  t.same(raised([meal], 4), [meal])
  t.end()
})

t.test('a draft is kept with its reasons, those of both are put together, in the order of the draft', (t) => {
  const base = withPauses(meal, quiet)
  t.same(acceptDraft(base), base)
  t.equal(acceptDraft({ ...base, pauses: [{ id: 'meal' }] }), null)
  const theirs = withPauses({ ...meal, expectedMinutes: 45 }, quiet, course)
  t.same(onTopOf(theirs, base, withPauses(quiet, meal)).pauses, [
    quiet,
    { ...meal, expectedMinutes: 45 },
    course,
  ])
  t.same(onTopOf(theirs, base, withPauses(meal)).pauses, [{ ...meal, expectedMinutes: 45 }, course])
  t.notOk('pauses' in onTopOf(firstConfiguration, firstConfiguration, firstConfiguration))
  t.end()
})

t.test('differences and faults are told in words', async (t) => {
  const ro = await textsIn('ro')
  const told = (before: Configuration, after: Configuration) =>
    changeWords(before, after, ro, 'ro').map(({ what, before: was, after: is }) => [what, was, is])
  t.same(told(firstConfiguration, withPauses(meal, quiet, course)), [
    ['Pauza „masă”', null, '30 min'],
    ['Pauza „liniște”', null, 'quiet'],
    ['Pauza „curs”', null, '–'],
  ])
  t.same(told(withPauses(meal, quiet), withPauses(quiet, { ...meal, name: 'prânz', expectedMinutes: 45 })), [
    ['Pauza „prânz”: Nume', 'masă', 'prânz'],
    ['Pauza „prânz”: Cel mult (minute)', '30 min', '45 min'],
    ['Ordinea motivelor de pauză', 'prânz, liniște', 'liniște, prânz'],
  ])
  t.same(told(withPauses(meal), withPauses(meal, meal)), [
    ['Ordinea motivelor de pauză', 'masă', 'masă, masă'],
  ])
  const faulty = withPauses({ id: 'missed', name: 'ratate' })
  const [fault] = faultsOf(faulty)
  if (fault === undefined) throw new Error('there is a fault')
  t.same(faultWords(fault, faulty, ro), {
    item: 'ratate',
    sentence: 'Acest motiv îl pune sistemul. Alege alt nume. (missed)',
  })
})

t.test('a reason has its name in the language of the screen, also one that is gone', async (t) => {
  const [ro, en] = [await textsIn('ro'), await textsIn('en')]
  const view = { expectedMinutes: null, offered: false }
  const known = [
    { id: 'liniste', name: 'liniște', nameEn: 'quiet', ...view },
    { id: 'curs', name: 'curs', nameEn: null, ...view },
  ]
  t.equal(pauseName('liniste', known, ro, 'ro'), 'liniște')
  t.equal(pauseName('liniste', known, en, 'en'), 'quiet')
  t.equal(pauseName('curs', known, en, 'en'), 'curs')
  t.equal(pauseName('missed', known, ro, 'ro'), 'apeluri ratate')
  t.equal(pauseName('nobody-knows', known, ro, 'ro'), 'nobody-knows')
})
