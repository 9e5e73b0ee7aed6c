/**
 * Callers who are turned away at their arrival, until a day or until a supervisor ends the block. Number and reason are
 * values that end (`free_texts`); a block whose number has ended holds nobody. `directory` is notified.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table caller_blocks (
      id bigint generated always as identity primary key,
      -- Of the number, as core/phone-number.ts has a caller's; in free_texts.
      number_digest bytea not null check (length(number_digest) = 32),
      reason_digest bytea not null check (length(reason_digest) = 32),
      until timestamptz not null,
      by text not null references accounts,
      recorded_at timestamptz not null,
      -- A year, and a day for clocks that differ.
      check (until <= recorded_at + interval '366 days')
    )`.execute(db)
  await sql`
    create table caller_block_ends (
      block bigint primary key references caller_blocks,
      by text not null references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  for (const [register, key] of [
    ['caller_blocks', 'id'],
    ['caller_block_ends', 'block'],
  ] as const) {
    await sql`select make_register(${register})`.execute(db)
    await sql`select journal_register(${register}, ${key})`.execute(db)
    await sql`
      create trigger b_notify after insert on ${sql.table(register)}
      for each statement execute function notify_directory()`.execute(db)
  }
}
