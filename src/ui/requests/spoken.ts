/** Numbers, codes and days in their spoken form. */
import { longDate, longDateWithYear, shortDate, shortDateWithYear, today } from '../shared/time/time.ts'

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

/** `2026-12-24` → "joi, 24 decembrie"; a day of an earlier year than that of `now`, with its year. */
export function spokenDay(day: string, language: string, now = Date.now()): string {
  return (isOfEarlierYear(day, now) ? longDateWithYear : longDate)(noonOf(day), language)
}

/** `2026-12-24` → "24 dec.", for lists; of an earlier year, with its year. */
export function briefDay(day: string, language: string, now = Date.now()): string {
  return (isOfEarlierYear(day, now) ? shortDateWithYear : shortDate)(noonOf(day), language)
}

/** Noon UTC is the same day in the city's time zone. */
const noonOf = (day: string): string => `${day}T12:00:00Z`

/** A deadline that has passed a year ago must not look like one of this year; one of next year cannot. */
const isOfEarlierYear = (day: string, now: number): boolean => day.slice(0, 4) < today(now).slice(0, 4)

export { writtenDay } from '../shared/time/typed-day.ts'

function inThrees(digits: string): string {
  return digits.replaceAll(/(\d)(?=(\d{3})+$)/g, '$1 ')
}
