/** For tests that count the journal's entries. */
import { sql } from 'kysely'
import { openDatabase } from '../../../src/ledger/database.ts'

/** The agreement's first text stands in every new database; here it becomes no entry, so that all are the test's own. */
export async function excludeAgreementTexts({ adminUrl }: { readonly adminUrl: string }): Promise<void> {
  const admin = openDatabase({ url: adminUrl, connectionsMax: 1 })
  await sql`alter table journalled_registers disable trigger all`.execute(admin)
  await sql`delete from journalled_registers where register = 'agreement_versions'`.execute(admin)
  await sql`alter table journalled_registers enable trigger all`.execute(admin)
  await admin.destroy()
}
