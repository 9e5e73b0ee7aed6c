/** Rules by period of validity. */
import { invariant } from '../../../src/core/invariant.ts'
import type { Day } from '../../../src/city/day.ts'

export interface Period<Rule> {
  /** First day of validity; it ends where the next period begins. */
  readonly from: Day
  readonly rule: Rule
}

/** The rule in force on a day; `periods` must be in order. */
export function ruleOn<Rule>(periods: readonly Period<Rule>[], day: Day): Rule {
  const found = periods.findLast(({ from }) => from <= day)
  invariant(found !== undefined, `no rule is known for ${day}`)
  return found.rule
}
