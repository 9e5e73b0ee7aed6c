import t from 'tap'
import { positionText } from '../../../src/core/announcements/sentences.ts'
import type { CallerNotice } from '../../../src/core/announcements/caller-notice.ts'
import { lineOf, firstConfiguration } from '../../../src/core/configuration/line.ts'
import { languages, soundKinds, soundOf } from '../../../src/core/configuration/menu.ts'
import type { Configuration, QueueSetting } from '../../../src/core/configuration/schema.ts'
import {
  recordableTexts,
  textSecondsOf,
  type RecordableText,
} from '../../../src/core/prompts/recordable-texts.ts'
import {
  isFixedPrompt,
  isMusic,
  languageOf,
  promptNamePattern,
  promptSecondsOf,
} from '../../../src/core/prompts/recordable.ts'
import { bounds } from '../../../src/core/rules.ts'

const general = firstConfiguration.queues[0] as QueueSetting
const announce = { position: true, estimate: true, firstAfterSeconds: 20, everySeconds: 60 }
const greeting = { ro: 'Bună ziua! Convorbirea se înregistrează.', en: 'Good day! This call is recorded.' }
const closed = { ro: 'Casieria este închisă.' }
const menu = { ro: 'Pentru taxe apăsați unu.', en: 'For taxes press one.' }
const online = { ro: 'Taxele se plătesc și pe site.' }
const configuration: Configuration = {
  ...firstConfiguration,
  numbers: [
    ...firstConfiguration.numbers.map((one) => ({ ...one, says: { greeting, closed } })),
    { number: '970', also: [], name: 'Taxe', queue: general.id, says: { closed } },
  ],
  queues: [{ ...general, announce: { ...announce, texts: [{ ro: 'Vă mulțumim.' }, online] } }],
  menus: [{ id: 'first', name: 'Principal', says: menu, keys: { '1': { queue: general.id } }, repeats: 1 }],
}
const notice: CallerNotice = { id: 7, text: 'Nu este apă.', queues: [], from: 0, until: 1, daily: null }
const at = (place: string, name: string | null = null, nth: number | null = null) => ({ place, name, nth })
const textIn = (found: readonly RecordableText[], words: string) => found.find(({ text }) => text === words)

void t.test('each own text is listed once, with the places where it is heard', (t) => {
  const found = recordableTexts(configuration, [notice])
  t.same(
    found.map(({ language, text, heardIn }) => [language, text, heardIn]),
    [
      ['ro', greeting.ro, [at('greeting', '969')]],
      ['en', greeting.en, [at('greeting', '969')]],
      ['ro', closed.ro, [at('closed', '969'), at('closed', '970')]],
      ['ro', menu.ro, [at('menu', 'Principal')]],
      ['en', menu.en, [at('menu', 'Principal')]],
      ['ro', 'Vă mulțumim.', [at('queue', general.name, 1)]],
      ['ro', online.ro, [at('queue', general.name, 2)]],
      ['ro', notice.text, [at('notice')]],
    ],
  )
  t.equal(textIn(found, menu.en)?.sound, soundOf('en', menu.en))
  t.notOk(textIn(found, positionText('ro', 1)), 'places in the queue are the machine’s')
  const played = new Set(lineOf(configuration).texts.map(({ sound }) => sound))
  for (const { sound, heardIn } of found)
    t.ok(played.has(sound) || heardIn[0]?.place === 'notice', `${sound} is one that is played`)
  t.same(recordableTexts(firstConfiguration, []), [])
  t.end()
})

void t.test(
  'whole sentences are listed where the configuration has callers hear them, in their languages',
  (t) => {
    const queue: QueueSetting = {
      ...general,
      callback: { afterSeconds: 60, standingMax: 10 },
      overflow: { whenNobodySignedIn: true, voicemail: true },
      survey: { talkedSeconds: 0 },
    }
    const placesOf = (one: Configuration) =>
      recordableTexts(one, [])
        .filter(({ heardIn }) => heardIn[0]?.name === null)
        .map(({ language, heardIn: [first] }) => [language, first?.place, first?.nth])
    const romanian = [
      ['ro', 'callback-question', null],
      ['ro', 'busy', null],
      ...[1, 2, 3].map((nth) => ['ro', 'survey', nth]),
    ]
    t.same(placesOf({ ...firstConfiguration, queues: [queue] }), romanian)
    const menus = [
      { id: 'a', name: 'A', says: menu, keys: { '1': { voicemail: general.id } } as const, repeats: 0 },
    ]
    t.same(placesOf({ ...firstConfiguration, queues: [queue], menus }), [
      ['ro', 'callback-question', null],
      ['en', 'callback-question', null],
      ['ro', 'voicemail', null],
      ['en', 'voicemail', null],
      ['ro', 'busy', null],
      ['en', 'busy', null],
      ...[1, 2, 3].map((nth) => ['ro', 'survey', nth]),
      ...[1, 2, 3].map((nth) => ['en', 'survey', nth]),
    ])
    t.end()
  },
)

void t.test('a text that is heard in two places has the shorter bound', (t) => {
  const [number] = firstConfiguration.numbers
  const numbers = number === undefined ? [] : [{ ...number, says: { greeting: closed, closed } }]
  const [one] = recordableTexts({ ...firstConfiguration, numbers }, [])
  t.match(one, { heardIn: [at('greeting', '969'), at('closed', '969')], secondsMax: textSecondsOf.closed })
  t.end()
})

void t.test('what is heard in one playback ends within its bound, in both languages', (t) => {
  const seconds = bounds.promptMs / 1_000
  for (const one of Object.values(textSecondsOf)) t.ok(one < seconds)
  t.ok(2 * textSecondsOf.greeting < seconds)
  // The longest time of an opening: a weekday, a date, an hour and a minute.
  const openingSeconds = 11
  const { goodbye } = promptSecondsOf
  for (const end of [goodbye, promptSecondsOf['leave-message'], promptSecondsOf['callback-question']])
    t.ok(2 * textSecondsOf.closed + openingSeconds + end < seconds)
  // Announcements begin 30 seconds after one another at least (`AnnouncementSetting`).
  t.ok(textSecondsOf.queue < 30)
  t.end()
})

void t.test('the name of a prompt is that of a fixed one, or of the sound of a text', (t) => {
  const pattern = new RegExp(promptNamePattern, 'u')
  t.ok(pattern.test('music') && !isFixedPrompt('music') && isMusic('music') && !isMusic('menu'))
  t.ok(pattern.test('greeting') && isFixedPrompt('greeting'))
  for (const kind of soundKinds)
    for (const language of languages) {
      const sound = soundOf(language, 'Taxe', kind)
      t.ok(pattern.test(sound) && !isFixedPrompt(sound), sound)
      t.equal(languageOf(sound), language)
    }
  for (const name of [
    'opens',
    'menu-ro-1',
    'menu-la-0123456789abcdef',
    '../menu-ro-0123456789abcdef',
    'greeting2',
  ])
    t.notOk(pattern.test(name), name)
  t.end()
})
