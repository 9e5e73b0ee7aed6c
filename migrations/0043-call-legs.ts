/**
 * The agents who have talked with the caller: the legs of a finished call are part of its row, and so of its entry in the journal. Rows
 * from before, and those that Asterisk's record has completed, name the last agent alone.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls add column legs jsonb check (jsonb_typeof(legs) = 'array')`.execute(db)
  // For the calls that an agent has had and did not end: few, and found without reading all others.
  await sql`
    create index calls_handed_on on calls using gin (legs jsonb_path_ops)
    where jsonb_array_length(legs) > 1`.execute(db)
  await sql`
    create view call_legs as
    select c.id as call, leg ->> 'id' as leg, leg ->> 'agent' as agent, leg ->> 'device' as device,
           to_timestamp((leg ->> 'from')::float8 / 1000) as joined_at,
           to_timestamp((leg ->> 'until')::float8 / 1000) as left_at
    from calls c cross join lateral jsonb_array_elements(c.legs) leg
    union all
    select id, null, agent, null, answered_at, ended_at
    from calls where legs is null and agent is not null and answered_at is not null`.execute(db)
  await sql`
    do $$ begin
      execute format('grant insert (legs) on calls to %I', login_named('app'));
      execute format('grant select on call_legs to %I', login_named('app'));
    end $$`.execute(db)
}
