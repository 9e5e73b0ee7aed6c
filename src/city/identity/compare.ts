/**
 * Compares a caller's answers with the expected facts (docs/rules/identity.md, rule 3). Case, diacritics, the old cedilla letters and
 * a slip of one letter are forgiven, as are the usual ways of saying a month, a share or a number. A text that names
 * two values is wrong; otherwise a caller could list all of them.
 */
import type { Share } from '../taxes/account.ts'
import { addressOf } from '../taxes/address.ts'
import type { Band, Fact } from '../taxes/facts.ts'
import { eachFound, fold, sameWord, wordsOf } from '../taxes/fold.ts'
import { sameName } from '../taxes/names.ts'
import { saidMonth } from './said-month.ts'
import { saidNumber } from './said-number.ts'
import { saidShare } from './said-share.ts'

export function isRight(fact: Fact, said: string): boolean {
  switch (fact.topic) {
    case 'co-owner':
      return fact.expected.some((name) => sameName(said, name))
    case 'other-street':
      return fact.expected.some((street) => sameStreet(said, street))
    case 'plate-ending':
      return fact.expected.some((ending) => endsPlate(said, ending))
    case 'share':
      return fact.expected.some((share) => sameShare(said, share))
    case 'acquisition-year':
      return fact.expected.some((year) => sameYear(said, year))
    case 'payment-month':
      return fact.expected.some((month) => saidMonth(said) === month)
    case 'useful-area':
      return fact.expected.some((band) => within(saidNumber(said), band))
    case 'payment-band':
      return fact.expected.some((band) => within(inBani(saidNumber(said)), band))
    case 'count':
      return fact.expected.some((count) => saidNumber(said) === count)
  }
}

/** All must be right; a missing answer is wrong. */
export function allRight(facts: readonly Fact[], said: ReadonlyMap<string, string>): boolean {
  return facts.length > 0 && facts.every((fact) => isRight(fact, said.get(fact.id) ?? ''))
}

const joining = new Set(['din', 'de', 'la', 'al', 'a', 'cel', 'si', 'lui'])

/** The last word of a street's name is required ("Lazăr", "Alecsandri"), because a first name alone can be guessed. */
function sameStreet(said: string, street: string): boolean {
  const known = wordsOf(street)
  const words = addressOf(said).street
  const last = known.findLast((word) => /^\p{L}{2,}$/u.test(word) && !joining.has(word)) ?? known.at(-1) ?? ''
  return words.some((word) => sameWord(word, last)) && eachFound(words, known)
}

/** "ABC", "a b c", or the whole plate. */
function endsPlate(said: string, ending: string): boolean {
  const letters = fold(said).toUpperCase().replace(/\s/g, '')
  return letters === ending || (letters.endsWith(ending) && /^[A-Z]{0,2}\d{2,3}[A-Z]{2,3}$/.test(letters))
}

/** A third is 33 % or 33,33 %. */
const roundedShare = 0.005

function sameShare(said: string, { numerator, denominator }: Share): boolean {
  const share = saidShare(said)
  if (share === null) return false
  const apart = Math.abs(share.part - numerator / denominator)
  return apart < (share.about ? roundedShare : 1e-9)
}

/** Two digits are accepted: "98" is 1998. */
function sameYear(said: string, year: number): boolean {
  const number = saidNumber(said)
  return number === year || (number !== null && number >= 0 && number < 100 && number === year % 100)
}

function within(value: number | null, { from, to }: Band): boolean {
  return value !== null && value >= from && value <= to
}

const inBani = (lei: number | null): number | null => (lei === null ? null : Math.round(lei * 100))
