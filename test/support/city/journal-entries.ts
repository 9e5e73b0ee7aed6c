/** For tests that count the journal's entries, or check its whole content. */
import { sql } from 'kysely'
import { openDatabase } from '../../../src/ledger/database.ts'

/**
 * Every new database contains the agreement's first text. Excluding that register from the journal leaves only the
 * test's own entries.
 */
export async function excludeAgreementTexts({ adminUrl }: { readonly adminUrl: string }): Promise<void> {
  const admin = openDatabase({ url: adminUrl, connectionsMax: 1 })
  await sql`alter table journalled_registers disable trigger all`.execute(admin)
  await sql`delete from journalled_registers where register = 'agreement_versions'`.execute(admin)
  await sql`alter table journalled_registers enable trigger all`.execute(admin)
  await admin.destroy()
}
