/** Parses and compares addresses as people write and say them: "Str. Gheorghe Lazăr nr. 12, bl. B3, sc. A, ap. 7, Timișoara". */
import { eachFound, wordsOf } from './fold.ts'

export interface Address {
  /** Folded, without "strada" or "bulevardul". */
  readonly street: readonly string[]
  /** Folded: "12", "12a"; null when absent. */
  readonly number: string | null
  readonly flat: string | null
}

const ways = new Set(
  `str strada stradela bd bdul bulevardul bulevard calea aleea alee piata splaiul splai intrarea drumul
   soseaua sos cartierul`.split(/\s+/),
)
/** Words before a value. Parts that are not compared are listed too, or they would be read as the street's name. */
const labels: Readonly<Record<string, 'number' | 'flat' | 'other'>> = {
  nr: 'number',
  numar: 'number',
  numarul: 'number',
  no: 'number',
  ap: 'flat',
  apt: 'flat',
  apartament: 'flat',
  apartamentul: 'flat',
  bl: 'other',
  bloc: 'other',
  blocul: 'other',
  sc: 'other',
  scara: 'other',
  et: 'other',
  etaj: 'other',
  etajul: 'other',
}

/** Accepts any text; missing parts are empty or null. */
export function addressOf(text: string): Address {
  const labelled: { number: string | null; flat: string | null } = { number: null, flat: null }
  const free: string[][] = []
  for (const part of text.split(',')) {
    const words = joinedNumbers(wordsOf(part.replace(/\bb-?dul\b/gi, 'bd')))
    const plain: string[] = []
    for (let at = 0; at < words.length; at++) {
      const word = words[at] ?? ''
      const label = labels[word]
      const value = words[at + 1]
      // A label without a value is an ordinary word; in a street's name ("Nr." does not occur) it is harmless.
      if (label === undefined || value === undefined || !/^(\d|\w{1,3}$)/.test(value)) plain.push(word)
      else {
        if (label !== 'other') labelled[label] ??= value
        at++
      }
    }
    free.push(plain)
  }
  const { street, number } = streetAndNumber(free, labelled.number)
  return { street, number, flat: labelled.flat }
}

/** The street's name as written, for showing and comparing: "Gheorghe Lazăr". */
export function streetOf(place: string): string {
  const [first = ''] = place.split(/,|\s(?:nr|numărul|bl|sc|ap)\.?\s/i)
  const words = first.trim().split(/\s+/)
  const [way = ''] = words
  return (ways.has(wordsOf(way)[0] ?? '') ? words.slice(1) : words).join(' ')
}

/**
 * Whether the stated address matches the address on file: words of the street's name ("Lazăr" is enough for
 * "Gheorghe Lazăr"), the same number, and no different flat.
 */
export function sameAddress(said: string, onFile: string): boolean {
  const one = addressOf(said)
  const other = addressOf(onFile)
  if (!one.street.some((word) => word.length >= 3) || !eachFound(one.street, other.street)) return false
  if (one.number !== other.number) return false
  return one.flat === null || other.flat === null || one.flat === other.flat
}

/** "12 A" is the number 12A. */
function joinedNumbers(words: readonly string[]): string[] {
  const joined: string[] = []
  for (const word of words) {
    const last = joined.at(-1) ?? ''
    if (/^[a-z]$/.test(word) && /^\d+$/.test(last)) joined[joined.length - 1] = last + word
    else joined.push(word)
  }
  return joined
}

/** Without a label the number is the last one of the first part that has a number after its name ("Martirilor 1989 51"). */
function streetAndNumber(
  parts: readonly (readonly string[])[],
  labelled: string | null,
): Pick<Address, 'street' | 'number'> {
  const [first = [], second = []] = parts
  const named = first[0] !== undefined && ways.has(first[0]) ? first.slice(1) : first
  if (labelled !== null) return { street: named, number: labelled }
  const at = named.findLastIndex((word, index) => index > 0 && /^\d/.test(word))
  if (at !== -1) return { street: named.filter((_, index) => index !== at), number: named[at] ?? null }
  const [next] = second
  return { street: named, number: next !== undefined && /^\d/.test(next) ? next : null }
}
