import t from 'tap'
import { openingGroups, shortened, shownNotice } from '../../../src/ui/supervisor/line-now/line-state.ts'

const now = Date.parse('2026-12-01T10:00:00Z')

t.test('numbers that open and close together are one group', (t) => {
  const until = '2026-12-01T18:00:00.000Z'
  t.same(
    openingGroups([
      { number: '969', isOpen: true, changesAt: until },
      { number: '0256408300', isOpen: false, changesAt: until },
      { number: '0256969', isOpen: true, changesAt: until },
    ]),
    [
      { numbers: ['969', '0256969'], isOpen: true, changesAt: until },
      { numbers: ['0256408300'], isOpen: false, changesAt: until },
    ],
  )
  t.same(openingGroups([]), [])
  t.end()
})

t.test('the latest notice in force is shown, otherwise the one that begins first', (t) => {
  const notice = (id: number, from: string, until: string) => ({
    id,
    text: `Anunțul ${id}.`,
    from: `2026-12-${from}:00.000Z`,
    until: `2026-12-${until}:00.000Z`,
    daily: null,
  })
  const notices = [
    notice(1, '03T06:00', '03T08:00'),
    notice(2, '02T06:00', '02T08:00'),
    notice(3, '01T06:00', '01T18:00'),
    notice(4, '01T06:00', '01T12:00'),
    notice(5, '01T06:00', '01T09:00'),
  ]
  t.match(shownNotice(notices, new Set(), now), { notice: { id: 4 }, state: 'in force', others: 3 })
  t.match(shownNotice(notices, new Set([4]), now), { notice: { id: 3 }, others: 2 }, 'ended in this page')
  t.match(shownNotice(notices, new Set([3, 4]), now), { notice: { id: 2 }, state: 'planned', others: 1 })
  t.equal(shownNotice(notices, new Set([1, 2, 3, 4]), now), null)
  t.end()
})

t.test('a long notice is shortened at a word', (t) => {
  t.equal(shortened('Nu este apă.'), 'Nu este apă.')
  const long = 'Nu este apă pe strada Florilor, pe strada Lalelelor și pe aleea Trandafirilor.'
  t.equal(shortened(long), 'Nu este apă pe strada Florilor, pe strada…')
  t.equal(shortened('a'.repeat(60)), `${'a'.repeat(22)}…`)
  t.end()
})
