/**
 * The sweep after PostgreSQL's clock was set back: what is recorded before the moment up to which it had been swept
 * gets its entry all the same.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace function journal_rows(rows_max integer, back interval) returns integer language plpgsql
    security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
    declare
      target record;
      keys text[];
      digests text[];
      until timestamptz;
      appended integer := 0;
    begin
      -- One sweep at a time, whichever node it is: a row gets one entry.
      if not pg_try_advisory_xact_lock(969003) then
        return 0;
      end if;
      for target in select * from public.journalled_registers order by register loop
        exit when appended >= rows_max;
        execute format(
          'select array_agg(p.key order by p.recorded_at, p.key),
                  array_agg(public.row_digest(to_jsonb(t)) order by p.recorded_at, p.key), max(p.recorded_at)
           from (select r.key, r.recorded_at, r.place
                 from (select (%s)::text as key, t.recorded_at, t.ctid as place from public.%I t
                       where t.recorded_at > least($1, clock_timestamp()) - $3) r
                 where not exists (select from public.journal_entries e
                                   where e.what = ''row'' and e.register = %L and e.row_key = r.key)
                 order by r.recorded_at, r.key limit $2) p
           join public.%I t on t.ctid = p.place',
          target.key, target.register, target.register, target.register)
          into keys, digests, until using target.swept_until, rows_max - appended, back;
        continue when keys is null;
        update public.journalled_registers set swept_until = greatest(swept_until, until)
          where register = target.register;
        for i in 1 .. cardinality(keys) loop
          perform public.append_to_journal(format('{"what":"row","register":%s,"key":%s,"digest":"%s"}',
            to_json(target.register), to_json(keys[i]), digests[i])::json);
        end loop;
        appended := appended + cardinality(keys);
      end loop;
      return appended;
    end $$`.execute(db)
}
