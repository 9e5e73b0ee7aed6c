/**
 * Who may see what the city knows of citizens, for every route that says `cityData`: whoever has signed the
 * confidentiality agreement as it stands now. An administrator hands out accounts and sees none of it.
 */
import { hasSigned } from '../../ledger/agreement/agreements.ts'
import type { Database } from '../../ledger/database.ts'
import type { Account } from '../../people/accounts.ts'
import { Refused } from '../shell/problem.ts'

/** @throws {Refused} also while it cannot be known: no signature, no city data. */
export async function refuseUnsigned(db: Database, account: Account): Promise<void> {
  if (account.roles.includes('administrator')) throw new Refused('forbidden')
  if (!(await hasSigned(db, account.id))) throw new Refused('agreement-unsigned')
}
