/** Pseudonyms of persons in the journal: it can be searched for one person, and its entries reveal none. */
import { createHmac } from 'node:crypto'

/**
 * `HMAC-SHA256(identifier)` as 64 hexadecimal digits. The identifier is a CNP or a CUI, with or without `RO`
 * and spaces, so that every spelling gives the same mark. The identifier is not validated.
 */
export function personMark(key: string, identifier: string): string {
  const digits = identifier
    .toUpperCase()
    .replaceAll(/[\s.-]/g, '')
    .replace(/^RO/, '')
  return createHmac('sha256', key).update(digits).digest('hex')
}

/** The mark of a calling number; all withheld numbers have one. */
export function callerMark(key: string, number: string | null): string {
  return createHmac('sha256', key)
    .update(`caller ${number ?? 'withheld'}`)
    .digest('hex')
}

/** The mark of a stated name: the same for any order of its words, and with or without diacritics. */
export function nameMark(key: string, words: readonly string[]): string {
  return createHmac('sha256', key)
    .update(`name ${words.toSorted().join(' ')}`)
    .digest('hex')
}
