/** On which days the people of the demo's town go and pay. */
import { addDays, isWeekend, yearOf, type Day } from '../../../src/city/day.ts'
import type { ObjectKind } from '../../../src/city/taxes/account.ts'
import type { Chance } from '../chance.ts'
import type { Habit, Taxpayer } from './rows.ts'

/** How one taxpayer pays for one year. */
export interface Paying {
  /** Everything that has a bonus by the first term. */
  readonly wholeEarly: boolean
  /** Only a half of each instalment. */
  readonly half: boolean
  /** When a term was paid; null: not yet, or never. `at`: 0 for the first of the year. */
  day(kind: ObjectKind, due: Day, at: number): Day | null
}

export interface Receipt {
  readonly channel: string
  readonly receipt: string
}

export class PayDays {
  readonly #chance: Chance
  readonly #asOf: Day
  /** One visit, one receipt, whatever was paid. */
  readonly #receipts = new Map<string, Receipt>()
  #next = 1

  constructor(chance: Chance, asOf: Day) {
    this.#chance = chance
    this.#asOf = asOf
  }

  of({ habit, deceased }: Taxpayer, year: number): Paying {
    const kept = this.#habitIn(habit, year)
    // Drawn once a year: who comes pays for all that he owns.
    const early = workday(addDays(`${year}-03-31`, -this.#whole(1, 75)))
    const punctual = -this.#whole(0, 25)
    const late = [this.#whole(4, 150), this.#whole(4, 80)] as const
    const half = kept === 'late' && this.#chance.happens(0.15)
    const until = deceased !== null && deceased < this.#asOf ? deceased : this.#asOf
    const dayOf = (kind: ObjectKind, due: Day, at: number): Day | null => {
      if (kept === 'never') return null
      // Before a fine or a fee there is nothing to pay.
      if (kind === 'fine' || kind === 'permit-fee')
        return workday(addDays(due, kept === 'late' ? 30 : -this.#whole(1, 12)))
      if (kept === 'late') return workday(addDays(due, late[at % 2] ?? late[0]))
      return kept === 'early' && kind !== 'concession' ? early : workday(addDays(due, punctual))
    }
    return {
      wholeEarly: kept === 'early' && early <= until,
      half,
      day: (kind, due, at) => {
        const day = dayOf(kind, due, at)
        return day === null || day > until ? null : day
      },
    }
  }

  receipt({ id, kind }: Taxpayer, day: Day): Receipt {
    // Households come one after the other: only one is remembered at a time by its number.
    const key = `${id} ${day}`
    const known = this.#receipts.get(key)
    if (known !== undefined) return known
    if (this.#receipts.size > 1_000) this.#receipts.clear()
    const channel =
      kind === 'company' ? 'transfer bancar' : this.#chance.pick(['ghișeu', 'ghișeu', 'ghiseul.ro', 'poștă'])
    const made = { channel, receipt: `TM${yearOf(day)}-${String(this.#next++).padStart(7, '0')}` }
    this.#receipts.set(key, made)
    return made
  }

  /** A debtor has paid what is older than two years, late; others forget a year now and then. */
  #habitIn(habit: Habit, year: number): Habit {
    if (habit === 'behind') return year >= yearOf(this.#asOf) - 1 ? 'never' : 'late'
    if (habit === 'punctual' && this.#chance.happens(0.06)) return 'late'
    if (habit === 'late' && this.#chance.happens(0.1)) return 'never'
    return habit
  }

  #whole(from: number, to: number): number {
    return Math.floor(this.#chance.between(from, to + 1))
  }
}

/** The counter is closed at the week-end: the Friday before, so that who was in time still is. */
function workday(day: Day): Day {
  let moved = day
  while (isWeekend(moved)) moved = addDays(moved, -1)
  return moved
}
