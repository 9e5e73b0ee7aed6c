/** The tax on a passenger car: started 200 cm³ × lei by capacity and, from 2026, by Euro class (Codul fiscal, art. 470). */
import type { Bani } from '../../../src/city/taxes/account.ts'
import { toBani } from './building-tax.ts'
import { ruleOn, type Period } from './period.ts'

export type EuroClass = 'Euro 0-3' | 'Euro 4' | 'Euro 5' | 'Euro 6'

export interface Car {
  readonly capacity: number
  readonly euro: EuroClass
}

/** Up to this capacity in cm³: lei for each started 200. */
interface Step {
  readonly upTo: number
  readonly lei: Readonly<Record<EuroClass, number>>
}

const alike = (upTo: number, lei: number): Step => ({
  upTo,
  lei: { 'Euro 0-3': lei, 'Euro 4': lei, 'Euro 5': lei, 'Euro 6': lei },
})
const byClass = (upTo: number, lei: readonly [number, number, number, number]): Step => ({
  upTo,
  lei: { 'Euro 0-3': lei[0], 'Euro 4': lei[1], 'Euro 5': lei[2], 'Euro 6': lei[3] },
})

/** The law's figures, without the councils' additions [U]. */
const steps: readonly Period<readonly Step[]>[] = [
  {
    from: '2016-01-01',
    rule: [alike(1_600, 8), alike(2_000, 18), alike(2_600, 72), alike(3_000, 144), alike(Infinity, 290)],
  },
  {
    from: '2026-01-01',
    rule: [
      byClass(1_600, [19.5, 18.8, 17.6, 16.5]),
      byClass(2_000, [29.7, 28.5, 26.7, 25.1]),
      byClass(2_600, [92.2, 88.6, 82.8, 77.8]),
      byClass(3_000, [182.9, 172.8, 154.1, 151.2]),
      byClass(Infinity, [319, 300, 286, 277.8]),
    ],
  },
]

/** Yearly tax of the whole vehicle. */
export function vehicleTax({ capacity, euro }: Car, year: number): Bani {
  const found = ruleOn(steps, `${year}-01-01`).find(({ upTo }) => capacity <= upTo)
  return toBani(Math.ceil(capacity / 200) * (found?.lei[euro] ?? 0))
}
