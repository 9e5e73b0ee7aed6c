import t from 'tap'
import type { DayDetail } from '../../../src/http/declared-days/wire.ts'
import { actionWords, hoursWords, stateWords } from '../../../src/ui/admin/declared-days/day-words.ts'
import { textsIn } from '../texts.ts'

const ro = await textsIn('ro')
const christmas = { ro: 'Crăciunul', en: 'Christmas Day' }

function day(change: Partial<DayDetail>): DayDetail {
  return {
    date: '2026-12-24',
    holiday: null,
    closed: false,
    declared: null,
    isOver: false,
    numbers: [],
    versions: [],
    ...change,
  }
}
const declared = (closed: boolean, reason = '') => ({
  version: 1,
  closed,
  reason,
  at: '2026-12-01T09:00:00.000Z',
  by: null,
})

t.test('a day is said as it is, with who declared it and why', async (t) => {
  const said = (change: Partial<DayDetail>) => stateWords(day(change), ro, 'ro')
  t.match(said({}), /^Zi obișnuită/)
  t.match(said({ holiday: christmas, closed: true }), /^Sărbătoare legală: Crăciunul\./)
  t.match(said({ declared: declared(true, 'punte') }), /închisă din linia de comandă, .*: punte\.$/)
  const byDan = { ...declared(true), by: 'Dan Țepeș' }
  t.match(said({ declared: byDan }), /închisă de Dan Țepeș, /)
  t.match(said({ declared: declared(true) }), /\d\.$/)
  t.match(said({ holiday: christmas, declared: declared(false) }), /\(Crăciunul\), declarată deschisă/)
})

t.test('the button says whether a declaration is taken back', async (t) => {
  const said = (change: Partial<DayDetail>) => actionWords(day(change), ro)
  t.equal(said({}), 'Declară închis')
  t.equal(said({ holiday: christmas, closed: true }), 'Declară deschis')
  t.equal(said({ closed: true, declared: declared(true) }), 'Retrage: program obișnuit')
  t.equal(said({ holiday: christmas, declared: declared(false) }), 'Retrage: închis, ca la sărbătoare')
  t.equal(said({ declared: declared(false) }), 'Declară închis', 'taken back before')
})

t.test('the hours of a day', async (t) => {
  t.equal(hoursWords([], 'follows holidays', ro), 'închis')
  t.equal(hoursWords([], 'always', ro), 'non-stop')
  const twice = [
    { from: '08:00', to: '12:00' },
    { from: '13:00', to: '16:00' },
  ]
  t.equal(hoursWords(twice, 'own day', ro), '08:00–12:00, 13:00–16:00')
})
