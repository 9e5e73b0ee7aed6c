/**
 * Access to the city's data about citizens, for every route that declares `cityData`: the account must have signed
 * the present version of the confidentiality agreement. An administrator manages accounts and never has access.
 */
import { hasSigned } from '../../ledger/agreement/agreements.ts'
import type { Database } from '../../ledger/database.ts'
import type { Account } from '../../people/accounts.ts'
import { Refused } from '../shell/problem.ts'

/** Without a signature that can be verified now there is no access. @throws {Refused} */
export async function refuseUnsigned(db: Database, account: Account): Promise<void> {
  if (account.roles.includes('administrator')) throw new Refused('forbidden')
  if (!(await hasSigned(db, account.id))) throw new Refused('agreement-unsigned')
}
