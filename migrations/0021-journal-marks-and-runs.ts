/**
 * The journal against the holder of the machine: the greatest head that was ever anchored, also kept here; passwords,
 * sessions, sign-ins and events of calls and agents as entries.
 *
 * Rows of busy registers get one entry for a run of rows, not one each: a run is a range of a register's own numbers
 * without a gap. A row that is committed late fills a gap and becomes a run of its own.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await mark(db)
  await runs(db)
  await sweepOfRuns(db)
  await checkOfRuns(db)
  await registers(db)
}

async function mark(db: Kysely<unknown>): Promise<void> {
  // One row. `head` is a signed note: whoever owns the database can lower it, but not forge a greater one.
  await sql`
    create table journal_mark (
      one boolean primary key default true check (one),
      size bigint not null check (size >= 0),
      head text
    )`.execute(db)
  await sql`insert into journal_mark (size) values (0)`.execute(db)
  await sql`
    create function raise_journal_mark(new_size bigint, new_head text) returns void language sql
    security definer set search_path = pg_catalog, pg_temp as $$
      update public.journal_mark set size = new_size, head = new_head where size < new_size
    $$`.execute(db)
  // The only way back: with an entry of the journal, in one transaction.
  await sql`
    create function accept_journal_rollback(body json) returns bigint language plpgsql
    security definer set search_path = pg_catalog, pg_temp as $$
    begin
      if body::jsonb ->> 'what' is distinct from 'rollback'
         or length(trim(coalesce(body::jsonb ->> 'reason', ''))) = 0 then
        raise exception 'not the entry of an accepted rollback' using errcode = 'invalid_parameter_value';
      end if;
      update public.journal_mark set size = 0, head = null;
      return public.append_to_journal(body);
    end $$`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select on journal_mark to %I', login_named('app'));
      execute format('grant execute on function raise_journal_mark(bigint, text),
                      accept_journal_rollback(json) to %I', login_named('app'));
    end $$`.execute(db)
  await sql`revoke execute on function raise_journal_mark(bigint, text), accept_journal_rollback(json)
            from public`.execute(db)
}

async function runs(db: Kysely<unknown>): Promise<void> {
  // The few entries that say how the journal is kept, among the many that it keeps.
  await sql`create index journal_entries_few on journal_entries (what, index)
            where what in ('run', 'terms', 'rollback')`.execute(db)
  await sql`
    create table journalled_runs (
      register text primary key,
      -- The column of an identity that numbers the rows.
      ordinal text not null,
      swept_until timestamptz not null default '-infinity'
    )`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select on journalled_runs to %I', login_named('app'));
    end $$`.execute(db)
  // The run that may cover a row is the one with the smallest end at or after it.
  await sql`
    create unique index journal_entries_runs on journal_entries
      (register, ((entry::jsonb ->> 'to')::bigint)) where what = 'rows'`.execute(db)
  await sql`
    create view journal_runs as
    select index, register, (entry::jsonb ->> 'from')::bigint as first, (entry::jsonb ->> 'to')::bigint as last,
           entry::jsonb ->> 'digest' as digest, entry::jsonb ->> 'marks' as marks
    from journal_entries where what = 'rows'`.execute(db)
  await sql`
    create function journal_register_runs(target regclass, ordinal text) returns void language plpgsql as $$
    begin
      execute format('create index %I on %s (recorded_at)', target::text || '_recorded', target);
      execute format('create unique index if not exists %I on %s (%I)', target::text || '_ordinal', target, ordinal);
      insert into journalled_runs (register, ordinal) values (target::text, ordinal);
    end $$`.execute(db)
  await sql`revoke execute on function journal_register_runs(regclass, text) from public`.execute(db)
}

/** `marks`: the first 8 hex digits of each row's digest, so that a changed row can be named. */
async function sweepOfRuns(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function journal_row_runs(rows_max integer, back interval) returns integer language plpgsql
    security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
    declare
      target record;
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
        execute format(
          'with pending as (
             select t.%2$I as n, t.recorded_at, public.row_digest(to_jsonb(t)) as digest
             from (select * from public.%1$I t
                   where t.recorded_at > least($1, clock_timestamp()) - $3
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
          into bodies, taken, until using target.swept_until, rows_max - swept, back;
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
  await sql`
    do $$ begin
      execute format('grant execute on function journal_row_runs(integer, interval) to %I', login_named('app'));
    end $$`.execute(db)
  await sql`revoke execute on function journal_row_runs(integer, interval) from public`.execute(db)
}

/** Compares the runs of some entries with their rows, and finds rows that no run covers. */
async function checkOfRuns(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function runs_unlike_journal(target text, first_index bigint, last_index bigint)
    returns table (entry_index bigint, row_number bigint, why text) language plpgsql stable
    set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
    declare
      listed public.journalled_runs;
    begin
      select * into strict listed from public.journalled_runs where register = target;
      return query execute format(
        'select r.index, coalesce(w.n, r.first), coalesce(w.why, ''changed'')
         from public.journal_runs r
         cross join lateral (
           select count(*) as rows, encode(sha256(convert_to(coalesce(
                    string_agg(public.row_digest(to_jsonb(t)), '''' order by t.%2$I), ''''), ''UTF8'')), ''hex'') as digest
           from public.%1$I t where t.%2$I between r.first and r.last) now
         left join lateral (
           select g.n, case when t.%2$I is null then ''missing'' else ''changed'' end as why
           from generate_series(r.first, r.last) g (n)
           left join public.%1$I t on t.%2$I = g.n
           where t.%2$I is null
              or left(public.row_digest(to_jsonb(t)), 8) <> substr(r.marks, (g.n - r.first)::integer * 8 + 1, 8)
           order by g.n limit 1) w on now.rows <> r.last - r.first + 1 or now.digest <> r.digest
         where r.register = %1$L and r.index between $1 and $2
           and (now.rows <> r.last - r.first + 1 or now.digest <> r.digest)
         order by r.index limit 1', listed.register, listed.ordinal)
        using first_index, last_index;
    end $$`.execute(db)
  await sql`
    create function rows_without_run(target text)
    returns table (row_number bigint) language plpgsql stable
    set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
    declare
      listed public.journalled_runs;
    begin
      select * into strict listed from public.journalled_runs where register = target;
      return query execute format(
        'select t.%2$I from public.%1$I t
         where t.recorded_at < $1 - interval ''5 minutes''
           and not exists (
             select from (select e.entry from public.journal_entries e
                          where e.what = ''rows'' and e.register = %1$L
                            and (e.entry::jsonb ->> ''to'')::bigint >= t.%2$I
                          order by (e.entry::jsonb ->> ''to'')::bigint limit 1) e
             where (e.entry::jsonb ->> ''from'')::bigint <= t.%2$I)
         order by 1 limit 1', listed.register, listed.ordinal)
        using listed.swept_until;
    end $$`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select on journal_runs to %I', login_named('app'));
      execute format('grant execute on function runs_unlike_journal(text, bigint, bigint), rows_without_run(text)
                      to %I', login_named('app'));
    end $$`.execute(db)
  await sql`revoke execute on function runs_unlike_journal(text, bigint, bigint), rows_without_run(text)
            from public`.execute(db)
}

async function registers(db: Kysely<unknown>): Promise<void> {
  for (const [register, key] of [
    ['account_passwords', 'id'],
    ['sessions', "encode(token_digest, 'hex')"],
    ['session_ends', "encode(token_digest, 'hex')"],
  ] as const)
    await sql`select journal_register(${register}::regclass, ${key})`.execute(db)
  for (const events of ['call_events', 'agent_events'])
    await sql`alter table ${sql.table(events)} add column ordinal bigint generated always as identity`.execute(
      db,
    )
  for (const [register, ordinal] of [
    ['call_events', 'ordinal'],
    ['agent_events', 'ordinal'],
    ['sign_ins', 'id'],
  ] as const)
    await sql`select journal_register_runs(${register}::regclass, ${ordinal})`.execute(db)
}
