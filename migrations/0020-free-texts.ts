/**
 * Personal values that registers kept for ever get a term.
 *
 * Free text (subjects of wrap-ups, reasons, remarks) moves to the detail table `free_texts`; a register keeps
 * `SHA256(salt‖text)`. Rows that exist are rewritten here, once. `rewritten_rows` lists them with both digests, and one
 * journal entry (`what`: `rewritten`) binds the list, so that the journal still verifies and a later rewriting is seen.
 *
 * Tries at the tracking page become details: their networks are deleted by retention. Drafts that are never registered
 * end too.
 */
import { sql, type Kysely } from 'kysely'

/** Register, column of free text, key of a row as the journal names it, whether a text is obligatory. */
const texts = [
  ['wrap_ups', 'subject', 'id', false],
  ['identity_unlocks', 'reason', 'lock', true],
  ['full_hearings', 'reason', 'opening', true],
  ['request_number_raises', 'reason', 'id', true],
  ['declared_days', 'reason', 'id', false],
] as const

export async function up(db: Kysely<unknown>): Promise<void> {
  await tables(db)
  await mover(db)
  for (const [register, field, key, obligatory] of texts) {
    await sql`select move_text(${register}::regclass, ${field}, ${key}, ${obligatory})`.execute(db)
  }
  await sql`alter table declared_days add check (not closed or reason_digest is not null)`.execute(db)
  await sql`drop function move_text(regclass, text, text, boolean)`.execute(db)
  await bind(db)
  await sql`select make_detail('free_texts')`.execute(db)
  await sql`select make_register('rewritten_rows')`.execute(db)
  await sql`do $$ begin
    execute format('revoke insert on rewritten_rows from %I', login_named('app'));
    execute format('revoke insert (register, row_key, field, before, after) on rewritten_rows from %I',
                   login_named('app'));
  end $$`.execute(db)
  await journal(db)
  await remarks(db)
  await tries(db)
}

async function tables(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table free_texts (
      digest bytea primary key check (length(digest) = 32),
      salt bytea not null check (length(salt) = 16),
      text text not null check (text <> ''),
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`
    create table rewritten_rows (
      register text not null,
      row_key text not null,
      -- The column whose text was moved; the row has its digest in <field>_digest.
      field text not null,
      -- Digests of the row, as the journal makes them.
      before text not null,
      after text not null,
      recorded_at timestamptz not null default clock_timestamp(),
      primary key (register, row_key)
    )`.execute(db)
}

/**
 * Digests are made in UTC, as the sweep makes them. Each statement is for all rows of a register: one for each row would
 * take several times as long.
 */
async function mover(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function move_text(target regclass, field text, key text, obligatory boolean) returns void
    language plpgsql set timezone = 'UTC' as $$
    declare
      digested text := field || '_digest';
    begin
      execute format(
        'create table moved_texts as
         select (t.%1$I)::text as row_key, t.%2$I as text, t.recorded_at, row_digest(to_jsonb(t)) as before,
                case when t.%2$I <> '''' then
                  substring(sha256(convert_to(gen_random_uuid()::text || gen_random_uuid(), ''UTF8'')) for 16)
                end as salt
         from %3$s t', key, field, target);
      execute 'analyze moved_texts';
      execute 'insert into free_texts
               select sha256(salt || convert_to(text, ''UTF8'')), salt, text, recorded_at
               from moved_texts where salt is not null';
      execute format('alter table %s add column %I bytea check (length(%I) = 32)', target, digested, digested);
      execute format('alter table %s disable trigger a_change', target);
      execute format(
        'update %s t set %I = sha256(m.salt || convert_to(m.text, ''UTF8''))
         from moved_texts m where m.row_key = (t.%I)::text and m.salt is not null', target, digested, key);
      execute format('alter table %s drop column %I', target, field);
      if obligatory then
        execute format('alter table %s alter column %I set not null', target, digested);
      end if;
      execute format(
        'insert into rewritten_rows (register, row_key, field, before, after)
         select %L, m.row_key, %L, m.before, row_digest(to_jsonb(t))
         from moved_texts m join %s t on (t.%I)::text = m.row_key', target, field, target, key);
      execute 'drop table moved_texts';
      execute format('alter table %s enable always trigger a_change', target);
      execute format('grant insert (%I) on %s to %I', digested, target, login_named('app'));
    end $$`.execute(db)
}

async function bind(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function rewritten_digest() returns text language sql stable
    set search_path = pg_catalog, pg_temp as $$
      select encode(sha256(convert_to(
        string_agg(concat_ws(' ', register, row_key, field, before, after), chr(10)
                   order by register collate "C", row_key collate "C"), 'UTF8')), 'hex')
      from public.rewritten_rows
    $$`.execute(db)
  await sql`
    do $$ begin
      execute format('grant execute on function rewritten_digest() to %I', login_named('app'));
      if exists (select from rewritten_rows) then
        perform append_to_journal(format('{"what":"rewritten","rows":%s,"digest":"%s"}',
          (select count(*) from rewritten_rows), rewritten_digest())::json);
      end if;
    end $$`.execute(db)
}

/** As in 0005, except for rewritten rows: while the text exists, the row with it is what the entry was made of. */
async function journal(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace function rows_unlike_journal(target text, rows_max integer)
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
         full join (select (%s)::text as key, t.recorded_at, to_jsonb(t) as body,
                           public.row_digest(to_jsonb(t)) as digest
                    from public.%I t) r on r.key = e.row_key
         left join public.rewritten_rows w on w.register = %L and w.row_key = r.key
         left join public.free_texts f
                on f.digest = decode(substr(r.body ->> (w.field || ''_digest''), 3), ''hex'')
         where e.digest is distinct from r.digest
           and (e.index is not null or r.recorded_at < $1 - interval ''5 minutes'')
           and not coalesce(w.before = e.digest and w.after = r.digest and (f.text is null or e.digest =
             public.row_digest(r.body - (w.field || ''_digest'') || jsonb_build_object(w.field, f.text))), false)
         order by e.index nulls last, 2 limit $2',
        listed.register, listed.key, listed.register, listed.register)
        using listed.swept_until, rows_max;
    end $$`.execute(db)
}

/** A new remark has its text in `free_texts`; older ones have it in their entry, which nothing can change. */
async function remarks(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace view journal_remarks as
    select e.index, e.recorded_at as at, e.account, e.about as entry,
           coalesce(e.entry::jsonb ->> 'text', f.text) as text,
           decode(e.entry::jsonb ->> 'textDigest', 'hex') as text_digest
    from journal_entries e
    left join free_texts f on f.digest = decode(e.entry::jsonb ->> 'textDigest', 'hex')
    where e.what = 'remark'`.execute(db)
}

async function tries(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function make_detail_of(target regclass) returns void language plpgsql as $$
    begin
      execute format('drop trigger a_change on %s', target);
      execute format('grant delete on %s to %I', target, login_named('retention'));
      execute format('create trigger a_change before update on %s
                      for each statement execute function refuse_change()', target);
      execute format('create trigger a_delete before delete on %s
                      for each statement execute function only_retention_deletes(%L)',
                     target, login_named('retention'));
      execute format('alter table %s enable always trigger a_change', target);
      execute format('alter table %s enable always trigger a_delete', target);
    end $$`.execute(db)
  await sql`select make_detail_of('tracking_tries')`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select, delete on request_drafts to %I', login_named('retention'));
    end $$`.execute(db)
}
