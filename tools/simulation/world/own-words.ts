/** The numbers' own words: some have a greeting, one has words for closed, and the sound of one greeting cannot be made. */
import { noWords, type NumberWords } from '../../../src/core/announcements/own-words.ts'
import { closedNumber } from '../scenario.ts'

const words: Readonly<Record<string, NumberWords>> = {
  city: { greeting: { ro: 'greeting-city', en: 'greeting-city-en' }, closed: null },
  taxes: { greeting: { ro: 'greeting-taxes' }, closed: null },
  [closedNumber]: { greeting: null, closed: { ro: 'closed-night' } },
}

export const wordsOf = (number: string): NumberWords => words[number] ?? noWords

export const hasSound = (sound: string): boolean => sound !== 'greeting-taxes'
