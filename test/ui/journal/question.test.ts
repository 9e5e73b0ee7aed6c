import t from 'tap'
import { questionOf, subjectOf } from '../../../src/ui/journal/question.ts'

function form(fields: Record<string, string>): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) data.set(name, value)
  return data
}

t.test('an empty form asks for everything', (t) => {
  t.strictSame(questionOf(form({ person: ' ', kind: '', from: '', to: '' })), {})
  t.end()
})

t.test('days are in the city’s time zone, both included', (t) => {
  t.strictSame(questionOf(form({ from: '2026-11-24', to: '2026-11-24' })), {
    from: '2026-11-23T22:00:00.000Z',
    to: '2026-11-24T22:00:00.000Z',
  })
  t.end()
})

t.test('unknown values are left out of the question', (t) => {
  t.strictSame(questionOf(form({ kind: 'everything', person: ' 1850315351233 ' })), {
    person: '1850315351233',
  })
  t.strictSame(questionOf(form({ kind: 'hearing', about: 'pbx1-1.1', account: 'a1' })), {
    kind: 'hearing',
    about: 'pbx1-1.1',
    account: 'a1',
  })
  t.equal(subjectOf('person'), 'person')
  t.equal(subjectOf('anything'), 'all')
  t.end()
})
