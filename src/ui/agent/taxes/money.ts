/** Amounts and days in the format of the account's tables. */
import { numeral } from '../../shared/time/time.ts'

/** 12340 → "123,40"; the column header names the currency. */
export const lei = (bani: number, language: string): string =>
  numeral(bani / 100, language, { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** 2026-11-24 → 24.11.2026 */
export const shortDay = (day: string): string => day.split('-').reverse().join('.')
