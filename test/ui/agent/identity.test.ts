import { createInstance } from 'i18next'
import t from 'tap'
import { factsOf, type Fact } from '../../../src/city/taxes/facts.ts'
import type { Question } from '../../../src/http/identity/wire.ts'
import { questionNow, screenOf, type CheckScreen } from '../../../src/ui/agent/identity/check-screen.ts'
import { questionText } from '../../../src/ui/agent/identity/question-texts.ts'
import { en } from '../../../src/ui/i18n/en/index.ts'
import { ro } from '../../../src/ui/i18n/ro/index.ts'
import { town } from '../../support/city/fiscal.ts'
import { townAccounts } from '../../support/city/town-accounts.ts'

const facts = [...townAccounts({ ...town, taxpayers: 400 })].flatMap(({ account }) => factsOf(account))
const asked = new Map(facts.map((fact) => [fact.id, questionOf(fact)]))

function questionOf({ id, topic, subject }: Fact): Question {
  return subject.of === 'objects'
    ? { id, topic, kind: subject.kind, which: subject.which, year: null }
    : { id, topic, kind: null, which: null, year: subject.year }
}

for (const [lng, translation] of [
  ['ro', ro],
  ['en', en],
] as const) {
  t.test(`every question of the town has its own text in ${lng}`, async (t) => {
    const language = createInstance()
    await language.init({ lng, resources: { [lng]: { translation } }, interpolation: { escapeValue: false } })
    t.ok(asked.size > 12, `${asked.size} kinds of questions`)
    const said = new Set<string>()
    for (const question of asked.values()) {
      const { question: words, hint } = questionText(question, language.t)
      t.notMatch(words, /identity\.|\{\{/, words)
      t.notMatch(hint, /identity\./)
      t.match(words, /[.?]$/)
      if (question.year !== null) t.match(words, new RegExp(String(question.year)))
      else t.notMatch(words, /\d/, 'without a number')
      said.add(words)
    }
    t.equal(said.size, asked.size, 'all texts differ')
  })
}

t.test('questions are shown one after the other', async (t) => {
  const questions = [...asked.values()].slice(0, 3)
  const screen = screenOf({ state: 'asking', check: 7, lastAttempt: false, questions }, 'h')
  if (screen.name !== 'asking') throw new Error('not asking')
  let now: Extract<CheckScreen, { name: 'asking' }> = screen
  for (const question of questions) {
    t.equal(questionNow(now), question)
    now = { ...now, said: [...now.said, 'ceva'] }
  }
  t.equal(questionNow(now), undefined, 'all are answered')
  t.same(screenOf({ state: 'granted', until: 'u' }, 'h'), { name: 'granted', handle: 'h', until: 'u' })
  t.same(screenOf({ state: 'to confirm', until: 'u' }, 'h'), { name: 'to confirm', handle: 'h', until: 'u' })
  t.same(screenOf({ state: 'refused', why: 'locked', lock: 3 }, 'h'), {
    name: 'refused',
    why: 'locked',
    lock: 3,
  })
})
