/** The epochs of the phones' secrets. A new epoch makes the secrets of the earlier ones worthless. */
import { sql } from 'kysely'
import type { AgentId } from '../core/ids.ts'
import type { Device } from '../core/offer.ts'
import type { PhoneEpochs } from '../core/queue.ts'
import type { Database } from '../ledger/database.ts'

/** Of an account whose secrets have never been replaced. */
export const firstEpochs: PhoneEpochs = { web: 0, desk: 0 }

export async function phoneEpochsOf(db: Database, account: AgentId): Promise<PhoneEpochs> {
  const row = await db
    .selectFrom('phone_epochs')
    .select(['web', 'desk'])
    .where('account', '=', account)
    .executeTakeFirst()
  return row ?? firstEpochs
}

/**
 * From now on the phone gets another secret. The owner's Asterisk forgets the old one within seconds; it loads the
 * changes of a shift that ends together (`asterisk/config/spaced-reloads.ts`).
 */
export async function newPhoneSecret(db: Database, account: AgentId, device: Device): Promise<void> {
  const first = { account, ...firstEpochs, [device]: 1 }
  await db
    .insertInto('phone_epochs')
    .values(first)
    .onConflict((conflict) =>
      conflict
        .column('account')
        .doUpdateSet(
          device === 'web'
            ? (eb) => ({ web: eb('phone_epochs.web', '+', 1) })
            : (eb) => ({ desk: eb('phone_epochs.desk', '+', 1) }),
        ),
    )
    .execute()
  await tellDirectory(db)
}

/** Every node reads the directory now. */
export async function tellDirectory(db: Database): Promise<void> {
  await sql`select pg_notify('directory', 'phone_epochs')`.execute(db)
}
