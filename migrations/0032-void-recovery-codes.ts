/** A recovery code that a reset made void is told apart from one that somebody used, of which the owner is told. */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table recovery_code_uses add column void boolean check (void)`.execute(db)
  await sql`
    do $$ begin
      execute format('grant insert (void) on recovery_code_uses to %I', login_named('app'));
    end $$`.execute(db)
}
