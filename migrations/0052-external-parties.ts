/**
 * Parties outside the contact centre in a call: `calls.others` has them with the role `external`, a contact and its name in
 * place of an agent; `call_legs` shows both. Either side may end a call between a caller and such a party.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table calls
      drop constraint calls_ended_by_check,
      add constraint calls_ended_by_check
        check (ended_by in ('caller', 'agent', 'supervisor', 'external', 'system'))`.execute(db)
  await sql`
    create or replace view call_legs as
    select c.id as call, leg ->> 'id' as leg, leg ->> 'agent' as agent, leg ->> 'device' as device,
           to_timestamp((leg ->> 'from')::float8 / 1000) as joined_at,
           to_timestamp((leg ->> 'until')::float8 / 1000) as left_at,
           coalesce(leg ->> 'role', 'agent') as role,
           leg ->> 'contact' as contact, leg ->> 'name' as contact_name
    from calls c
    cross join lateral jsonb_array_elements(coalesce(c.legs, '[]') || coalesce(c.others, '[]')) leg
    union all
    select id, null, agent, null, answered_at, ended_at, 'agent', null, null
    from calls where legs is null and agent is not null and answered_at is not null
    union all
    select c.id, leg ->> 'id', leg ->> 'agent', leg ->> 'device',
           to_timestamp((leg ->> 'from')::float8 / 1000),
           to_timestamp((leg ->> 'until')::float8 / 1000),
           coalesce(leg ->> 'role', 'agent'),
           leg ->> 'contact', leg ->> 'name'
    from call_rows c
    cross join lateral jsonb_array_elements(coalesce(c.legs, '[]') || coalesce(c.others, '[]')) leg
    where not c.over`.execute(db)
}
