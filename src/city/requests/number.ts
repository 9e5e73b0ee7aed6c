/** Registration numbers: `CC2026-000123/24.11.2026` on paper, `CC2026-000123` where a slash is not possible. */
import { isDate } from '../../core/local-time.ts'
import { writtenDay, type Day } from '../day.ts'

declare const brand: unique symbol
/** `CC2026-000123`: the number without its day, the id everywhere in the program. */
export type RequestId = string & { readonly [brand]: 'RequestId' }
export const RequestId = (text: string): RequestId => text as RequestId

export interface RequestNumber {
  readonly prefix: string
  readonly year: number
  readonly number: number
}

const digitsMin = 6

export function idOf({ prefix, year, number }: RequestNumber): RequestId {
  return RequestId(`${prefix}${year}-${String(number).padStart(digitsMin, '0')}`)
}

/** The written form, with the day of registration. */
export function writtenNumber(id: RequestId, day: Day): string {
  return `${id}/${writtenDay(day)}`
}

/**
 * Reads a number as people write and say it: `CC2026-000123/24.11.2026`, `CC 2026 – 000 123`, `cc 2026 123`,
 * `2026-123`, `CC2026000123`. A missing prefix defaults to `prefix`. Null: not a number of this register.
 */
export function readNumber(text: string, prefix: string): RequestNumber | null {
  const told =
    /^\s*([a-z]{0,6})\s*(20\d\d)(?:\s*[-–—/.]\s*|\s+|(?=\d{6,9}\s*(?:\/|$)))(\d[\d ]{0,12}?)\s*(?:\/.*)?$/iu.exec(
      text,
    )
  if (told === null) return null
  const [, letters = '', year = '', grouped = ''] = told
  const digits = grouped.replaceAll(' ', '').replace(/^0+/, '')
  if (!/^\d{1,9}$/.test(digits)) return null
  return { prefix: (letters || prefix).toUpperCase(), year: Number(year), number: Number(digits) }
}

/** Parses a day as written on paper: `24.11.2026`, `24/11/2026`, `24 11 2026` or `2026-11-24`. */
export function readDay(text: string): Day | null {
  const paper = /^\s*(\d{1,2})\s*[./\s-]\s*(\d{1,2})\s*[./\s-]\s*(\d{4})\s*$/.exec(text)
  const [, day = '', month = '', year = ''] = paper ?? []
  const read = paper === null ? text.trim() : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDate(read) ? read : null
}
