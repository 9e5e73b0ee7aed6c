/**
 * The taxpayers of the demo's town, the same for the same seed and day: first the cast, whom tests and newcomers know
 * by number, then as many others as are wanted.
 */
import { yearOf, type Day } from '../../../src/city/day.ts'
import { Chance } from '../chance.ts'
import { castOf, castIdentifiers } from './cast.ts'
import { Debts, type Owed } from './debts.ts'
import { Numbers } from './identifiers.ts'
import { People } from './people.ts'
import { Possessions } from './possessions.ts'
import type { Household } from './rows.ts'

export interface TownOptions {
  readonly seed: number
  /** At least so many taxpayers: the last household is whole. */
  readonly taxpayers: number
  /** The day for which the figures stand. */
  readonly asOf: Day
}

export interface Settled extends Household, Owed {}

export function* townOf({ seed, taxpayers, asOf }: TownOptions): Generator<Settled> {
  const chance = new Chance(seed)
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
