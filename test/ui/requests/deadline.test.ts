import { createInstance } from 'i18next'
import t from 'tap'
import { deadlineOf } from '../../../src/ui/requests/deadline.ts'
import { ro } from '../../../src/ui/i18n/ro/index.ts'

const at = (announcedOn: string, dueness: 'in time' | 'due' | 'overdue' | 'closed' = 'in time') =>
  deadlineOf({ announcedOn, dueness }, '2026-11-24')

t.test('the announced day decides what the chip says', async (t) => {
  t.same(at('2026-12-24'), { is: 'left', days: 30, soon: false })
  t.same(at('2026-11-28'), { is: 'left', days: 4, soon: false })
  t.same(at('2026-11-27'), { is: 'left', days: 3, soon: true })
  t.same(at('2026-11-24'), { is: 'today' })
  t.same(at('2026-11-23', 'due'), { is: 'expired', legal: false })
  t.same(at('2026-11-23'), { is: 'expired', legal: false }, 'a list from before midnight')
  t.same(at('2026-11-20', 'overdue'), { is: 'expired', legal: true })
  t.same(at('2026-11-20', 'closed'), { is: 'closed' })
  t.same(deadlineOf({ announcedOn: '2026-03-31', dueness: 'in time' }, '2026-03-27'), {
    is: 'left',
    days: 4,
    soon: false,
  })
})

t.test('the days are counted as Romanian does', async (t) => {
  const language = createInstance()
  await language.init({ lng: 'ro', resources: { ro: { translation: ro } } })
  const left = (count: number) => language.t('requests.deadline.left', { count })
  t.equal(left(1), 'mai are o zi')
  t.equal(left(5), 'mai are 5 zile')
  t.equal(left(19), 'mai are 19 zile')
  t.equal(left(20), 'mai are 20 de zile')
})
