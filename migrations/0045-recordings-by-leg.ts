/**
 * A call's recording is its segments, one for each agent's leg. Rows from before name no leg and hold the whole call; their
 * entries in the journal keep their names, because a leg that is null adds nothing to them.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // `agent`: whose leg it is; null, with `leg`, in older rows: the agent of the call.
  await sql`alter table recordings add column leg text, add column agent text`.execute(db)
  await sql`alter table recording_losses add column leg text`.execute(db)
  for (const table of ['recordings', 'recording_losses']) {
    await sql`alter table ${sql.table(table)} drop constraint ${sql.ref(`${table}_pkey`)}`.execute(db)
    await sql`
      alter table ${sql.table(table)} add constraint ${sql.ref(`${table}_call_leg`)}
      unique nulls not distinct (call, leg)`.execute(db)
    await sql`update journalled_registers set key = 'concat_ws('' '', call, leg)' where register = ${table}`.execute(
      db,
    )
  }
  await sql`
    do $$ begin
      execute format('grant insert (leg, agent) on recordings to %I', login_named('app'));
      execute format('grant insert (leg) on recording_losses to %I', login_named('app'));
    end $$`.execute(db)
}
