/**
 * The demo's taxpayers, the same for the same seed and day: first the fixed cast, then as many random ones as wanted.
 */
import { yearOf, type Day } from '../../../src/city/day.ts'
import { Random } from '../random.ts'
import { castOf, castIdentifiers } from './cast.ts'
import { Debts, type Owed } from './debts.ts'
import { Numbers } from './identifiers.ts'
import { People } from './people.ts'
import { Possessions } from './possessions.ts'
import type { Household } from './rows.ts'

export interface TownOptions {
  readonly seed: number
  /** Minimum number of taxpayers; the last household is complete. */
  readonly taxpayers: number
  /** Reference day of the figures. */
  readonly asOf: Day
}

export interface Settled extends Household, Owed {}

export function* townOf({ seed, taxpayers, asOf }: TownOptions): Generator<Settled> {
  const chance = new Random(seed)
  const numbers = new Numbers(chance)
  numbers.reserve(castIdentifiers)
  const own = new Possessions(chance, numbers)
  const people = new People(chance, numbers, own, yearOf(asOf))
  const debts = new Debts(chance, asOf)
  const settled = (household: Household): Settled => ({ ...household, ...debts.of(household) })
  let left = taxpayers
  for (const household of castOf(people, own, asOf)) {
    left -= household.taxpayers.length
    yield settled(household)
  }
  while (left > 0) {
    const household = people.any()
    left -= household.taxpayers.length
    yield settled(household)
  }
}
