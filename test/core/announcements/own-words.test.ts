import t from 'tap'
import {
  heardWords,
  noWords,
  soundsOfWords,
  textsOfNumber,
  textsOfWords,
  wordsOfNumber,
} from '../../../src/core/announcements/own-words.ts'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import type { NumberSetting } from '../../../src/core/configuration/schema.ts'

const number: NumberSetting = { number: '969', also: [], name: 'Linia', queue: 'general' }
const greeting = { ro: 'Bună ziua! Convorbirea se înregistrează.', en: 'Good day! This call is recorded.' }
const closed = { ro: 'Casieria este închisă.' }
const [ro, en] = [soundOf('ro', greeting.ro, 'number'), soundOf('en', greeting.en, 'number')]

void t.test('words have a sound in each of their languages', (t) => {
  t.same(soundsOfWords(greeting, 'number'), { ro, en })
  t.match(ro, /^number-ro-/)
  t.same(textsOfWords(greeting, 'number'), [
    { sound: ro, language: 'ro', text: greeting.ro },
    { sound: en, language: 'en', text: greeting.en },
  ])
  const hu = 'Az adókhoz nyomja meg az egyest.'
  t.same(soundsOfWords({ ...closed, hu }, 'menu'), {
    ro: soundOf('ro', closed.ro),
    hu: soundOf('hu', hu),
  })
  const sound = soundOf('ro', closed.ro, 'number')
  t.same(soundsOfWords(closed, 'number'), { ro: sound })
  t.same(textsOfWords(closed, 'number'), [{ sound, language: 'ro', text: closed.ro }])
  t.end()
})

void t.test('a number has its own words, or those of the line', (t) => {
  t.same(wordsOfNumber(number), noWords)
  t.same(textsOfNumber(number), [])
  const sound = soundOf('ro', closed.ro, 'number')
  t.same(wordsOfNumber({ ...number, says: { closed } }), { greeting: null, closed: { ro: sound } })
  const both = { ...number, says: { greeting, closed } }
  t.same(wordsOfNumber(both), { greeting: { ro, en }, closed: { ro: sound } })
  t.same(
    textsOfNumber(both).map((text) => text.sound),
    [ro, en, sound],
  )
  t.end()
})

void t.test('words without a sound are not heard', (t) => {
  const words = wordsOfNumber({ ...number, says: { greeting, closed } })
  t.same(
    heardWords(words, () => true),
    words,
  )
  t.same(
    heardWords(words, () => false),
    noWords,
    'the fixed prompts instead',
  )
  t.same(
    heardWords(words, (sound) => sound !== en),
    { greeting: { ro }, closed: words.closed },
  )
  t.same(
    heardWords(words, (sound) => sound === en).greeting,
    null,
    'English alone would leave others without',
  )
  t.end()
})
