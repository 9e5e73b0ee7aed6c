/** Numbers, codes and days in their spoken form. */
import { longDate, shortDate } from '../shared/time/time.ts'

/** `CC2026-000123` → `CC 2026 – 000 123`. */
export function spokenRequest(id: string): string {
  const [, prefix = '', year = '', number = ''] = /^([A-Z]+)(\d{4})-(\d+)$/.exec(id) ?? []
  return prefix === '' ? id : `${prefix} ${year} – ${inThrees(number)}`
}

/** A catalogue text in the language of the screen. */
export function inLanguage(words: { readonly ro: string; readonly en: string }, language: string): string {
  return language === 'ro' ? words.ro : words.en
}

/** `123456` → `123 456`. */
export const spokenCode = (code: string): string => inThrees(code)

/** `2026-12-24` → "joi, 24 decembrie". */
export function spokenDay(day: string, language: string): string {
  // Noon UTC is the same day in the city's time zone.
  return longDate(`${day}T12:00:00Z`, language)
}

/** `2026-12-24` → "24 dec.", for lists. */
export function briefDay(day: string, language: string): string {
  return shortDate(`${day}T12:00:00Z`, language)
}

export { writtenDay } from '../shared/time/typed-day.ts'

function inThrees(digits: string): string {
  return digits.replaceAll(/(\d)(?=(\d{3})+$)/g, '$1 ')
}
