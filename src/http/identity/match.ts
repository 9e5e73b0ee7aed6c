/** What a handle stands for: a match that was found in this very call. */
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

/** A handle of another call, of a search that found nobody, or of none is the same: there is no such match. */
export async function matchIn(db: Database, call: CallId, handle: string): Promise<Match> {
  const search = await searchById(db, handle)
  if (search === null || search.call !== call || search.taxpayer === null) throw new Refused('no-such-match')
  return { handle, call, person: search.person, taxpayer: search.taxpayer }
}
