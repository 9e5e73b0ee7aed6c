import t from 'tap'
import { faultsOf } from '../../../src/core/configuration/check.ts'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import type { Configuration, NumberSetting } from '../../../src/core/configuration/schema.ts'
import { changeWords } from '../../../src/ui/admin/configuration/change-words.ts'
import { faultWords, shownFaults } from '../../../src/ui/admin/configuration/faults.ts'
import { onTopOf } from '../../../src/ui/admin/configuration/merge.ts'
import { seemsToTellOfRecording, withWords } from '../../../src/ui/admin/configuration/words/said.ts'
import { textsIn } from '../texts.ts'

type Says = NonNullable<NumberSetting['says']>
const [number] = firstConfiguration.numbers
if (number === undefined) throw new Error('there is a number')
const saying = (says?: Says): Configuration => ({
  ...firstConfiguration,
  numbers: [says === undefined ? number : { ...number, says }],
})
const greeting = { ro: 'Bun venit.', en: 'Welcome.' }
const closed = { ro: 'Închis.' }

t.test('a number’s own words are told as differences', async (t) => {
  const ro = await textsIn('ro')
  const told = (before: Configuration, after: Configuration) =>
    changeWords(before, after, ro, 'ro').map(({ what, before: was, after: is }) => [what, was, is])
  const both = 'Salutul numărului: „Bun venit.”; în engleză: „Welcome.”; Ce spune când este închis: „Închis.”'
  t.same(told(saying(), saying({ greeting, closed })), [['Numărul 969: Cuvintele lui', null, both]])
  t.same(told(saying({ greeting }), saying()), [
    ['Numărul 969: Cuvintele lui', 'Salutul numărului: „Bun venit.”; în engleză: „Welcome.”', null],
  ])
  t.same(told(saying({ greeting }), saying({ greeting, closed })), [
    ['Numărul 969: Ce spune când este închis', null, '„Închis.”'],
  ])
  t.same(told(saying({ greeting }), saying({ greeting: { ro: 'Salut.' } })), [
    ['Numărul 969: Salutul numărului, textul în română', 'Bun venit.', 'Salut.'],
    ['Numărul 969: Salutul numărului, textul în engleză', 'Welcome.', null],
  ])
  const added = { ...number, number: '0256408300', says: { closed } }
  const [whole] = changeWords(saying(), { ...saying(), numbers: [number, added] }, ro, 'ro')
  t.match(whole?.after, /; Ce spune când este închis: „Închis\.”$/)
  const en = await textsIn('en')
  t.match(changeWords(saying(), saying({ closed }), en, 'en'), [
    { what: 'Number 969: Its own words', after: 'What it says while it is closed: “Închis.”' },
  ])
})

t.test('the grace after closing is told in words', async (t) => {
  const ro = await textsIn('ro')
  const serving = (closingGraceMinutes: number): Configuration => ({
    ...firstConfiguration,
    numbers: [{ ...number, closingGraceMinutes }],
  })
  const told = (before: Configuration, after: Configuration) =>
    changeWords(before, after, ro, 'ro').map(({ what, before: was, after: is }) => [what, was, is])
  t.same(told(saying(), serving(0)), [['Numărul 969: Minute după închidere', null, '0']])
  t.same(told(serving(0), serving(20)), [['Numărul 969: Minute după închidere', '0', '20']])
  const added = {
    ...serving(20),
    numbers: [number, { ...number, number: '0256408300', closingGraceMinutes: 20 }],
  }
  t.match(told(saying(), added)[0]?.[2], /; după închidere, cine așteaptă mai este preluat 20 min$/)
})

t.test('a fault of a text is told with its field', async (t) => {
  const ro = await textsIn('ro')
  const faulty = saying({ greeting: { ro: '', en: 'Welcome.' }, closed: { ro: '?!' } })
  const faults = faultsOf(faulty)
  t.same(
    faults.map((fault) => faultWords(fault, faulty, ro)),
    [
      { item: 'Numărul 969, Salutul numărului, textul în română', sentence: 'Scrie un text.' },
      {
        item: 'Numărul 969, Ce spune când este închis, textul în română',
        sentence: 'Scrie cuvinte: așa nu s-ar auzi nimic. (?!)',
      },
    ],
  )
  const shown = shownFaults(faults, false, ro)
  t.equal(shown.of('numbers[0].says.greeting.ro'), null, 'an empty text is no fault yet')
  t.equal(shown.of('numbers[0].says.closed.ro'), 'Scrie cuvinte: așa nu s-ar auzi nimic.')
  t.ok(shown.in('numbers[0]'))
})

t.test('words that are emptied are the fixed ones again', (t) => {
  t.same(withWords(number, 'greeting', greeting), { ...number, says: { greeting } })
  const both = withWords({ ...number, says: { greeting } }, 'closed', closed)
  t.same(both, { ...number, says: { greeting, closed } })
  t.same(withWords(both, 'greeting', { ro: '' }), { ...number, says: { closed } })
  t.same(withWords(both, 'greeting', { ro: '', en: 'Welcome.' }).says?.greeting, { ro: '', en: 'Welcome.' })
  t.same(withWords({ ...number, says: { closed } }, 'closed', { ro: '' }), number)
  t.end()
})

t.test('own words of a number that somebody else has not changed are added to their version', (t) => {
  const newer = { ...saying(), numbers: [number, { ...number, number: '0256408300' }] }
  t.same(onTopOf(newer, saying(), saying({ closed })).numbers[0]?.says, { closed })
  t.end()
})

t.test('a greeting that does not tell of the recording is noticed', (t) => {
  t.ok(seemsToTellOfRecording('Convorbirea se înregistrează.'))
  t.ok(seemsToTellOfRecording('Apelul este ÎNREGISTRAT'))
  t.notOk(seemsToTellOfRecording('Bună ziua! Ați sunat la taxe.'))
  t.end()
})
