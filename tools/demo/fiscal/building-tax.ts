/**
 * The tax on a person's dwelling: useful m² × 1.4 × lei/m² × zone × rate (Codul fiscal, art. 457). For demo
 * data and its checks; the desk shows the fiscal database's figures.
 */
import type { Bani } from '../../../src/city/taxes/account.ts'
import { ruleOn, type Period } from './period.ts'

export type Zone = 'A' | 'B' | 'C' | 'D'

export interface Dwelling {
  readonly usefulArea: number
  readonly zone: Zone
  /** More than 3 levels and 8 flats. */
  readonly inLargeBlock: boolean
  /** Years since it was built, on 1 January. */
  readonly age: number
}

interface Rules {
  /** Lei per m² of a building with walls of concrete or brick and all installations (type A). */
  readonly leiPerSquareMetre: number
  /** Reduction of the zone's coefficient for a large block. */
  readonly largeBlock: number
  /** By the youngest age: percent off, the oldest first. */
  readonly ageCuts: readonly { readonly age: number; readonly percent: number }[]
}

/** Art. 457 (8), until 2025. */
const ageCuts = [
  { age: 100, percent: 50 },
  { age: 50, percent: 30 },
  { age: 30, percent: 10 },
] as const

const olderRules = { largeBlock: 0.1, ageCuts }

/** Timișoara. 2025 and 2026 are published figures; the indexed ones before them are unchecked [U]. */
const rules: readonly Period<Rules>[] = [
  { from: '2020-01-01', rule: { leiPerSquareMetre: 1_051, ...olderRules } },
  { from: '2021-01-01', rule: { leiPerSquareMetre: 1_091, ...olderRules } },
  { from: '2022-01-01', rule: { leiPerSquareMetre: 1_119, ...olderRules } },
  { from: '2023-01-01', rule: { leiPerSquareMetre: 1_176, ...olderRules } },
  { from: '2024-01-01', rule: { leiPerSquareMetre: 1_338, ...olderRules } },
  { from: '2025-01-01', rule: { leiPerSquareMetre: 1_492, ...olderRules } },
  { from: '2026-01-01', rule: { leiPerSquareMetre: 2_677, largeBlock: 0, ageCuts: [] } },
]

/** For a town of rank I. */
const zoneCoefficients: Readonly<Record<Zone, number>> = { A: 2.5, B: 2.4, C: 2.3, D: 2.2 }

/** Per mille of the value, for dwellings and for business buildings ([D] for the latter). */
export const buildingRates = { dwelling: 1, business: 13 } as const

/** A year's tax of the whole building, before anybody's share. */
export function buildingTax(
  dwelling: Dwelling,
  year: number,
  use: keyof typeof buildingRates = 'dwelling',
): Bani {
  const rule = ruleOn(rules, `${year}-01-01`)
  const coefficient = zoneCoefficients[dwelling.zone] - (dwelling.inLargeBlock ? rule.largeBlock : 0)
  const value = dwelling.usefulArea * 1.4 * rule.leiPerSquareMetre * coefficient
  const cut = rule.ageCuts.find(({ age }) => dwelling.age >= age)?.percent ?? 0
  return toBani(value * (buildingRates[use] / 1_000) * (1 - cut / 100))
}

/** Lei as bani; corrects binary fractions just below a product such as 193.005. */
export function toBani(lei: number): Bani {
  return Math.round(Number((lei * 100).toFixed(6)))
}
