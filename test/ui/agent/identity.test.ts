import { createInstance } from 'i18next'
import t from 'tap'
import { factsOf, type Fact } from '../../../src/city/taxes/facts.ts'
import type { Question } from '../../../src/http/identity/wire.ts'
import {
  asksAnother,
  beginning,
  nextPerson,
  questionNow,
  screenOf,
  screenShown,
  settled,
  withAnother,
  withPeople,
  type CheckScreen,
} from '../../../src/ui/agent/identity/check-screen.ts'
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

t.test('a second person is checked while the first grant stays', async (t) => {
  const until = '2026-11-24T10:00:00Z'
  const husband = settled(beginning('call'), { name: 'granted', handle: 'husband', until })
  t.match(screenShown(husband), { name: 'granted', handle: 'husband' })
  const another = withAnother(husband)
  t.match(screenShown(another), { name: 'search' })
  const asking = settled(another, {
    name: 'asking',
    handle: 'firm',
    check: 2,
    lastAttempt: false,
    questions: [],
    said: ['da'],
  })
  const looked = { ...asking, shown: 'husband' }
  t.match(screenShown(looked), { name: 'granted', handle: 'husband' }, 'the first is looked at meanwhile')
  t.equal(screenShown(withAnother(looked)), asking.screen, 'and the answers given so far are kept')
  const both = settled(asking, { name: 'granted', handle: 'firm', until })
  t.match(screenShown(both), { name: 'granted', handle: 'firm' })
  t.equal(both.another, false)
  t.equal(nextPerson(both), 'husband')
  t.equal(nextPerson({ ...both, shown: 'husband' }), 'firm')
  t.equal(nextPerson({ ...both, shown: null }), 'husband')
  t.equal(nextPerson(beginning('call')), null)
  const failed = settled(another, { name: 'failed', handle: 'firm', again: false })
  t.match(screenShown(withAnother(failed)), { name: 'search' }, 'a check that is over begins anew')
})

t.test('a step of one person keeps the questions of another', async (t) => {
  const until = '2026-11-24T10:00:00Z'
  const confirming = { name: 'to confirm', handle: 'husband', until } as const
  const firm = { name: 'asking', check: 2, lastAttempt: false, questions: [], said: ['da'] } as const
  const husband = withAnother(settled(beginning('call'), confirming))
  const asking = settled(husband, { ...firm, handle: 'firm' })
  const looked = { ...asking, shown: 'husband' }
  t.ok(asksAnother(looked, screenShown(looked)))
  const confirmed = settled(looked, { name: 'granted', handle: 'husband', until })
  t.match(screenShown(confirmed), { name: 'granted', handle: 'husband' })
  t.equal(confirmed.people.length, 1)
  t.equal(screenShown(withAnother(confirmed)), asking.screen, 'the firm’s answers are still there')
  t.equal(
    settled({ ...looked, another: false }, { name: 'granted', handle: 'husband', until }).screen,
    asking.screen,
    'also in a check resumed after a reload',
  )
  const passed = settled({ ...confirmed, shown: null }, { name: 'granted', handle: 'firm', until })
  t.match(passed, { shown: 'firm', screen: { name: 'search' }, another: false }, 'its own step ends it')
  const again = settled(husband, { ...firm, handle: 'husband' })
  t.notOk(asksAnother(again, confirming), 'nobody else is asked')
  t.match(settled(again, { name: 'granted', handle: 'husband', until }), {
    screen: { name: 'search' },
    another: false,
  })
  t.notOk(asksAnother(husband, confirming), 'a search is not a question')
})

t.test('the server’s list names the persons; one without a grant is not among them', async (t) => {
  const who = { kind: 'person', initials: 'Ț. Ș.', maskedIdentifier: '1******1233' } as const
  const begun = settled(beginning('call'), { name: 'granted', handle: 'old', until: 'u' })
  const row = (handle: string, state: 'granted' | 'asking' | 'run out', of: typeof who | null) =>
    ({ handle, state, until: state === 'granted' ? 'u' : null, who: of }) as const
  const found = withPeople(begun, [
    row('c', 'asking', null),
    row('old', 'granted', who),
    row('a', 'run out', null),
  ])
  t.same(
    found.people.map(({ step, who: of }) => [step.handle, step.name, of?.initials ?? null]),
    [
      ['a', 'run out', null],
      ['old', 'granted', 'Ț. Ș.'],
    ],
  )
  t.equal(found.shown, 'old')
  t.equal(withPeople(begun, []).shown, null)
})
