/**
 * What a notice concerns, and whether a paper that a request complains of was confirmed by the document system. Null in
 * earlier rows: such a notice is for everybody; such a paper was not looked up. The journal's digests leave
 * nulls out.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await concernsOfNotices(db)
  await verifiedPapers(db)
}

/** Ids of articles and queues. A named queue may be removed later; the notice stays as it was written. */
async function concernsOfNotices(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table notices
      add column articles text[] check (cardinality(articles) between 1 and 20),
      add column queues text[] check (cardinality(queues) between 1 and 20)`.execute(db)
  await sql`
    do $$ begin
      execute format('grant insert (articles, queues) on notices to %I', login_named('app'));
    end $$`.execute(db)
}

async function verifiedPapers(db: Kysely<unknown>): Promise<void> {
  // True: found by number, day and name. False: not found. Null: the document system gave no answer.
  await sql`
    alter table requests add column about_verified boolean
      check (about_verified is null or about_number is not null)`.execute(db)
  await sql`
    do $$ begin
      execute format('grant insert (about_verified) on requests to %I', login_named('app'));
    end $$`.execute(db)
  // A view takes new columns at its end only; its grants stay.
  await sql`
    create or replace view current_requests as
    select r.id, r.prefix, r.year, r.number, r.registered_at, r.registered_on, r.kind, r.category, r.regime,
           r.anonymous, r.agent, r.call, r.about_request, r.about_number, r.about_day, r.about_lateness,
           s.version, s.state, s.department, s.to_head, s.counted_from, s.announced_on, s.legal_end_on,
           s.extended, s.recorded_at as changed_at, r.about_verified
    from requests r
    cross join lateral (
      select * from request_statuses where request = r.id order by version desc limit 1
    ) s`.execute(db)
}
