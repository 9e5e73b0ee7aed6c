/** Remarks on entries of the journal: entries themselves, which cite the one that they are about. */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index journal_entries_remarks on journal_entries (about, index) where what = 'remark'`.execute(
    db,
  )
  await sql`
    create view journal_remarks as
    select index, recorded_at as at, account, about as entry, entry::jsonb ->> 'text' as text
    from journal_entries where what = 'remark'`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select on journal_remarks to %I', login_named('app'));
    end $$`.execute(db)
}
