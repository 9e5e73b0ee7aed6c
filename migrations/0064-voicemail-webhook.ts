/**
 * A message that a caller has left is listed for the receivers of webhooks (migrations/0046), in the transaction that makes it a task. A silent one is no task.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function publish_voicemails() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as $$
    begin
      -- Comes after the call's recording.
      insert into public.webhook_unsent (receiver, call, place, what)
      select r.id, a.call, 1000000002, 'voicemail' from added a cross join public.webhook_receivers r
      where a.sound <> 'silence'
      on conflict (receiver, call, place) do nothing;
      if found then
        perform pg_notify('webhooks', '');
      end if;
      return null;
    end $$`.execute(db)
  await sql`
    create trigger b_publish after insert on voicemails
    referencing new table as added
    for each statement execute function publish_voicemails()`.execute(db)
}
