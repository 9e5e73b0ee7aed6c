/** Terms of the yearly tax, and the bonus for early payment (Codul fiscal, art. 462, 467, 472). */
import { rollForward, type Day } from '../../../src/city/day.ts'
import type { Bani, ObjectKind, Share } from '../../../src/city/taxes/account.ts'
import { ruleOn, type Period } from './period.ts'

export interface Term {
  readonly due: Day
  readonly amount: Bani
}

/** Up to this total of one kind of tax the whole year is due at the first term. */
export const wholeAtOnceMax: Bani = 5_000

/** Percent for the whole year paid by the first term: Timișoara's figure for each year [U]. */
const bonusPercent: readonly Period<number>[] = [{ from: '2016-01-01', rule: 10 }]

/** 31 March and 30 September, moved to the next working day. */
export function termsOf(year: number, isFree: (day: Day) => boolean): readonly [Day, Day] {
  return [rollForward(`${year}-03-31`, isFree), rollForward(`${year}-09-30`, isFree)]
}

/**
 * Two equal instalments; an odd ban goes to the first. `totalOfKind`: the taxpayer's total for objects of the same
 * kind in that year.
 */
export function instalmentsOf(amount: Bani, totalOfKind: Bani, terms: readonly [Day, Day]): readonly Term[] {
  if (amount === 0) return []
  if (totalOfKind <= wholeAtOnceMax) return [{ due: terms[0], amount }]
  const second = Math.floor(amount / 2)
  return [
    { due: terms[0], amount: amount - second },
    { due: terms[1], amount: second },
  ].filter((one) => one.amount > 0)
}

/** Bonus for buildings, land and vehicles. */
export function bonusOf(tax: Bani, year: number): Bani {
  return Math.round((tax * ruleOn(bonusPercent, `${year}-01-01`)) / 100)
}

export const hasBonus: Readonly<Record<ObjectKind, boolean>> = {
  building: true,
  land: true,
  vehicle: true,
  concession: false,
  fine: false,
  'permit-fee': false,
  other: false,
}

/** Splits an amount among co-owners. The parts sum to the amount; the rounding remainder goes to the first owners. */
export function splitByShares(amount: Bani, shares: readonly Share[]): readonly Bani[] {
  const parts = shares.map(({ numerator, denominator }) => Math.floor((amount * numerator) / denominator))
  const whole = shares.reduce((sum, { numerator, denominator }) => sum + numerator / denominator, 0)
  let left = Math.round(amount * whole) - parts.reduce((sum, part) => sum + part, 0)
  return parts.map((part) => (left-- > 0 ? part + 1 : part))
}
