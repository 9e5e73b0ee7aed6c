/**
 * Tests of the outside systems by administrators: a row when one begins and a row with its outcome. A beginning without an end is one under way,
 * or one whose node has ended.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table connection_tests (
      id bigint generated always as identity primary key,
      connection text not null check (connection in ('trunk', 'documents', 'fiscal')),
      -- The row of its beginning; null: this is one.
      begun bigint unique references connection_tests,
      outcome text check (outcome in ('works', 'fails')),
      cause text check (length(cause) between 1 and 40),
      -- The HTTP status of a refusal.
      status integer check (status between 100 and 599),
      -- Of a document system: 'deliveries' or 'look-ups'.
      part text check (part in ('deliveries', 'look-ups')),
      took_ms double precision check (took_ms >= 0),
      -- Whether the login can write nothing; null: not asked.
      read_only boolean,
      -- The node that answered the administrator.
      node text not null check (length(node) between 1 and 100),
      by text not null references accounts,
      recorded_at timestamptz not null,
      check ((begun is null) = (outcome is null)),
      check ((begun is null) = (took_ms is null)),
      check ((outcome is not distinct from 'fails') = (cause is not null)),
      check (cause is not null or (status is null and part is null)),
      check (outcome is not distinct from 'works' or read_only is null)
    )`.execute(db)
  await sql`
    create index connection_tests_begun on connection_tests (connection, recorded_at) where begun is null`.execute(
    db,
  )
  await sql`
    create index connection_tests_ended on connection_tests (connection, recorded_at) where begun is not null`.execute(
    db,
  )
  await sql`select make_register('connection_tests')`.execute(db)
  await sql`select journal_register('connection_tests', 'id')`.execute(db)
  // When the document system answered last, without a look at every try.
  await sql`
    create index outbox_tries_good on outbox_tries (recorded_at) where outcome = 'delivered'`.execute(db)
  await sql`
    create index outbox_tries_bad on outbox_tries (recorded_at)
    where outcome in ('refused', 'unreachable')`.execute(db)
}
