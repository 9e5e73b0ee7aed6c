/** Compares folded words (`folded.ts`) as they are typed in a hurry: unfinished, inflected, misspelt. */
import { folded } from './folded.ts'

/** Articles and cases at the end of a Romanian noun: bec, becul, becurile. */
const endings = /^(ul|ului|uri|urile|urilor|le|lui|lor|a|ei|ii|i|e|ua)$/
/** Shorter words have too many neighbours. */
const misspeltMin = 4
/** The likeness of a word that has a typing error. */
export const misspeltAtMost = 0.7

/**
 * How well the typed word fits a word: 1 the same, 0 not at all. `last`: the word may be unfinished, from its second
 * letter.
 */
export function likeness(word: string, typed: string, last: boolean): number {
  if (word === typed) return 1
  if (word.startsWith(typed) && typed.length >= (last ? 2 : 4)) return 0.9
  if (word.length >= 3 && typed.startsWith(word) && endings.test(typed.slice(word.length))) return 0.85
  if (typed.length < misspeltMin || word.length < misspeltMin) return 0
  const errorsMax = typed.length < 6 ? 1 : 2
  const whole = mistypings(word, typed)
  // An unfinished word is compared with the beginning that is as long as what was typed.
  const begun = word.length > typed.length + 1 ? mistypings(word.slice(0, typed.length), typed) + 0.5 : whole
  const errors = Math.min(whole, begun)
  return errors > errorsMax ? 0 : misspeltAtMost - 0.1 * (errors - 1)
}

/** Letters added, left out, replaced or swapped with their neighbour (optimal string alignment distance). */
export function mistypings(one: string, other: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1]
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1)
      row.push(least)
    }
    beforeLast = last
    last = row
  }
  return last[other.length] ?? 0
}

/** How well a text fits what was typed, in any order: the least likeness of the typed words; 0: one of them is missing. */
export function fits(text: string, typed: string): number {
  const words = folded(text).split(' ')
  const asked = folded(typed).split(' ')
  return Math.min(
    ...asked.map((word, at) =>
      Math.max(
        ...words.map((one) => (one.startsWith(word) ? 1 : likeness(one, word, at === asked.length - 1))),
      ),
    ),
  )
}
