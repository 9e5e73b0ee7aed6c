/**
 * Articles of what another institution handles: a passport is not the city's. `handled_by` names the institution; null:
 * the city, as in every row from before. The journal's digests leave nulls out.
 *
 * A word whose letters were swapped (bultein) has few trigrams in common with the right one; it is found by its letters
 * in alphabetical order.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table paper_versions add column handled_by text check (handled_by <> '')`.execute(db)
  await sql`
    do $$ begin
      execute format('grant insert (handled_by) on paper_versions to %I', login_named('app'));
    end $$`.execute(db)
  await indexed(db)
  await letters(db)
}

async function letters(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function letters_of(text) returns text language sql immutable strict parallel safe
    set search_path = pg_catalog, pg_temp
    return (select string_agg(letter, '' order by letter collate "C") from string_to_table($1, null) letter)`.execute(
    db,
  )
  await sql`
    do $$ begin
      execute format('grant execute on function letters_of(text) to %I', login_named('app'));
    end $$`.execute(db)
  await sql`create index paper_vocabulary_letters on paper_vocabulary (letters_of(word))`.execute(db)
}

/** The function of `0006-papers.ts` with one more place: the institution's name. */
async function indexed(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace function index_paper() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    declare
      found_words text[];
      found_weights real[];
    begin
      select array_agg(word order by word), array_agg(weight order by word)
      into found_words, found_weights
      from (
        select left(word, 60) as word, max(weight) as weight
        from (values
          (new.title, 1.0), (array_to_string(new.asked, ' '), 0.9), (coalesce(new.handled_by, ''), 0.8),
          (new.problem, 0.5), (new.domain, 0.4), (coalesce(new.form_name, ''), 0.3),
          (jsonb_path_query_array(new.needs, '$[*].what')::text, 0.25),
          (new.counter || ' ' || new.term || ' ' || array_to_string(new.basis, ' '), 0.1)
        ) as field (said, weight),
        regexp_split_to_table(fold(said), '[^a-z0-9]+') as word
        where word <> ''
        group by 1
      ) found;
      insert into paper_vocabulary (word, stem)
      select word, stem_of(word) from unnest(found_words) as word
      on conflict (word) do nothing;
      insert into paper_words (word, paper, version, weight)
      select word, new.paper, new.version, weight from unnest(found_words, found_weights) as found (word, weight);
      return null;
    end $$`.execute(db)
}
