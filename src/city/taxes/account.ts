/**
 * A taxpayer's account from the fiscal database (docs/rules/taxes.md). The fiscal database is
 * an external system: it is read, never written, and its figures are shown with the day of its "situația la …".
 * Money is in bani (1/100 lei), as integers.
 */
import type { Day } from '../day.ts'

declare const brand: unique symbol
/** A taxpayer's opaque handle in the fiscal database; it reveals nothing about the person. */
export type TaxpayerId = string & { readonly [brand]: 'TaxpayerId' }
export const TaxpayerId = (text: string): TaxpayerId => text as TaxpayerId

export type Bani = number

export const objectKinds = [
  'building',
  'land',
  'vehicle',
  'concession',
  'fine',
  'permit-fee',
  'other',
] as const
export type ObjectKind = (typeof objectKinds)[number]

export interface Share {
  readonly numerator: number
  readonly denominator: number
}

export interface CoOwner {
  readonly name: string
  readonly share: Share
}

export interface Reduction {
  /** In the fiscal database's words: "persoană cu handicap grav". */
  readonly ground: string
  readonly percent: number
  readonly from: Day
  /** Null while it has no end. */
  readonly to: Day | null
}

/** A taxed object. Its characteristics depend on its kind and carry the database's labels. */
export interface TaxObject {
  readonly id: string
  readonly kind: ObjectKind
  /** "Apartament", "Teren intravilan", "Autoturism". */
  readonly type: string
  /** Address, or plate of a vehicle, or number of a fine. */
  readonly place: string
  readonly characteristics: readonly { readonly name: string; readonly value: string }[]
  /** A, B, C, D; null where zones do not apply. */
  readonly zone: string | null
  readonly acquired: Day | null
  /** Useful m² of a building; null where not applicable or unknown. */
  readonly usefulArea: number | null
  /** The caller's own share. */
  readonly share: Share
  readonly coOwners: readonly CoOwner[]
  readonly reductions: readonly Reduction[]
}

export interface Instalment {
  readonly due: Day
  readonly amount: Bani
  readonly paid: Bani
}

/** The debt for one object in one year, the taxpayer's own share only. */
export interface YearlyDebt {
  readonly object: string
  readonly year: number
  readonly tax: Bani
  /** Bonificație: the council's discount for the whole year paid by the first term; 0 when there is none. */
  readonly bonus: Bani
  /** Their amounts make `tax − bonus`. */
  readonly instalments: readonly Instalment[]
  readonly paid: Bani
  readonly balance: Bani
  /** "Majorări de întârziere", up to the account's `asOf`. */
  readonly lateCharges: Bani
  /** "Penalități": a separate figure, not part of `lateCharges`. */
  readonly penalties: Bani
}

export interface Payment {
  readonly object: string
  readonly day: Day
  /** Of the tax itself. */
  readonly amount: Bani
  /** Late charges paid with it. */
  readonly charges: Bani
  /** "ghișeu", "ghiseul.ro", "transfer bancar". */
  readonly channel: string
  readonly receipt: string
  /** The year whose debt it paid. */
  readonly year: number
}

export const taxpayerKinds = ['person', 'company'] as const
export type TaxpayerKind = (typeof taxpayerKinds)[number]

export interface TaxAccount {
  readonly taxpayer: TaxpayerId
  readonly kind: TaxpayerKind
  readonly name: string
  /** "1******1233": never the whole identifier. */
  readonly maskedIdentifier: string
  /** "Rol fiscal". */
  readonly roleNumber: string
  /** Fiscal domicile. */
  readonly address: string
  /** The day of death in the database; null for the living and for companies. */
  readonly deceased: Day | null
  /** The day of the figures: "situația la …". */
  readonly asOf: Day
  readonly objects: readonly TaxObject[]
  /** The current year and the five before it. */
  readonly debts: readonly YearlyDebt[]
  readonly payments: readonly Payment[]
}

/** The parts of an account beside its head, each queried only when needed. */
export const accountParts = ['objects', 'debts', 'payments'] as const
export type AccountPart = (typeof accountParts)[number]
export type AccountWith<Part extends AccountPart> = Omit<TaxAccount, AccountPart> & Pick<TaxAccount, Part>

/** The head and these parts only. */
export function accountWith<Part extends AccountPart>(
  account: TaxAccount,
  parts: readonly Part[],
): AccountWith<Part> {
  const { objects, debts, payments, ...head } = account
  const all = { objects, debts, payments }
  const picked = Object.fromEntries(parts.map((part) => [part, all[part]])) as Pick<TaxAccount, Part>
  return { ...head, ...picked }
}
