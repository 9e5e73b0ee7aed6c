/** Rules change with the year: each stands in a table of the periods in which it holds. */
import { invariant } from '../../../src/core/invariant.ts'
import type { Day } from '../../../src/city/day.ts'

export interface Period<Rule> {
  /** The first day on which it holds; it ends where the next one begins. */
  readonly from: Day
  readonly rule: Rule
}

/** The rule in force on a day; the periods stand in order. */
export function ruleOn<Rule>(periods: readonly Period<Rule>[], day: Day): Rule {
  const found = periods.findLast(({ from }) => from <= day)
  invariant(found !== undefined, `no rule is known for ${day}`)
  return found.rule
}
