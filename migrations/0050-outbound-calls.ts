/**
 * Calls to citizens. `direction` is null for those that came in, so that older rows keep their entries in the journal. Like
 * `queued_at` in `calls`, that of an outbound call in progress is null: it counts in no figure of the callers.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls add column direction text check (direction = 'outbound')`.execute(db)
  await sql`
    alter table calls
      drop constraint calls_outcome_check,
      add constraint calls_outcome_check check (outcome in
        ('answered', 'abandoned', 'closed', 'voicemail', 'callback', 'rejected', 'failed',
         'no answer', 'busy', 'unreachable', 'cancelled'))`.execute(db)
  await sql`
    create or replace view call_rows as
    select id, pbx, line, queue, arrived_at, queued_at, offered_at, answered_at, ended_at,
           wait_ms, talk_ms, held_ms, agent, outcome, ended_by, source, true as over, legs, others,
           direction
    from calls
    union all
    select first.call, last.after ->> 'pbx', last.after ->> 'line',
           case when last.queued is not null then last.after ->> 'queue' end,
           to_timestamp((last.after ->> 'arrivedAt')::float8 / 1000),
           to_timestamp(last.queued / 1000),
           to_timestamp((last.after ->> 'offeredAt')::float8 / 1000),
           to_timestamp((last.after ->> 'answeredAt')::float8 / 1000),
           null,
           round((last.after ->> 'answeredAt')::float8 - last.queued)::bigint,
           null,
           round((last.after ->> 'heldMs')::float8)::bigint,
           coalesce(last.after -> 'offer' ->> 'agent', last.after ->> 'lastAgent'),
           null, null, 'line', false, last.after -> 'legs', last.after -> 'others', last.direction
    from call_events first
    cross join lateral (
      select after, nullif(after ->> 'direction', 'inbound') as direction,
             case when after ->> 'direction' is distinct from 'outbound'
                  then (after ->> 'queuedAt')::float8 end as queued
      from call_events e where e.call = first.call order by seq desc limit 1
    ) last
    -- No call lasts half a day: older ones without an end were lost.
    where first.seq = 1 and first.at > now() - interval '12 hours'
      -- Looked up call by call: as "not exists" it would be answered by reading all calls.
      and (select true from calls c where c.id = first.call) is null`.execute(db)
  await sql`
    do $$ begin
      execute format('grant insert (direction) on calls to %I', login_named('app'));
    end $$`.execute(db)
}
