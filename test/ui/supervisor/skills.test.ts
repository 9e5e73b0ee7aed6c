import t from 'tap'
import {
  acceptSkillDraft,
  asked,
  changedCells,
  isLate,
  levelIn,
  levelsIn,
  rebased,
  withLevel,
  type SkillDraft,
} from '../../../src/ui/supervisor/skills/draft.ts'
import { levelKey, moved } from '../../../src/ui/supervisor/skills/grid-keys.ts'

const ana = { id: 'a', name: 'Ana', version: 7, levels: { general: 3 } }
const barbu = { id: 'b', name: 'Barbu', version: 0, levels: {} }
const none: SkillDraft = {}

t.test('a level that is typed and taken back is no change', (t) => {
  const typed = withLevel(none, ana, 'general', 5)
  t.equal(levelIn(typed, ana, 'general'), 5)
  t.equal(changedCells(typed), 1)
  t.same(withLevel(typed, ana, 'general', 3), none)
  t.same(withLevel(none, barbu, 'taxe', 0), none)
  t.end()
})

t.test('what is sent: the changed levels of each agent, with the version that was seen', (t) => {
  const draft = withLevel(withLevel(withLevel(none, ana, 'general', 0), ana, 'taxe', 2), barbu, 'taxe', 1)
  t.same(asked(draft), [
    { id: 'a', basedOn: 7, levels: { general: 0, taxe: 2 } },
    { id: 'b', basedOn: 0, levels: { taxe: 1 } },
  ])
  t.same(levelsIn(draft, ana), { general: 0, taxe: 2 })
  t.equal(changedCells(draft), 3)
  t.end()
})

t.test('a change that somebody else has overtaken stays, on their version', (t) => {
  const draft = withLevel(withLevel(withLevel(none, ana, 'general', 5), ana, 'taxe', 2), barbu, 'taxe', 1)
  const newest = { ...ana, version: 9, levels: { general: 5 } }
  t.ok(isLate(draft, newest))
  t.notOk(isLate(draft, ana) || isLate(none, newest))
  t.same(asked(rebased(draft, [newest])), [{ id: 'a', basedOn: 9, levels: { taxe: 2 } }])
  t.equal(withLevel(draft, newest, 'taxe', 4)['a']?.basedOn, 7, 'not before the person has been told')
  t.end()
})

t.test('a draft of another shape is dropped', (t) => {
  const draft = withLevel(none, ana, 'general', 5)
  t.same(acceptSkillDraft(JSON.parse(JSON.stringify(draft))), draft)
  for (const wrong of [
    null,
    [],
    'x',
    { a: 3 },
    { a: { basedOn: 1 } },
    { a: { basedOn: 1, levels: { x: '3' } } },
  ])
    t.equal(acceptSkillDraft(wrong), null, JSON.stringify(wrong))
  t.end()
})

t.test('keys of the grid', (t) => {
  const size = { rows: 3, columns: 2 }
  const at = { row: 1, column: 1 }
  t.same(
    ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'].map((key) => moved(key, at, size)),
    [{ row: 0, column: 1 }, { row: 2, column: 1 }, { row: 1, column: 0 }, at],
  )
  t.same(
    ['Home', 'End', 'PageUp', 'PageDown'].map((key) => moved(key, at, size)),
    [{ row: 1, column: 0 }, at, { row: 0, column: 1 }, { row: 2, column: 1 }],
  )
  t.equal(moved('Tab', at, size), null)
  t.same(['0', '5', '6', 'Delete', 'a'].map(levelKey), [0, 5, null, 0, null])
  t.end()
})
