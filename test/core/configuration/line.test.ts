import t from 'tap'
import { noWords, soundsOfWords } from '../../../src/core/announcements/own-words.ts'
import { firstConfiguration, lineOf, queueOf } from '../../../src/core/configuration/line.ts'
import type { HoursSetting } from '../../../src/core/configuration/schema.ts'
import { openingAt } from '../../../src/core/opening-hours.ts'

const christmas: ReadonlySet<string> = new Set(['2026-12-25'])
const program: HoursSetting = {
  id: 'program',
  name: 'Program',
  weekly: 'Mon-Fri 08:00-22:00',
  holidays: 'closed',
  dates: [
    { date: '2026-12-24', hours: '08:00-12:00', reason: 'Ajunul Crăciunului' },
    { date: '2026-12-26', hours: '10:00-12:00' },
  ],
}

/** Whether the city's number is open, at a local hour. */
function isOpen(hours: HoursSetting, date: string, hour: number): boolean {
  const [number] = lineOf({
    ...firstConfiguration,
    numbers: firstConfiguration.numbers.map((one) => ({ ...one, hours: hours.id })),
    hours: [hours],
  }).numbers
  if (!number?.hours) throw new Error('the number has no hours')
  return openingAt(number.hours, christmas, Date.parse(`${date}T${String(hour - 2).padStart(2, '0')}:30:00Z`))
    .open
}

void t.test('a dated exception holds instead of the weekday, also on a holiday', (t) => {
  t.ok(isOpen(program, '2026-12-23', 13))
  t.ok(isOpen(program, '2026-12-24', 11))
  t.notOk(isOpen(program, '2026-12-24', 13), 'half a day')
  t.notOk(isOpen(program, '2026-12-25', 11), 'a holiday')
  t.ok(isOpen(program, '2026-12-26', 11), 'a Saturday')
  t.ok(isOpen({ ...program, dates: [{ date: '2026-12-25', hours: '10:00-14:00' }] }, '2026-12-25', 11))
  t.notOk(isOpen({ ...program, dates: [{ date: '2026-12-23', hours: 'closed' }] }, '2026-12-23', 13))
  t.end()
})

void t.test('hours may hold on holidays as well, and always has exceptions', (t) => {
  t.ok(isOpen({ ...program, holidays: 'open' }, '2026-12-25', 11))
  const always: HoursSetting = { ...program, weekly: 'always', dates: [] }
  t.ok(isOpen(always, '2026-12-25', 11))
  const counted: HoursSetting = { ...always, dates: [{ date: '2026-12-31', hours: '08:00-16:00' }] }
  t.ok(isOpen(counted, '2026-12-25', 11))
  t.ok(isOpen(counted, '2026-12-31', 15))
  t.notOk(isOpen(counted, '2026-12-31', 17))
  t.end()
})

void t.test('a number without hours, or with hours that cannot be read, has those of the settings', (t) => {
  const [number] = lineOf(firstConfiguration).numbers
  t.equal(number?.hours, null)
  const [unreadable] = lineOf({
    ...firstConfiguration,
    numbers: firstConfiguration.numbers.map((one) => ({ ...one, hours: 'program' })),
    hours: [{ ...program, weekly: '' }],
  }).numbers
  t.equal(unreadable?.hours, null)
  t.end()
})

void t.test('a number says when its calls are answered, or leaves it to the setting', (t) => {
  const { numbers, ...others } = firstConfiguration
  const [usual, early] = lineOf({
    ...others,
    numbers: numbers.flatMap((one) => [one, { ...one, number: '0256408300', answer: 'agent' as const }]),
  }).numbers
  t.equal(usual?.answer, null)
  t.equal(early?.answer, 'agent')
  t.end()
})

void t.test('a number says how long it serves after closing, or leaves it to the setting', (t) => {
  const { numbers, ...others } = firstConfiguration
  const graces = [undefined, 0, 20].flatMap((closingGraceMinutes) =>
    numbers.map((one) => (closingGraceMinutes === undefined ? one : { ...one, closingGraceMinutes })),
  )
  t.same(
    lineOf({ ...others, numbers: graces }).numbers.map(({ closingGraceMs }) => closingGraceMs),
    [null, 0, 1_200_000],
  )
  t.end()
})

void t.test('there is always a queue', (t) => {
  const { queues } = lineOf(firstConfiguration)
  const taxes = { id: 'taxe', name: 'Taxe', nameEn: 'Taxes', skill: 'taxe', levelMin: 2, priority: 5 }
  const line = lineOf({ ...firstConfiguration, queues: [...firstConfiguration.queues, taxes] })
  t.same(
    line.queues.map(({ id, nameEn }) => [id, nameEn]),
    [
      ['taxe', 'Taxes'],
      ['general', 'General information'],
    ],
    'by priority',
  )
  t.same(lineOf({ numbers: [], queues: [], hours: [] }).queues, queues)
  t.equal(queueOf(line, '969').id, 'general')
  t.equal(queueOf(line, '0256408300').id, 'general', 'a number that has been removed')
  const renamed = lineOf({ ...firstConfiguration, queues: [taxes, { ...taxes, id: 'acte' }] })
  t.equal(queueOf(renamed, '969').id, 'acte', 'a queue that has been removed')
  t.equal(queueOf({ numbers: [], queues: [] }, '969').id, 'general')
  t.end()
})

void t.test('a number’s own words are among the texts, before those of menus', (t) => {
  const greeting = { ro: 'Bună ziua!', en: 'Good day!' }
  const closed = { ro: 'Închis.' }
  const { numbers, ...others } = firstConfiguration
  const menu = { id: 'alegere', name: 'Alegere', says: { ro: 'Apăsați 1.' }, keys: {}, repeats: 0 }
  const line = lineOf({
    ...others,
    numbers: numbers.flatMap((one) => [
      one,
      { ...one, number: '0256408300', says: { greeting, closed } },
      { ...one, number: '0256408301', says: { closed } },
    ]),
    menus: [menu],
  })
  t.same(line.numbers[0]?.words, noWords)
  t.same(line.numbers[1]?.words.greeting, soundsOfWords(greeting, 'number'))
  t.same(
    line.texts.map(({ text }) => text),
    ['Bună ziua!', 'Good day!', 'Închis.', 'Apăsați 1.'],
    'each once',
  )
  t.end()
})

void t.test(
  'own announcements are among the texts; without place and estimate no sentence of theirs is',
  (t) => {
    const announce = {
      position: false,
      estimate: false,
      firstAfterSeconds: 20,
      everySeconds: 60,
      texts: [{ ro: 'Pe site.', en: 'By the web site.' }, { ro: 'La ghișeu.' }],
    }
    const textsWith = (setting: typeof announce) =>
      lineOf({
        ...firstConfiguration,
        queues: firstConfiguration.queues.map((one) => ({ ...one, announce: setting })),
      }).texts.map(({ text }) => text)
    t.same(textsWith(announce), ['Pe site.', 'By the web site.', 'La ghișeu.'])
    t.ok(textsWith({ ...announce, estimate: true }).length > 3)
    t.ok(textsWith({ ...announce, position: true }).includes('Sunteți primul la rând.'))
    t.end()
  },
)
