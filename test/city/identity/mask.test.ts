import t from 'tap'
import { initials } from '../../../src/city/identity/mask.ts'

t.test('initials tell the persons of a call apart without naming them', async (t) => {
  t.equal(initials('Țăranu Ștefan', 'person'), 'Ț. Ș.')
  t.equal(initials('Popescu-Ionescu Ana Maria', 'person'), 'P. I. A. M.')
  t.equal(initials('Sa Ion', 'person'), 'S. I.', 'a name is no legal form')
  t.equal(initials('Domus Banat S.R.L.', 'company'), 'D. B. S.R.L.')
  t.equal(initials('„Domus” SA', 'company'), 'D. SA')
  t.equal(initials('', 'person'), '')
})
