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
