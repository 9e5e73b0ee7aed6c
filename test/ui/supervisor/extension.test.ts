import t from 'tap'
import { dayProblem, toldOf, type Extension } from '../../../src/ui/supervisor/requests/extension.ts'

const term = { registeredOn: '2026-11-24', legalEndOn: '2026-12-28' }
const today = '2026-12-04'
const on = (text: string): Extension => ({ days: 15, by: 'phone', on: text })

t.test('the day of the notice is between the registration and today, within the first term', async (t) => {
  t.equal(dayProblem(on('29.12.2026'), term, '2027-01-10'), 'toldTooLate')
  t.equal(dayProblem(on('28.12.2026'), term, '2027-01-10'), null)
  t.equal(dayProblem(on('05.12.2026'), term, today), 'toldAhead')
  t.equal(dayProblem(on('23.11.2026'), term, today), 'toldBefore')
  t.equal(dayProblem(on('4.12'), term, today), null, 'not typed to the end')
})

t.test('a notice is whole with a way and a possible day', async (t) => {
  t.strictSame(toldOf(on('4.12.2026'), term, today), { by: 'phone', on: '2026-12-04' })
  t.equal(toldOf({ ...on('4.12.2026'), by: '' }, term, today), null)
  t.equal(toldOf(on('mâine'), term, today), null)
  t.equal(toldOf(on('5.12.2026'), term, today), null)
})
