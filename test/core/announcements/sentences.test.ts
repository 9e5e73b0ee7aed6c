import t from 'tap'
import { estimates } from '../../../src/core/announcements/estimate.ts'
import {
  estimateSound,
  estimateText,
  placeMax,
  positionSound,
  positionText,
  sentencesIn,
} from '../../../src/core/announcements/sentences.ts'

void t.test('Romanian places are ordinals, the first one without `al`', async (t) => {
  t.equal(positionText('ro', 1), 'Sunteți primul la rând.')
  t.equal(positionText('ro', 2), 'Sunteți al doilea la rând.')
  t.equal(positionText('ro', 8), 'Sunteți al optulea la rând.')
  t.equal(positionText('ro', 9), 'Sunteți al nouălea la rând.')
  t.equal(positionText('ro', 16), 'Sunteți al șaisprezecelea la rând.')
  t.equal(positionText('ro', 20), 'Sunteți al douăzecilea la rând.')
  const said = Array.from({ length: placeMax - 1 }, (_, index) => positionText('ro', index + 2))
  t.ok(said.every((text) => /^Sunteți al [a-zșăț]+lea la rând\.$/.test(text)))
  t.notMatch(said.join(''), /[şţ]/, 'comma below, not cedilla')
})

void t.test('from the 21st place on, what is said is true of each', async (t) => {
  for (const position of [21, 22, 300]) {
    t.equal(positionText('ro', position), 'Înaintea dumneavoastră sunt cel puțin douăzeci de persoane.')
    t.equal(positionText('en', position), 'There are at least twenty callers before you.')
  }
})

void t.test('Romanian minutes: one is singular, and from twenty on there is `de`', async (t) => {
  const about = 'Timpul estimat de așteptare este de aproximativ'
  t.same(
    estimates.map((estimate) => estimateText('ro', estimate)),
    [
      `${about} un minut.`,
      `${about} două minute.`,
      `${about} trei minute.`,
      `${about} cinci minute.`,
      `${about} zece minute.`,
      `${about} cincisprezece minute.`,
      `${about} douăzeci de minute.`,
      `${about} treizeci de minute.`,
      'Timpul estimat de așteptare este de peste treizeci de minute.',
    ],
  )
})

void t.test('English', async (t) => {
  t.equal(positionSound('hu', 3), positionSound('ro', 3), 'the line speaks Romanian and English')
  t.equal(estimateSound('hu', 5), estimateSound('ro', 5))
  t.equal(positionText('en', 3), 'You are third in the queue.')
  t.equal(estimateText('en', 1), 'The estimated wait is about one minute.')
  t.equal(estimateText('en', 'more'), 'The estimated wait is more than thirty minutes.')
})

void t.test('every sentence that can be said is in the set, once', async (t) => {
  for (const language of ['ro', 'en'] as const) {
    const sounds = sentencesIn(language).map(({ sound }) => sound)
    t.equal(new Set(sounds).size, sounds.length)
    t.ok(sounds.every((sound) => sound.startsWith(`waiting-${language}-`)))
    for (let position = 1; position < 40; position += 1)
      t.ok(sounds.includes(positionSound(language, position)), `${position}`)
    for (const estimate of estimates) t.ok(sounds.includes(estimateSound(language, estimate)))
  }
})
