/** Retention ends what a request says when it has been closed long enough: its login sees which ones are closed. */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$ begin
      execute format('grant select on current_requests to %I', login_named('retention'));
    end $$`.execute(db)
}
