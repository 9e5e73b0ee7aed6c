/**
 * Notices of the day: what the city tells its agents before the phone rings (a counter that is closed today, a
 * street without water). One that no longer holds is ended by a row of its own.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table notices (
      id bigint generated always as identity primary key,
      text text not null check (length(text) between 1 and 500),
      from_day date not null,
      -- The last day on which it is shown.
      to_day date not null check (to_day >= from_day),
      by text not null references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index notices_day on notices (to_day)`.execute(db)
  await sql`
    create table notice_ends (
      notice bigint primary key references notices,
      by text not null references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  for (const table of ['notices', 'notice_ends']) {
    await sql`select make_register(${table}::regclass)`.execute(db)
  }
}
