/** For tests that count the journal's entries, or check its whole content. */
import { sql } from 'kysely'
import { openTestDatabase } from '../postgres.ts'

/** Every new database contains the agreement's first text. Without it the journal has only the test's own entries. */
export async function removeAgreementTexts({ adminUrl }: { readonly adminUrl: string }): Promise<void> {
  const admin = openTestDatabase(adminUrl)
  await sql`alter table agreement_versions disable trigger all`.execute(admin)
  await sql`delete from agreement_versions`.execute(admin)
  await sql`alter table agreement_versions enable trigger all`.execute(admin)
  await admin.destroy()
}
