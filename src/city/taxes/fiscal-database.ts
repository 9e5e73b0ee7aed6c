/**
 * Port to the fiscal database, an external system that is consulted and never written (docs/rules/announcement.md: "accesul permite doar
 * consultarea datelor"). It can be unavailable or slow, so every query is bounded and "unreachable" is a regular
 * outcome.
 */
import type { Answers, ConnectionCause } from '../connections/connection.ts'
import type { AccountPart, AccountWith, TaxpayerId } from './account.ts'
import type { Identifier } from './identifier.ts'

/** Details that the caller must state before any look-up. */
export interface Search {
  readonly name: string
  readonly address: string
  /** Whole, with the right check digit. */
  readonly identifier: Identifier
}

export type Found =
  | { readonly outcome: 'match'; readonly taxpayer: TaxpayerId }
  /** No taxpayer has this identifier, or name and address differ; the two cases are not distinguished. */
  | { readonly outcome: 'no match' }
  | Unreachable

export type AccountAnswer<Part extends AccountPart> =
  | { readonly outcome: 'account'; readonly account: AccountWith<Part> }
  /** The handle belongs to no taxpayer (any more). */
  | { readonly outcome: 'unknown' }
  | Unreachable

/** Unavailable, too slow, access denied, or an answer of the wrong shape; the reason is in the log. */
export interface Unreachable {
  readonly outcome: 'unreachable'
}

/** The answer to a question that is about nobody. */
export type FiscalTest =
  /** `readOnly`: whether the login can write nothing; null: such a system cannot tell. */
  | { readonly outcome: 'works'; readonly readOnly: boolean | null }
  | { readonly outcome: 'fails'; readonly cause: ConnectionCause }

export interface FiscalDatabase {
  /** One taxpayer by all three values, or none. There is no list. Name and address as people say them. */
  find(search: Search): Promise<Found>
  /** The requested parts of the account as of now; the other parts are not read. */
  account<Part extends AccountPart>(
    taxpayer: TaxpayerId,
    parts: readonly Part[],
  ): Promise<AccountAnswer<Part>>
  /** Asks for the account of a handle that nobody has, and for the rights of the login. Resolves within ten seconds. */
  test(): Promise<FiscalTest>
  /** How its queries were answered since the start of this process. */
  readonly heard: Answers
}
