/**
 * Everybody else who was in a call: colleagues who were consulted, and supervisors. They are part of a finished call's row, and so of
 * its entry in the journal; null, which adds nothing to the entry: nobody, or a row from before. `call_legs` has everybody, with the
 * role; legs from before there were roles are agents'.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls add column others jsonb check (jsonb_typeof(others) = 'array')`.execute(db)
  // For the calls in which an agent was consulted.
  await sql`create index calls_others on calls using gin (others jsonb_path_ops) where others is not null`.execute(
    db,
  )
  await sql`
    create or replace view call_rows as
    select id, pbx, line, queue, arrived_at, queued_at, offered_at, answered_at, ended_at,
           wait_ms, talk_ms, held_ms, agent, outcome, ended_by, source, true as over, legs, others
    from calls
    union all
    select first.call, last.after ->> 'pbx', last.after ->> 'line',
           case when last.after -> 'queuedAt' <> 'null' then last.after ->> 'queue' end,
           to_timestamp((last.after ->> 'arrivedAt')::float8 / 1000),
           to_timestamp((last.after ->> 'queuedAt')::float8 / 1000),
           to_timestamp((last.after ->> 'offeredAt')::float8 / 1000),
           to_timestamp((last.after ->> 'answeredAt')::float8 / 1000),
           null,
           round((last.after ->> 'answeredAt')::float8 - (last.after ->> 'queuedAt')::float8)::bigint,
           null,
           round((last.after ->> 'heldMs')::float8)::bigint,
           coalesce(last.after -> 'offer' ->> 'agent', last.after ->> 'lastAgent'),
           null, null, 'line', false, last.after -> 'legs', last.after -> 'others'
    from call_events first
    cross join lateral (
      select after from call_events e where e.call = first.call order by seq desc limit 1
    ) last
    -- No call lasts half a day: older ones without an end were lost.
    where first.seq = 1 and first.at > now() - interval '12 hours'
      -- Looked up call by call: as "not exists" it would be answered by reading all calls.
      and (select true from calls c where c.id = first.call) is null`.execute(db)
  await sql`
    create or replace view call_legs as
    select c.id as call, leg ->> 'id' as leg, leg ->> 'agent' as agent, leg ->> 'device' as device,
           to_timestamp((leg ->> 'from')::float8 / 1000) as joined_at,
           to_timestamp((leg ->> 'until')::float8 / 1000) as left_at,
           coalesce(leg ->> 'role', 'agent') as role
    from calls c
    cross join lateral jsonb_array_elements(coalesce(c.legs, '[]') || coalesce(c.others, '[]')) leg
    union all
    select id, null, agent, null, answered_at, ended_at, 'agent'
    from calls where legs is null and agent is not null and answered_at is not null
    union all
    select c.id, leg ->> 'id', leg ->> 'agent', leg ->> 'device',
           to_timestamp((leg ->> 'from')::float8 / 1000),
           to_timestamp((leg ->> 'until')::float8 / 1000),
           coalesce(leg ->> 'role', 'agent')
    from call_rows c
    cross join lateral jsonb_array_elements(coalesce(c.legs, '[]') || coalesce(c.others, '[]')) leg
    where not c.over`.execute(db)
  await sql`
    do $$ begin
      execute format('grant insert (others) on calls to %I', login_named('app'));
    end $$`.execute(db)
}
