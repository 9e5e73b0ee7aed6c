/**
 * What the city needs from the fiscal database: another system's, consulted and never written (seed-ro.md: "accesul
 * permite doar consultarea datelor"). It can be away or slow, so every question is bounded and "unreachable" is an
 * outcome like any other.
 */
import type { AccountPart, AccountWith, TaxpayerId } from './account.ts'
import type { Identifier } from './identifier.ts'

/** Everything that a caller has to know before anything is looked up. */
export interface Search {
  readonly name: string
  readonly address: string
  /** Whole, with the right check digit. */
  readonly identifier: Identifier
}

export type Found =
  | { readonly outcome: 'match'; readonly taxpayer: TaxpayerId }
  /** Nobody has this number, or somebody else has it than is said: which of them, nobody is told. */
  | { readonly outcome: 'no match' }
  | Unreachable

export type AccountAnswer<Part extends AccountPart> =
  | { readonly outcome: 'account'; readonly account: AccountWith<Part> }
  /** The handle is nobody's (any more). */
  | { readonly outcome: 'unknown' }
  | Unreachable

/** Away, too slow, refusing us, or answering what cannot be understood; the reason is the log's. */
export interface Unreachable {
  readonly outcome: 'unreachable'
}

export interface FiscalDatabase {
  /** One taxpayer by all three, or nobody: there is no list and no browsing. Name and address as people say them. */
  find(search: Search): Promise<Found>
  /** These parts of the account, as they stand in the fiscal database now; the others do not leave it. */
  account<Part extends AccountPart>(
    taxpayer: TaxpayerId,
    parts: readonly Part[],
  ): Promise<AccountAnswer<Part>>
}
