/** A queue's name on English screens. Null: its Romanian name is shown. */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table queues add column name_en text check (name_en <> '')`.execute(db)
  await sql`
    update queues set name_en = 'General information'
    where id = 'general' and name = 'Informații generale'`.execute(db)
}
