/** Payment days of the demo's taxpayers. */
import { addDays, isWeekend, yearOf, type Day } from '../../../src/city/day.ts'
import type { ObjectKind } from '../../../src/city/taxes/account.ts'
import type { Random } from '../random.ts'
import type { Habit, Taxpayer } from './rows.ts'

/** How one taxpayer pays for one year. */
export interface Paying {
  /** Pays everything that has a bonus by the first term. */
  readonly wholeEarly: boolean
  /** Pays only half of each instalment. */
  readonly half: boolean
  /** Payment day of a term; null: unpaid. `at`: 0 for the first term of the year. */
  day(kind: ObjectKind, due: Day, at: number): Day | null
}

export interface Receipt {
  readonly channel: string
  readonly receipt: string
}

export class PayDays {
  readonly #chance: Random
  readonly #asOf: Day
  /** One receipt per visit. */
  readonly #receipts = new Map<string, Receipt>()
  #next = 1

  constructor(chance: Random, asOf: Day) {
    this.#chance = chance
    this.#asOf = asOf
  }

  of({ habit, deceased }: Taxpayer, year: number): Paying {
    const kept = this.#habitIn(habit, year)
    // Drawn once a year: a visit pays for all objects.
    const early = workday(addDays(`${year}-03-31`, -this.#whole(1, 75)))
    const punctual = -this.#whole(0, 25)
    const late = [this.#whole(4, 150), this.#whole(4, 80)] as const
    const half = kept === 'late' && this.#chance.happens(0.15)
    const until = deceased !== null && deceased < this.#asOf ? deceased : this.#asOf
    const dayOf = (kind: ObjectKind, due: Day, at: number): Day | null => {
      if (kept === 'never') return null
      // Fines and fees are paid after they fall due.
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
    // Households are processed one after the other, so the map needs only the current one.
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

  /** Debtors have paid years older than two, late; others sometimes skip a year. */
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

/** Moves a weekend day to the Friday before, so that a timely payment stays timely. */
function workday(day: Day): Day {
  let moved = day
  while (isWeekend(moved)) moved = addDays(moved, -1)
  return moved
}
