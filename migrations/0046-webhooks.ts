/**
 * Rows of the record of which a receiver of webhooks has not been told. The triggers list a row of the record in the transaction that adds it, so
 * that no event is on record and not on the list; the row is deleted after its delivery. Without a receiver nothing is listed.
 *
 * The triggers must raise no error of the classes 22 and 23, for which the ledger's writer sets an event aside: hence no
 * foreign key and no check on `webhook_unsent`.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table webhook_receivers (
      id text primary key,
      -- Of the events of calls: the types that can lead to a message.
      event_types text[] not null
    )`.execute(db)
  await sql`
    create table webhook_unsent (
      id bigint generated always as identity primary key,
      receiver text not null,
      call text not null,
      -- Orders the messages of a call: an event's number, then the end, then the recording.
      place bigint not null,
      -- 'event', 'end' or 'recording'
      what text not null,
      tries integer not null default 0,
      next_at timestamptz not null default clock_timestamp(),
      recorded_at timestamptz not null default clock_timestamp(),
      unique (receiver, call, place)
    )`.execute(db)
  await sql`create index webhook_unsent_next on webhook_unsent (receiver, next_at)`.execute(db)
  await lists(db, 'call_events', sql`a.call, a.seq, 'event'`, sql`a.type = any (r.event_types)`)
  await lists(db, 'calls', sql`a.id, 1000000000, 'end'`, sql`true`)
  // The segments of a call are added together.
  await lists(db, 'recordings', sql`a.call, 1000000001, 'recording'`, sql`true`)
  await sql`
    do $$ begin
      execute format('grant select, insert, update, delete on webhook_receivers, webhook_unsent to %I', login_named('app'));
    end $$`.execute(db)
}

/** A new row of the register that meets the condition is listed for each receiver `r`. */
async function lists(
  db: Kysely<unknown>,
  register: string,
  row: ReturnType<typeof sql>,
  condition: ReturnType<typeof sql>,
): Promise<void> {
  const publish = sql.id(`publish_${register}`)
  await sql`
    create function ${publish}() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as $$
    begin
      insert into public.webhook_unsent (receiver, call, place, what)
      select r.id, ${row} from added a join public.webhook_receivers r on ${condition}
      on conflict (receiver, call, place) do nothing;
      if found then
        perform pg_notify('webhooks', '');
      end if;
      return null;
    end $$`.execute(db)
  await sql`
    create trigger b_publish after insert on ${sql.table(register)}
    referencing new table as added
    for each statement execute function ${publish}()`.execute(db)
}
