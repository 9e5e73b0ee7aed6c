/**
 * Articles change by two persons: a draft, and another editor who publishes it. An article can be retired and brought
 * back. Searches of agents that found nothing are counted.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await drafts(db)
  await retirements(db)
  await misses(db)
  for (const register of ['paper_drafts', 'paper_draft_steps', 'paper_retirements']) {
    await sql`select make_register(${register}::regclass)`.execute(db)
    await sql`select journal_register(${register}::regclass, 'id')`.execute(db)
  }
}

async function drafts(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table paper_drafts (
      id bigint generated always as identity primary key,
      paper text not null check (paper ~ '^[a-z][a-z0-9-]{1,79}$'),
      -- The version that it changes; 0 for a new article.
      based_on integer not null check (based_on >= 0),
      -- As the API sends and takes it: the checks of its fields are the application's.
      content jsonb not null check (jsonb_typeof(content) = 'object'),
      by text not null references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index paper_drafts_paper on paper_drafts (paper, id desc)`.execute(db)
  await sql`
    create table paper_draft_steps (
      id bigint generated always as identity primary key,
      draft bigint not null references paper_drafts,
      -- 'returned': to its author, with a reason. 'replaced': by a later draft of the same article.
      step text not null check (step in ('returned', 'published', 'replaced', 'withdrawn')),
      -- The version that it became.
      version integer check (version > 0),
      reason text check (length(reason) between 1 and 500),
      by text not null references accounts,
      recorded_at timestamptz not null,
      check ((step = 'published') = (version is not null)),
      check ((step = 'returned') = (reason is not null))
    )`.execute(db)
  await sql`create index paper_draft_steps_draft on paper_draft_steps (draft, id desc)`.execute(db)
  // Of two editors who publish the same draft the first one wins.
  await sql`
    create unique index paper_draft_steps_end on paper_draft_steps (draft) where step <> 'returned'`.execute(
    db,
  )
  // Null: imported, or from before drafts.
  await sql`alter table paper_versions add column published_by text references accounts`.execute(db)
  await sql`
    do $$ begin
      execute format('grant insert (published_by) on paper_versions to %I', login_named('app'));
    end $$`.execute(db)
}

async function retirements(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table paper_retirements (
      id bigint generated always as identity primary key,
      paper text not null,
      -- The newest version at that time.
      version integer not null,
      -- False: brought back. The newest row of an article counts.
      retired boolean not null,
      reason text check (length(reason) between 1 and 300),
      by text not null references accounts,
      recorded_at timestamptz not null,
      foreign key (paper, version) references paper_versions,
      check (retired = (reason is not null))
    )`.execute(db)
  await sql`create index paper_retirements_paper on paper_retirements (paper, id desc)`.execute(db)
  await sql`
    create view retired_papers as
    select paper, reason, "by", recorded_at
    from (select distinct on (paper) * from paper_retirements order by paper, id desc) newest
    where retired`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select on retired_papers to %I', login_named('app'));
    end $$`.execute(db)
}

/** Counts by day, without the account and the call. */
async function misses(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table paper_misses (
      day date not null,
      -- Folded. Texts with an address or a number of six digits are not recorded.
      query text not null check (length(query) between 2 and 60),
      times integer not null default 1 check (times > 0),
      primary key (day, query)
    )`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select, insert, update on paper_misses to %I', login_named('app'));
      execute format('grant select, delete on paper_misses to %I', login_named('retention'));
    end $$`.execute(db)
}
