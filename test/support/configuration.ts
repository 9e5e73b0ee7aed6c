/** Changes of the line's configuration by a test. */
import type { Configuration } from '../../src/core/configuration/schema.ts'
import { newestConfiguration, publishConfiguration } from '../../src/ledger/configuration/versions.ts'
import type { Database } from '../../src/ledger/database.ts'

/** Publishes the newest version with a change, and returns the new one's id. */
export async function changeConfiguration(
  db: Database,
  change: (document: Configuration) => Configuration,
): Promise<number> {
  const { id: basedOn, document } = await newestConfiguration(db)
  const published = await publishConfiguration(db, {
    document: change(document),
    basedOn,
    reason: 'a test',
    by: null,
  })
  if (!published.ok) throw new Error(JSON.stringify(published))
  return published.id
}
