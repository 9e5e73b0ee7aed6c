/** How the journal names a person: so that it can be asked about one, and read without learning of any. */
import { createHmac } from 'node:crypto'

/**
 * `HMAC-SHA256(identifier)` as 64 hexadecimal digits. The identifier is a CNP or a CUI, with or without `RO`
 * and spaces: however it is typed, one person has one mark. It says nothing about whether it is valid.
 */
export function personMark(key: string, identifier: string): string {
  const digits = identifier
    .toUpperCase()
    .replaceAll(/[\s.-]/g, '')
    .replace(/^RO/, '')
  return createHmac('sha256', key).update(digits).digest('hex')
}
