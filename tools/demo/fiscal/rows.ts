/** Rows of the demo's fiscal database as generated; `schema.ts` has the tables. */
import type { Day } from '../../../src/city/day.ts'
import type {
  Bani,
  Instalment,
  ObjectKind,
  Reduction,
  Share,
  TaxpayerKind,
} from '../../../src/city/taxes/account.ts'
import type { Zone } from './building-tax.ts'
import type { EuroClass } from './vehicle-tax.ts'

export interface Taxpayer {
  readonly id: number
  readonly kind: TaxpayerKind
  /** CNP or CUI, digits only. */
  readonly identifier: string
  readonly name: string
  readonly roleNumber: string
  readonly address: string
  readonly deceased: Day | null
  readonly habit: Habit
}

/** How a taxpayer pays. */
export type Habit =
  /** Pays the whole year before the first term, for the bonus. */
  | 'early'
  | 'punctual'
  | 'late'
  /** A year or two in arrears. */
  | 'behind'
  | 'never'

export interface Ownership {
  readonly taxpayer: number
  readonly share: Share
  /** Reduction of this owner's part only. */
  readonly reductions: readonly Reduction[]
}

/** Basis of an object's tax. */
export type Basis =
  | {
      readonly of: 'building'
      readonly use: 'dwelling' | 'business'
      readonly area: number
      readonly zone: Zone
      readonly inLargeBlock: boolean
      readonly built: number
    }
  | { readonly of: 'land'; readonly area: number; readonly zone: Zone }
  | { readonly of: 'vehicle'; readonly capacity: number; readonly euro: EuroClass }
  /** The same amount each year. */
  | { readonly of: 'yearly'; readonly amount: Bani }
  /** Due once. */
  | { readonly of: 'once'; readonly amount: Bani; readonly due: Day }

export interface Possession {
  readonly id: number
  readonly kind: ObjectKind
  readonly type: string
  readonly place: string
  readonly zone: Zone | null
  readonly acquired: Day
  readonly usefulArea: number | null
  readonly characteristics: readonly { readonly name: string; readonly value: string }[]
  readonly basis: Basis
  /** The shares sum to one. */
  readonly owners: readonly Ownership[]
}

export interface Debt {
  readonly taxpayer: number
  readonly object: number
  readonly year: number
  readonly tax: Bani
  readonly bonus: Bani
  readonly instalments: readonly Instalment[]
  readonly lateCharges: Bani
  readonly penalties: Bani
}

export interface PaymentRow {
  readonly taxpayer: number
  readonly object: number
  readonly year: number
  readonly day: Day
  readonly amount: Bani
  readonly charges: Bani
  readonly channel: string
  readonly receipt: string
}

/** A household or firm with all its possessions, which have no other owners. */
export interface Household {
  readonly taxpayers: readonly Taxpayer[]
  readonly possessions: readonly Possession[]
}
