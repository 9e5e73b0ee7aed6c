/** Resolves a handle to the match that was found in the same call. */
import type { TaxpayerId } from '../../city/taxes/account.ts'
import type { CallId } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import { searchById } from '../../ledger/identity/checks.ts'
import { Refused } from '../shell/problem.ts'

export interface Match {
  readonly handle: string
  readonly call: CallId
  readonly person: string
  readonly taxpayer: TaxpayerId
}

/** A handle of another call or of a search without a match is refused like an unknown one. @throws {Refused} */
export async function matchIn(db: Database, call: CallId, handle: string): Promise<Match> {
  const search = await searchById(db, handle)
  if (search === null || search.call !== call || search.taxpayer === null) throw new Refused('no-such-match')
  return { handle, call, person: search.person, taxpayer: search.taxpayer }
}
