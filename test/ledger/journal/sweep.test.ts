/** What the sweep reads is what is new, however large the registers are. */
import { sql } from 'kysely'
import t from 'tap'
import type { Database } from '../../../src/ledger/database.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { journalRows, journalRuns } from '../../../src/ledger/journal/row-check.ts'
import { callEvents } from '../fixtures.ts'
import { scene } from './scene.ts'

const many = 5_000

/** Rows of the table that PostgreSQL has read so far in this transaction, by index or without. */
async function rowsRead(trx: Database, table: string): Promise<number> {
  const { rows } = await sql<{ read: number }>`
    select (seq_tup_read + idx_tup_fetch)::integer as read from pg_stat_xact_user_tables where relname = ${table}`.execute(
    trx,
  )
  return rows[0]!.read
}

t.test('the sweep reads new rows alone', async (t) => {
  const { db, force } = await scene(t)
  await writeEvents(db, callEvents({ id: 'pbx1-8.1' }))
  while ((await journalRows(db, 100)) > 0);
  while ((await journalRuns(db, 100)) > 0);
  await force(sql`do $$ begin
    alter table call_events disable trigger all;
    insert into calls select 'old' || n, pbx, line, caller_digest, queue, arrived_at, queued_at, offered_at, answered_at,
      ended_at, wait_ms, talk_ms, held_ms, agent, outcome, ended_by, source, recorded_at - n * interval '1 hour'
      from (select * from calls limit 1) c cross join generate_series(1, ${sql.lit(many)}) n;
    insert into call_events (call, seq, at, type, event, after, recorded_at)
      select 'old' || n, seq, at, type, event, after, recorded_at - n * interval '1 hour'
      from (select * from call_events limit 1) c cross join generate_series(1, ${sql.lit(many)}) n;
    alter table call_events enable trigger all;
  end $$`)
  await force(sql`analyze calls, call_events`)
  await writeEvents(db, callEvents({ id: 'pbx1-9.1' }))
  await db.transaction().execute(async (trx) => {
    const before = { calls: await rowsRead(trx, 'calls'), events: await rowsRead(trx, 'call_events') }
    t.equal(await journalRows(trx, 10), 1, 'the new call gets its entry')
    t.ok((await journalRuns(trx, 100)) > 1, 'its events get theirs')
    const calls = (await rowsRead(trx, 'calls')) - before.calls
    const events = (await rowsRead(trx, 'call_events')) - before.events
    t.ok(calls > 0 && calls < 50, `${calls} of ${many} calls were read`)
    t.ok(events > 0 && events < 200, `${events} of ${many} events were read`)
  })
})
