/** "Majorări de întârziere" on local taxes: Codul de procedură fiscală (L 207/2015), art. 183. */
import { addDays, addMonths, type Day } from '../../../src/city/day.ts'
import type { Bani } from '../../../src/city/taxes/account.ts'
import { ruleOn, type Period } from './period.ts'

/** Percent of the principal for each month or started month. */
const percentAMonth: readonly Period<number>[] = [
  // OG 92/2003, art. 124^1.
  { from: '2010-07-01', rule: 2 },
  { from: '2016-01-01', rule: 1 },
]

/** Months and started months from the day after the term until the payment, inclusive; 0 when it was in time. */
export function lateMonths(due: Day, paid: Day): number {
  if (paid <= due) return 0
  const first = addDays(due, 1)
  const between = monthNumber(paid) - monthNumber(first)
  return addMonths(first, between) > paid ? between : between + 1
}

/** Late charges on an amount until that day; each started month has the rate of its first day. */
export function lateCharges(principal: Bani, due: Day, paid: Day): Bani {
  const months = principal === 0 ? 0 : lateMonths(due, paid)
  if (months === 0) return 0
  const first = addDays(due, 1)
  const rate = ruleOn(percentAMonth, paid)
  // One rate for all of them, unless the first month is older than it.
  let percent = rate * months
  for (let month = 0; month < months; month++) {
    const own = ruleOn(percentAMonth, addMonths(first, month))
    if (own === rate) break
    percent += own - rate
  }
  return Math.round((principal * percent) / 100)
}

const monthNumber = (day: Day): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))

/** Penalty of a concession contract in per mille a day, at most the amount itself. [D] */
const perMilleADay = 1

/** Contract penalties ("penalități"), which differ from late charges. */
export function contractPenalties(principal: Bani, due: Day, paid: Day): Bani {
  if (paid <= due) return 0
  const days = Math.round((Date.parse(paid) - Date.parse(due)) / 86_400_000)
  return Math.min(principal, Math.round((principal * perMilleADay * days) / 1_000))
}
