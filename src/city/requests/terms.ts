/** Legal terms for an answer, with the period in which each is in force. */
import type { Day } from '../day.ts'

export const regimes = ['petition', 'public information'] as const
export type Regime = (typeof regimes)[number]

export interface Term {
  readonly law: string
  /** In force from this day, and until the day before `to`; null: still in force. */
  readonly from: Day
  readonly to: Day | null
  /** Days for an answer. */
  readonly days: number
  /** Days that the one extension may add. */
  readonly extensionDays: number
  /** The article that bounds the extension. */
  readonly extensionLaw: string
  /** Days within which a misdirected request must be passed on. */
  readonly redirectDays: number
  /** Days for a refusal; null: the law has no separate term. */
  readonly refusalDays: number | null
}

const terms: Readonly<Record<Regime, readonly Term[]>> = {
  petition: [
    {
      law: 'OG 27/2002 art. 6¹, 8 și 9',
      from: '2002-02-01',
      to: null,
      days: 30,
      extensionDays: 15,
      extensionLaw: 'OG 27/2002 art. 9',
      redirectDays: 5,
      refusalDays: null,
    },
  ],
  'public information': [
    {
      law: 'L 544/2001 art. 7',
      from: '2001-12-22',
      to: null,
      days: 10,
      // 30 days in all, when that is announced within the first 10.
      extensionDays: 20,
      extensionLaw: 'L 544/2001 art. 7',
      redirectDays: 5,
      refusalDays: 5,
    },
  ],
}

/** The term in force on a day. @throws {RangeError} for a day before the law. */
export function termOn(regime: Regime, day: Day): Term {
  const term = terms[regime].find(({ from, to }) => from <= day && (to === null || day < to))
  if (term === undefined) throw new RangeError(`no term for ${regime} on ${day}`)
  return term
}
