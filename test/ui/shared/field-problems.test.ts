import t from 'tap'
import { fieldProblems } from '../../../src/ui/shared/field-problems.ts'
import { Problem } from '../../../src/ui/shared/server/api.ts'

const form = { text: '', person: { name: '', phone: '', email: '' } }
const error = new Problem(400, 'validation', '', [
  { field: 'text', accepted: 'a text' },
  { field: 'form.person.name', accepted: 'a name' },
  { field: 'person.phone', accepted: 'a telephone or an e-mail address' },
])
const together = { 'person.phone': ['person.phone', 'person.email'] }
const left = (now: object) => [...fieldProblems({ error, form }, now, { prefix: 'form.', together }).keys()]

t.test('a refused field is wrong until its value changes', async (t) => {
  t.strictSame(left(form), ['text', 'person.name', 'person.phone'])
  t.strictSame(left({ ...form, text: 'x' }), ['person.name', 'person.phone'])
  t.strictSame(left({ ...form, person: { ...form.person, name: 'Ana' } }), ['text', 'person.phone'])
})

t.test('fields of which one is enough are mended together', async (t) => {
  t.strictSame(left({ ...form, person: { ...form.person, email: 'a@b.ro' } }), ['text', 'person.name'])
})

t.test('without a refusal of fields nothing is wrong', async (t) => {
  t.equal(fieldProblems(null, form).size, 0)
  t.equal(fieldProblems({ error: new Problem(503, 'database-away', ''), form }, form).size, 0)
  t.equal(fieldProblems({ error, form }, { person: null }).has('person.name'), false, 'a part that is gone')
})
