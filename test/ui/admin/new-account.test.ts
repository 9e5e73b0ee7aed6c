import t from 'tap'
import {
  acceptSkills,
  levelsIn,
  servedBy,
  withLevel,
} from '../../../src/ui/admin/new-account/chosen-skills.ts'

const queues = [
  { id: 'info', name: 'Informații', skill: 'general', levelMin: 1 },
  { id: 'taxe', name: 'Taxe', skill: 'taxe', levelMin: 2 },
  { id: 'taxe-firme', name: 'Taxe, firme', skill: 'taxe', levelMin: 4 },
]

t.test('without a choice a new agent serves every queue, as the server gives it', async (t) => {
  const levels = levelsIn(null, { queues })
  t.strictSame(levels, { general: 1, taxe: 4 })
  t.strictSame(servedBy(levels, { queues }), ['Informații', 'Taxe', 'Taxe, firme'])
})

t.test('a level decides which queues are served', async (t) => {
  const levels = withLevel(withLevel({ general: 1, taxe: 4 }, 'taxe', 3), 'general', 0)
  t.strictSame(levels, { taxe: 3 })
  t.strictSame(servedBy(levels, { queues }), ['Taxe'])
  t.strictSame(servedBy(withLevel(levels, 'taxe', 0), { queues }), [])
  t.strictSame(levelsIn({}, { queues }), {}, 'none is a choice')
})

t.test('kept values of another shape are no choice', async (t) => {
  t.equal(acceptSkills(undefined), null)
  t.equal(acceptSkills('x'), null)
  t.strictSame(acceptSkills({ general: 3, taxe: 9, x: 'y' }), { general: 3 })
})
