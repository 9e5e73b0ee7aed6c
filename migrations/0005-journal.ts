/**
 * The journal: every look at what the city knows, and the digests of what the registers hold, as the leaves
 * of one Merkle tree (RFC 6962, RFC 9162): `leaf = SHA256(00‖entry)`, `node = SHA256(01‖left‖right)`.
 *
 * An entry is one line of JSON, kept as the very bytes that were hashed. The application reads, and adds
 * through `append_to_journal` alone, which takes the next index under the lock of the head row. That row
 * also holds the roots of the full subtrees (the frontier), so that an append never reads the tree; every
 * node that becomes whole is kept, so that a proof never hashes the tree anew.
 *
 * Who appends inside a transaction appends last: the head's lock is the last one taken.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await tree(db)
  await append(db)
  await rowDigests(db)
  await registers(db)
  await rights(db)
}

async function tree(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table journal_entries (
      index bigint primary key check (index >= 0),
      entry text not null check (length(entry) <= 4000 and position(chr(10) in entry) = 0),
      leaf bytea not null check (length(leaf) = 32),
      -- Read from the entry itself: what is asked for is what was hashed.
      what text not null generated always as (entry::jsonb ->> 'what') stored,
      kind text generated always as (entry::jsonb ->> 'kind') stored,
      account text generated always as (entry::jsonb ->> 'account') stored,
      call text generated always as (entry::jsonb ->> 'call') stored,
      about text generated always as (entry::jsonb ->> 'about') stored,
      person text generated always as (entry::jsonb ->> 'person') stored,
      register text generated always as (entry::jsonb ->> 'register') stored,
      row_key text generated always as (entry::jsonb ->> 'key') stored,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create unique index journal_entries_row on journal_entries (register, row_key)
            where what = 'row'`.execute(db)
  await sql`create index journal_entries_looks on journal_entries (recorded_at desc, index desc)
            where what = 'look'`.execute(db)
  await sql`create index journal_entries_account on journal_entries (account, index desc)
            where what = 'look'`.execute(db)
  await sql`create index journal_entries_about on journal_entries (about, index desc)
            where what = 'look'`.execute(db)
  await sql`create index journal_entries_call on journal_entries (call, index desc)
            where call is not null`.execute(db)
  await sql`create index journal_entries_person on journal_entries (person, index desc)
            where person is not null`.execute(db)
  await sql`
    create table journal_nodes (
      level integer not null check (level > 0),
      position bigint not null check (position >= 0),
      hash bytea not null check (length(hash) = 32),
      recorded_at timestamptz not null,
      primary key (level, position)
    )`.execute(db)
  // The present end of the tree. One row; its page keeps room, so that an update stays on it.
  await sql`
    create table journal_head (
      one boolean primary key default true check (one),
      size bigint not null check (size >= 0),
      frontier bytea[] not null
    ) with (fillfactor = 10)`.execute(db)
  await sql`insert into journal_head (size, frontier) values (0, '{}')`.execute(db)
  await sql`
    create view journal_looks as
    select index, recorded_at as at, kind, account, call, about, person, entry::jsonb ->> 'query' as query
    from journal_entries where what = 'look'`.execute(db)
}

/** `body`: one line of a JSON object that says `what` it is; index and time are put in front of it here. */
async function append(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function append_to_journal(body json) returns bigint language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
    declare
      head public.journal_head;
      line text;
      hash bytea;
      rest bigint;
      height integer := 0;
    begin
      if body::text not like '{"%' or position(chr(10) in body::text) > 0
         or body::jsonb ?| array['index', 'at'] or body::jsonb ->> 'what' is null then
        raise exception 'not an entry of the journal' using errcode = 'invalid_parameter_value';
      end if;
      select * into strict head from public.journal_head for update;
      -- The clock is read under the lock, so that the order of times is the order of entries.
      line := format('{"index":%s,"at":"%s",', head.size,
                     to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
              || substr(body::text, 2);
      hash := sha256(decode('00', 'hex') || convert_to(line, 'UTF8'));
      insert into public.journal_entries (index, entry, leaf) values (head.size, line, hash);
      rest := head.size;
      while rest % 2 = 1 loop
        hash := sha256(decode('01', 'hex') || head.frontier[cardinality(head.frontier)] || hash);
        head.frontier := trim_array(head.frontier, 1);
        height := height + 1;
        rest := rest / 2;
        insert into public.journal_nodes (level, position, hash) values (height, rest, hash);
      end loop;
      update public.journal_head set size = head.size + 1, frontier = head.frontier || hash;
      return head.size;
    end $$`.execute(db)
}

/**
 * Rows of the registers become entries by a sweep: a digest each, named by register and key. The list of
 * registers is the table `journalled_registers`; a migration adds one with `select journal_register(…)`.
 *
 * A row is digested as JSON without nulls, so that a column that a later migration adds changes no digest.
 */
async function rowDigests(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table journalled_registers (
      register text primary key,
      -- What names a row: an expression over the register's columns.
      key text not null,
      -- Rows recorded before this moment have been looked at.
      swept_until timestamptz not null default '-infinity'
    )`.execute(db)
  await sql`
    create function journal_register(target regclass, key text) returns void language plpgsql as $$
    begin
      execute format('create index %I on %s (recorded_at)', target::text || '_recorded', target);
      insert into journalled_registers (register, key) values (target::text, key);
    end $$`.execute(db)
  await sql`
    create function row_digest(body jsonb) returns text language sql immutable
    set search_path = pg_catalog, pg_temp as $$
      select encode(sha256(convert_to(jsonb_strip_nulls(body)::text, 'UTF8')), 'hex')
    $$`.execute(db)
  // Five minutes back each time: a transaction that commits late has recorded its rows before.
  await sql`
    create function journal_rows(rows_max integer) returns integer language plpgsql security definer
    set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
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
          'select array_agg(key order by recorded_at, key), array_agg(digest order by recorded_at, key),
                  max(recorded_at)
           from (select r.key, r.recorded_at, public.row_digest(r.body) as digest
                 from (select (%s)::text as key, t.recorded_at, to_jsonb(t) as body from public.%I t
                       where t.recorded_at > $1 - interval ''5 minutes'') r
                 where not exists (select from public.journal_entries e
                                   where e.what = ''row'' and e.register = %L and e.row_key = r.key)
                 order by r.recorded_at, r.key limit $2) pending',
          target.key, target.register, target.register)
          into keys, digests, until using target.swept_until, rows_max - appended;
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
  // Where a register is not what the journal says: changed rows, missing rows, rows that the sweep never saw.
  await sql`
    create function rows_unlike_journal(target text, rows_max integer)
    returns table (entry_index bigint, row_key text, why text) language plpgsql stable
    set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
    declare
      listed public.journalled_registers;
    begin
      select * into strict listed from public.journalled_registers where register = target;
      return query execute format(
        'select e.index, coalesce(e.row_key, r.key),
                case when r.key is null then ''missing'' when e.index is null then ''unknown''
                     else ''changed'' end
         from (select index, row_key, entry::jsonb ->> ''digest'' as digest from public.journal_entries
               where what = ''row'' and register = %L) e
         full join (select (%s)::text as key, t.recorded_at, public.row_digest(to_jsonb(t)) as digest
                    from public.%I t) r on r.key = e.row_key
         where e.digest is distinct from r.digest
           and (e.index is not null or r.recorded_at < $1 - interval ''5 minutes'')
         order by e.index nulls last, 2 limit $2',
        listed.register, listed.key, listed.register)
        using listed.swept_until, rows_max;
    end $$`.execute(db)
}

async function registers(db: Kysely<unknown>): Promise<void> {
  for (const [register, key] of [
    ['calls', 'id'],
    ['recordings', 'call'],
    ['recording_losses', 'call'],
    ['wrap_ups', 'id'],
    ['notes', 'id'],
    ['hearings', 'id'],
    ['account_versions', 'id'],
  ] as const) {
    await sql`select journal_register(${register}::regclass, ${key})`.execute(db)
  }
}

async function rights(db: Kysely<unknown>): Promise<void> {
  for (const table of ['journal_entries', 'journal_nodes']) {
    await sql`select make_register(${table}::regclass)`.execute(db)
  }
  await sql`
    do $$ begin
      -- Nobody but the function adds.
      execute format('revoke insert on journal_entries, journal_nodes from %I', login_named('app'));
      execute format('grant select on journal_head, journal_looks, journalled_registers to %I',
                     login_named('app'));
      execute format('grant execute on function append_to_journal(json) to %I, %I',
                     login_named('app'), login_named('retention'));
      execute format('grant execute on function journal_rows(integer), row_digest(jsonb),
                      rows_unlike_journal(text, integer) to %I', login_named('app'));
    end $$`.execute(db)
  await sql`revoke execute on function append_to_journal(json), journal_rows(integer), row_digest(jsonb),
            rows_unlike_journal(text, integer), journal_register(regclass, text) from public`.execute(db)
}
