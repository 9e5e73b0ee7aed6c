import t from 'tap'
import { contactNumberSentences, contactSentences } from '../../../src/http/contacts/sentences.ts'
import { changeOf, fieldOf } from '../../../src/ui/admin/contacts/contact-words.ts'
import { languagesFor } from '../../../src/ui/admin/contacts/languages.ts'

t.test('the history says what each version did', async (t) => {
  const [open, closed] = [{ closed: false }, { closed: true }]
  t.equal(changeOf(open, undefined), 'added')
  t.equal(changeOf(open, open), 'changed')
  t.equal(changeOf(closed, open), 'closed')
  t.equal(changeOf(open, closed), 'opened')
})

t.test('a refusal is shown at the field that it is about', async (t) => {
  t.equal(fieldOf('contact-name-taken'), 'name')
  t.equal(fieldOf('foreign-number'), 'number')
  t.equal(fieldOf('not-a-language'), 'language')
  for (const code of ['contact-changed', 'forbidden', 'database-away']) t.equal(fieldOf(code), null, code)
  t.strictSame(
    Object.keys(contactSentences).filter((code) => fieldOf(code) === null),
    ['contact-changed'],
  )
  t.equal(Object.keys(contactNumberSentences).length, 7)
})

t.test('the languages of interpreters are listed by name, each once', async (t) => {
  for (const screen of ['ro', 'en']) {
    const languages = languagesFor(screen)
    t.ok(languages.length > 100)
    t.equal(new Set(languages.map(({ label }) => label)).size, languages.length, screen)
  }
  t.match(
    languagesFor('ro').find(({ value }) => value === 'hu'),
    { label: 'maghiară' },
  )
})
