/**
 * The sweep finds new rows by index, so that its cost does not grow with the registers. The check finds the sweeps between
 * a row and its entry by index too.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await rows(db)
  await runs(db)
  await sql`create index journal_entries_sweeps on journal_entries (what, recorded_at)
            where what in ('row', 'rows')`.execute(db)
}

async function rows(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace function journal_rows(rows_max integer, back interval) returns integer language plpgsql
    security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
    declare
      target record;
      since timestamptz;
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
        -- A value, because a condition with a volatile function cannot use the index.
        since := least(target.swept_until, clock_timestamp()) - back;
        execute format(
          'select array_agg(p.key order by p.recorded_at, p.key),
                  array_agg(public.row_digest(to_jsonb(t)) order by p.recorded_at, p.key), max(p.recorded_at)
           from (select r.key, r.recorded_at, r.place
                 from (select (%s)::text as key, t.recorded_at, t.ctid as place from public.%I t
                       where t.recorded_at > $1) r
                 where not exists (select from public.journal_entries e
                                   where e.what = ''row'' and e.register = %L and e.row_key = r.key)
                 order by r.recorded_at, r.key limit $2) p
           join public.%I t on t.ctid = p.place',
          target.key, target.register, target.register, target.register)
          into keys, digests, until using since, rows_max - appended;
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

async function runs(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace function journal_row_runs(rows_max integer, back interval) returns integer language plpgsql
    security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
    declare
      target record;
      since timestamptz;
      bodies json[];
      taken integer;
      until timestamptz;
      body json;
      swept integer := 0;
    begin
      -- One sweep at a time, whichever node it is.
      if not pg_try_advisory_xact_lock(969003) then
        return 0;
      end if;
      for target in select * from public.journalled_runs order by register loop
        exit when swept >= rows_max;
        -- A value, because a condition with a volatile function cannot use the index.
        since := least(target.swept_until, clock_timestamp()) - back;
        execute format(
          'with pending as (
             select t.%2$I as n, t.recorded_at, public.row_digest(to_jsonb(t)) as digest
             from (select * from public.%1$I t
                   where t.recorded_at > $1
                     and not exists (
                       select from (select e.entry from public.journal_entries e
                                    where e.what = ''rows'' and e.register = %1$L
                                      and (e.entry::jsonb ->> ''to'')::bigint >= t.%2$I
                                    order by (e.entry::jsonb ->> ''to'')::bigint limit 1) e
                       where (e.entry::jsonb ->> ''from'')::bigint <= t.%2$I)
                   order by t.recorded_at, t.%2$I limit $2) t),
           runs as (
             select min(n) as first, max(n) as last, string_agg(digest, '''' order by n) as digests,
                    string_agg(left(digest, 8), '''' order by n) as marks
             from (select *, n - row_number() over (order by n) as island from pending) p group by island)
           select (select array_agg(json_build_object(''what'', ''rows'', ''register'', %1$L, ''from'', first,
                     ''to'', last, ''digest'', encode(sha256(convert_to(digests, ''UTF8'')), ''hex''), ''marks'', marks)
                     order by first) from runs),
                  (select count(*) from pending), (select max(recorded_at) from pending)',
          target.register, target.ordinal)
          into bodies, taken, until using since, rows_max - swept;
        continue when bodies is null;
        update public.journalled_runs set swept_until = greatest(swept_until, until)
          where register = target.register;
        -- The journal's lock is taken here, after the digests have been computed.
        foreach body in array bodies loop
          perform public.append_to_journal(body);
        end loop;
        swept := swept + taken;
      end loop;
      return swept;
    end $$`.execute(db)
}
