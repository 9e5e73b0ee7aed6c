/** Findings of `linia doctor` about webhooks. The server's `linia_webhooks_late` has the same. */
import type { Settings } from '../../config.ts'
import { settingsReceiver } from '../../city/webhooks/receiver-limits.ts'
import { openReceivers } from '../../ledger/webhooks/receivers.ts'
import { unsentByReceiver } from '../../ledger/webhooks/unsent.ts'
import { withDatabase } from './running-database.ts'

/** A sentence for each receiver that is late; empty when nothing is wrong. The system runs. */
export async function wrongAtWebhooks(settings: Settings, now = Date.now()): Promise<readonly string[]> {
  const wrong: string[] = []
  await withDatabase(settings, async (db) => {
    const open = await openReceivers(db)
    for (const [receiver, { unsent, late, oldestAt }] of await unsentByReceiver(db, now)) {
      if (late === 0 || oldestAt === null) continue
      const known = open.find(({ id }) => id === receiver)
      const url = receiver === settingsReceiver ? settings.webhook?.url : known?.url
      // The path of an address can be a secret of its own.
      const where = url === undefined ? 'WEBHOOK_URL' : new URL(url).origin
      const named = known === undefined ? where : `${known.name} (${where})`
      wrong.push(
        `${unsent} webhooks have not been taken, the oldest since ${new Date(oldestAt).toISOString()}: is ${named} answering?`,
      )
    }
  })
  return wrong
}
