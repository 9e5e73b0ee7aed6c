/** Planted bugs of the numbers' own words (`planted-bugs.ts`). */
import type { PlantedBug } from './plant.ts'

export const bugsOfOwnWords: readonly PlantedBug[] = [
  {
    name: 'words without a sound are played',
    rules: ['a caller hears silence'],
    file: 'core/announcements/own-words.ts',
    find: 'words === null || !hasSound(words.ro)',
    replace: 'words === null',
  },
  {
    name: 'callers hear the greeting of the city’s first number',
    rules: ['the words of a number are not heard'],
    file: 'acd/pbx-events.ts',
    find: 'heardWords(number?.words ?? noWords, hasSound)',
    replace: 'heardWords(directory.numbers()[0]?.words ?? noWords, hasSound)',
  },
  {
    name: 'the words of a closed number are forgotten where it takes messages',
    rules: ['the words of a number are not heard'],
    file: 'core/call-arrival.ts',
    find: "askForMessage(call, { say: 'voicemail', ...heard }",
    replace: "askForMessage(call, { say: 'voicemail', opensAt }",
  },
]
