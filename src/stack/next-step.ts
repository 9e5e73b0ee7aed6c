/** Where an installation without a demo goes on from its first start (docs/guides/install.md). */
import { withDatabaseAt } from '../ledger/database.ts'

/** Lines to print; none once there is an account, be it a closed one. */
export async function nextStep(databaseUrl: string): Promise<readonly string[]> {
  const account = await withDatabaseAt({ url: databaseUrl }, (db) =>
    db.selectFrom('accounts').select('id').limit(1).executeTakeFirst(),
  )
  if (account !== undefined) return []
  return [
    'There is no account yet. Next, in another terminal, make the first administrator:',
    '  src/stack/linia user add <username> "<name>" administrator',
    '  It prints a code, with which the administrator chooses a password on the page below (Am un cod de activare).',
  ]
}
