/**
 * Papers and procedures: what the city asks for, as versions that are never changed, and how they are found.
 *
 * Romanian is searched as citizens type it: `fold` removes diacritics (of any spelling: ș, ş and s are one),
 * `stem_of` the endings and the vowel changes by which a word's forms differ (groapă, gropi, gropilor). The
 * stemmer that PostgreSQL brings splits clădire from clădirii and stradă from străzi, and there are no Romanian
 * stop words in it, so both are our own. Every version's words stand in `paper_words`, written by a trigger:
 * an index that cannot lag behind, and that the application itself cannot write to.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await editors(db)
  await language(db)
  await versions(db)
  await words(db)
  await openings(db)
}

/** Who keeps the papers true. */
async function editors(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table account_versions
    drop constraint account_versions_roles_check,
    add constraint account_versions_roles_check
      check (roles <@ array['agent', 'supervisor', 'editor', 'administrator', 'auditor'])`.execute(db)
}

async function language(db: Kysely<unknown>): Promise<void> {
  // Decomposed first, so that only ASCII is left to be lowered, whatever the database's locale.
  await sql`
    create function fold(text) returns text language sql immutable strict parallel safe
    set search_path = pg_catalog, pg_temp
    return lower(translate(
      regexp_replace(normalize($1, NFKD), '[\\u0300-\\u036f]', '', 'g'), 'đĐłŁøØß', 'dDlLoOs'))`.execute(db)
  // Of one folded word: articles and cases, then the last vowels, then what makes verbs and participles.
  await sql`
    create function stem_of(text) returns text language sql immutable strict parallel safe
    set search_path = pg_catalog, pg_temp
    return regexp_replace(replace(replace(
      regexp_replace(regexp_replace(regexp_replace(regexp_replace($1,
        '^(.{3,}?)(urilor|urile|iilor|ilor|elor|ului|uri|lor|ul|le)$', '\\1'),
        '^(.{3,}?)[aeiou]+$', '\\1'),
        '^(.{3,}?)(at|it|ut|ar|ir|er|esc|est|ez|eaz)$', '\\1'),
        '^(.{3,}?)[aeiou]+$', '\\1'),
      'oa', 'o'), 'ea', 'e'), 'z$', 'd')`.execute(db)
  await sql`
    create function stems_of(text) returns text language sql immutable strict parallel safe
    set search_path = pg_catalog, public, pg_temp
    return (
      select coalesce(string_agg(stem_of(word), ' ' order by place), '')
      from regexp_split_to_table(fold($1), '[^a-z0-9]+') with ordinality as said (word, place)
      where word <> '')`.execute(db)
  await sql`
    do $$ begin
      execute format('grant execute on function fold(text), stem_of(text), stems_of(text) to %I',
                     login_named('app'));
    end $$`.execute(db)
}

async function versions(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table paper_versions (
      paper text not null check (paper ~ '^[a-z][a-z0-9-]{1,79}$'),
      version integer not null check (version > 0),
      -- Two editors who change the same version collide on the key; a version without the one before it is refused.
      previous integer generated always as (nullif(version - 1, 0)) stored,
      domain text not null check (domain <> ''),
      title text not null check (title <> ''),
      problem text not null,
      -- As citizens say it.
      asked text[] not null,
      needs jsonb not null check (jsonb_typeof(needs) = 'array'),
      form_name text,
      form_url text,
      fee text not null,
      counter text not null,
      hours text not null,
      term text not null,
      basis text[] not null,
      valid_from date not null,
      valid_to date check (valid_to >= valid_from),
      source_url text not null,
      reviewed_on date not null,
      -- Who wrote it; null: imported from the command line, or the demo.
      by text references accounts,
      recorded_at timestamptz not null,
      primary key (paper, version),
      foreign key (paper, previous) references paper_versions (paper, version)
    )`.execute(db)
  await sql`
    create table paper_synonyms (
      id bigint generated always as identity primary key,
      word text not null check (length(word) between 2 and 60),
      -- What it stands for; empty: nothing any more. The newest row of a word counts.
      means text not null check (length(means) <= 200),
      folded text generated always as (fold(word)) stored,
      stems text generated always as (stems_of(word)) stored,
      by text references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index paper_synonyms_word on paper_synonyms (folded, id desc)`.execute(db)
  for (const table of ['paper_versions', 'paper_synonyms']) {
    await sql`select make_register(${table}::regclass)`.execute(db)
  }
}

async function words(db: Kysely<unknown>): Promise<void> {
  // By bytes, so that "begins with" is a range of the key.
  await sql`
    create table paper_vocabulary (
      word text collate "C" primary key,
      stem text collate "C" not null,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index paper_vocabulary_stem on paper_vocabulary (stem)`.execute(db)
  await sql`create index paper_vocabulary_near on paper_vocabulary using gin (word gin_trgm_ops)`.execute(db)
  await sql`
    create table paper_words (
      word text collate "C" not null references paper_vocabulary,
      paper text not null,
      version integer not null,
      -- How much the place says in which the word stands: 1 in the title.
      weight real not null check (weight > 0),
      recorded_at timestamptz not null,
      primary key (word, paper, version),
      foreign key (paper, version) references paper_versions
    )`.execute(db)
  for (const table of ['paper_vocabulary', 'paper_words']) {
    await sql`select make_register(${table}::regclass)`.execute(db)
    await sql`
      do $$ begin
        execute format('revoke insert on %I from %I', ${sql.lit(table)}, login_named('app'));
      end $$`.execute(db)
  }
  // In the order of words: two imports that bring the same new words wait for each other and do not deadlock.
  await sql`
    create function index_paper() returns trigger language plpgsql security definer
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
          (new.title, 1.0), (array_to_string(new.asked, ' '), 0.9), (new.problem, 0.5), (new.domain, 0.4),
          (coalesce(new.form_name, ''), 0.3), (jsonb_path_query_array(new.needs, '$[*].what')::text, 0.25),
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
  await sql`
    create trigger b_index after insert on paper_versions
    for each row execute function index_paper()`.execute(db)
}

async function openings(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table paper_openings (
      id bigint generated always as identity primary key,
      -- The call in which it was opened; null outside of a call.
      call text,
      account text not null references accounts,
      paper text not null,
      version integer not null,
      -- The words of the settled search that the papers know: a name typed by mistake is none of them.
      query text check (length(query) <= 200),
      recorded_at timestamptz not null,
      foreign key (paper, version) references paper_versions
    )`.execute(db)
  await sql`create index paper_openings_call on paper_openings (call, id) where call is not null`.execute(db)
  await sql`create index paper_openings_paper on paper_openings (recorded_at, paper)`.execute(db)
  await sql`select make_register('paper_openings')`.execute(db)
}
