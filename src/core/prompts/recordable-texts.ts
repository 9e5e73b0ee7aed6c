/**
 * The texts that a person may speak: the configuration's own words, notices to callers, and the whole sentences that follow from what is
 * configured. A recording belongs to a text in a language, under the name of its sound (`soundOf`): another text is another sound.
 * Places in the queue, estimates and digits are put together in one reading, so they have one voice, which the machine makes.
 */
import { noticeSound, type CallerNotice } from '../announcements/caller-notice.ts'
import { questionSounds, questionTexts } from '../announcements/callback-question.ts'
import { textsOfWords, type Words } from '../announcements/own-words.ts'
import { surveyTexts } from '../announcements/survey.ts'
import { busyTexts, voicemailTexts } from '../announcements/voicemail.ts'
import { lineOf } from '../configuration/line.ts'
import { lineLanguages, type SoundKind, type SpokenText } from '../configuration/menu.ts'
import type { Configuration } from '../configuration/schema.ts'

/** In the order in which they are listed. */
export const textPlaces = [
  'greeting',
  'closed',
  'menu',
  'queue',
  'callback-question',
  'voicemail',
  'busy',
  'survey',
  'notice',
] as const
export type TextPlace = (typeof textPlaces)[number]

/**
 * Seconds that a recording may last, by where it is heard: with its English text, the time of the next opening and the longest recorded
 * prompt after it, it ends within the bound of one playback (`bounds.promptMs`). In a queue there is music before the next one, also
 * where announcements are as frequent as can be.
 */
export const textSecondsOf: Readonly<Record<TextPlace, number>> = {
  greeting: 28,
  closed: 14,
  menu: 50,
  queue: 25,
  'callback-question': 20,
  voicemail: 20,
  busy: 30,
  survey: 20,
  notice: 50,
}

/** Where callers hear a text. */
export interface HeardIn {
  readonly place: TextPlace
  /** The number, or the name of the menu or the queue. */
  readonly name: string | null
  /** Of several that are heard there, from 1. */
  readonly nth: number | null
}

export interface RecordableText extends SpokenText {
  /** At least one. */
  readonly heardIn: readonly HeardIn[]
  readonly secondsMax: number
}

type Found = readonly [text: SpokenText, heardIn: HeardIn]

/** Those in use, each once. `notices`: those that are not over. */
export function recordableTexts(
  configuration: Configuration,
  notices: readonly CallerNotice[],
): readonly RecordableText[] {
  const texts = new Map<string, RecordableText>()
  for (const [text, heardIn] of [
    ...ownTexts(configuration),
    ...sentences(configuration),
    ...noticeTexts(notices),
  ]) {
    const before = texts.get(text.sound)
    const seconds = textSecondsOf[heardIn.place]
    texts.set(text.sound, {
      ...text,
      heardIn: [...(before?.heardIn ?? []), heardIn],
      secondsMax: Math.min(before?.secondsMax ?? seconds, seconds),
    })
  }
  return [...texts.values()]
}

const inEach = (words: Words | undefined, of: SoundKind, heardIn: HeardIn): readonly Found[] =>
  words === undefined ? [] : textsOfWords(words, of).map((text) => [text, heardIn])

const ownTexts = ({ numbers, menus = [], queues }: Configuration): readonly Found[] => [
  ...numbers.flatMap(({ number: name, says = {} }) => [
    ...inEach(says.greeting, 'number', { place: 'greeting', name, nth: null }),
    ...inEach(says.closed, 'number', { place: 'closed', name, nth: null }),
  ]),
  ...menus.flatMap(({ name, says }) => inEach(says, 'menu', { place: 'menu', name, nth: null })),
  ...queues.flatMap(({ name, announce }) =>
    (announce?.texts ?? []).flatMap((words, index) =>
      inEach(words, 'waiting', { place: 'queue', name, nth: index + 1 }),
    ),
  ),
]

const unnamed = (place: TextPlace, texts: readonly SpokenText[]): readonly Found[] =>
  texts.map((text) => [text, { place, name: null, nth: null }])

/** Those that callers of this configuration may hear. */
function sentences(configuration: Configuration): readonly Found[] {
  const used = new Set(lineOf(configuration).texts.map(({ sound }) => sound))
  const questions = lineLanguages.flatMap((language) =>
    questionTexts(language).filter(({ sound }) => questionSounds(language).includes(sound)),
  )
  const survey = lineLanguages.flatMap((language) =>
    surveyTexts(language).map((text, index): Found => [
      text,
      { place: 'survey', name: null, nth: index + 1 },
    ]),
  )
  return [
    ...unnamed('callback-question', questions),
    ...unnamed('voicemail', voicemailTexts),
    ...unnamed('busy', busyTexts),
    ...survey,
  ].filter(([{ sound }]) => used.has(sound))
}

const noticeTexts = (notices: readonly CallerNotice[]): readonly Found[] =>
  unnamed(
    'notice',
    notices.map((notice) => ({ sound: noticeSound(notice), language: 'ro', text: notice.text })),
  )
