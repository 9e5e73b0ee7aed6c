/**
 * Lists of calls answer in milliseconds however many calls there are: an index for each thing that is asked
 * for, in the order in which calls are listed, and a view of which either half can be asked alone.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index calls_agent on calls (agent, arrived_at desc, id desc)`.execute(db)
  await sql`create index calls_outcome on calls (outcome, arrived_at desc, id desc)`.execute(db)
  await sql`
    create or replace view call_rows as
    select id, pbx, line, queue, arrived_at, queued_at, offered_at, answered_at, ended_at,
           wait_ms, talk_ms, held_ms, agent, outcome, ended_by, source, true as over
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
           null, null, 'line', false
    from call_events first
    cross join lateral (
      select after from call_events e where e.call = first.call order by seq desc limit 1
    ) last
    -- No call lasts half a day: older ones without an end are what the line has lost.
    where first.seq = 1 and first.at > now() - interval '12 hours'
      -- Looked up call by call: as "not exists" it would be worked out by reading all calls there ever were.
      and (select true from calls c where c.id = first.call) is null`.execute(db)
}
