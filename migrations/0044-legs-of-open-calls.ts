/**
 * The agents who have talked in a call that goes on: a call that was handed on is theirs from that moment, not from its
 * end. `call_rows` has the legs of each call, `call_legs` those of calls in progress too; `left_at` is null while one is up.
 * States of an older release have none.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace view call_rows as
    select id, pbx, line, queue, arrived_at, queued_at, offered_at, answered_at, ended_at,
           wait_ms, talk_ms, held_ms, agent, outcome, ended_by, source, true as over, legs
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
           null, null, 'line', false, last.after -> 'legs'
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
           to_timestamp((leg ->> 'until')::float8 / 1000) as left_at
    from calls c cross join lateral jsonb_array_elements(c.legs) leg
    union all
    select id, null, agent, null, answered_at, ended_at
    from calls where legs is null and agent is not null and answered_at is not null
    union all
    select c.id, leg ->> 'id', leg ->> 'agent', leg ->> 'device',
           to_timestamp((leg ->> 'from')::float8 / 1000),
           to_timestamp((leg ->> 'until')::float8 / 1000)
    from call_rows c cross join lateral jsonb_array_elements(c.legs) leg
    where not c.over`.execute(db)
}
