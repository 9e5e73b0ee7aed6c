/** Findings of `linia doctor` about webhooks. The server's `linia_webhooks_late` has the same. */
import type { Settings } from '../../config.ts'
import { unsentCounts } from '../../ledger/webhooks/unsent.ts'
import { withDatabase } from './running-database.ts'

/** Sentences; empty when nothing is wrong. The system runs. */
export async function wrongAtWebhooks(settings: Settings, now = Date.now()): Promise<readonly string[]> {
  const wrong: string[] = []
  await withDatabase(settings, async (db) => {
    const { unsent, late, oldestAt } = await unsentCounts(db, now)
    if (late === 0 || oldestAt === null) return
    // The path of an address can be a secret of its own.
    const where = settings.webhook === null ? 'WEBHOOK_URL' : new URL(settings.webhook.url).origin
    wrong.push(
      `${unsent} webhooks have not been taken, the oldest since ${new Date(oldestAt).toISOString()}: is ${where} answering?`,
    )
  })
  return wrong
}
