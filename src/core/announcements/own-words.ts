/** The city's own words: texts of the configuration that are read out to callers, in Romanian and in the languages in which they are written. */
import {
  languages,
  soundOf,
  type InLanguages,
  type SoundKind,
  type SpokenText,
} from '../configuration/menu.ts'
import type { NumberSetting } from '../configuration/schema.ts'

export type Words = InLanguages

/** The names of their sounds (`soundOf`). */
export type WordSounds = InLanguages

/** Those of a number; null: its callers hear the fixed sentence. */
export interface NumberWords {
  /** In place of the fixed greeting. */
  readonly greeting: WordSounds | null
  /** In place of the sentence that it is closed; the time of the next opening follows. */
  readonly closed: WordSounds | null
}

export const noWords: NumberWords = { greeting: null, closed: null }

export const soundsOfWords = (words: Words, of: SoundKind): WordSounds => ({
  ...Object.fromEntries(textsOfWords(words, of).map(({ language, sound }) => [language, sound])),
  ro: soundOf('ro', words.ro, of),
})

export const textsOfWords = (words: Words, of: SoundKind): readonly SpokenText[] =>
  languages.flatMap((language): SpokenText[] => {
    const text = words[language]
    return text === undefined ? [] : [{ sound: soundOf(language, text, of), language, text }]
  })

export const wordsOfNumber = ({ says = {} }: NumberSetting): NumberWords => ({
  greeting: says.greeting === undefined ? null : soundsOfWords(says.greeting, 'number'),
  closed: says.closed === undefined ? null : soundsOfWords(says.closed, 'number'),
})

export const textsOfNumber = ({ says = {} }: NumberSetting): readonly SpokenText[] =>
  [says.greeting, says.closed].flatMap((words) => (words === undefined ? [] : textsOfWords(words, 'number')))

/** Words without a sound are not heard: of Romanian ones the fixed sentence is heard instead, English ones are left out. */
export function heardWords(
  { greeting, closed }: NumberWords,
  hasSound: (sound: string) => boolean,
): NumberWords {
  const heard = (words: WordSounds | null): WordSounds | null => {
    if (words === null || !hasSound(words.ro)) return null
    const { ro, en } = words
    return en !== undefined && hasSound(en) ? words : { ro }
  }
  return { greeting: heard(greeting), closed: heard(closed) }
}
