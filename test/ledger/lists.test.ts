/** Lists of calls use an index for every filter: none becomes slower as calls accumulate. */
import { Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'
import t from 'tap'
import { AgentId } from '../../src/core/ids.ts'
import { abandonedCalls } from '../../src/ledger/calls/abandoned-calls.ts'
import { callById, calls, type CallQuestion } from '../../src/ledger/calls/calls.ts'
import type { Database } from '../../src/ledger/database.ts'
import { agentDay } from '../../src/ledger/reports/agent-day.ts'
import { tallies } from '../../src/ledger/reports/figures.ts'
import { unfinishedWrapUps } from '../../src/ledger/calls/wrap-ups.ts'
import { lastInLedger } from '../../src/ledger/calls/last-recorded.ts'
import type { Tables } from '../../src/ledger/tables.ts'
import { testDatabase } from '../support/postgres.ts'

const database = await testDatabase(t)
const count = 20_000
const dayMs = 24 * 3_600_000

/** A month of calls, the last ten in progress; one agent in twenty, one number in a thousand. */
async function fill(): Promise<void> {
  const admin = new Pool({ connectionString: database.adminUrl, max: 1 })
  for (const statement of [
    `create temp table made as
       select i, 'pbx1-' || i as id, 'agent-' || i % 20 as agent, now() - (${count} - i) * interval '2 minutes' as at,
              case when i % 5000 = 1 then 'failed' when i % 50 = 2 then 'callback' when i % 5 = 0 then 'abandoned' else 'answered' end as outcome
       from generate_series(1, ${count}) i`,
    `insert into callers (call, salt, number) select id, decode(md5(id), 'hex'), '+4072' || i % 1000 from made`,
    `insert into call_events (call, seq, at, type, event, after)
       select id, seq, at, 'CallArrived', '{}', jsonb_build_object('arrivedAt', extract(epoch from at) * 1000)
       from made, generate_series(1, 3) seq`,
    `insert into calls (id, pbx, line, caller_digest, queue, arrived_at, queued_at, answered_at, ended_at, held_ms,
                        agent, outcome, ended_by, source)
       select id, 'pbx1', '969', sha256('x'), 'general', at, at, at, at, 0, agent, outcome, 'caller', 'line'
       from made where i <= ${count} - 10`,
    `insert into recordings (call, file, bytes, sha256, duration_ms, tracks, spans, gaps, waveform)
       select id, 'x', 1, repeat('a', 64), 1, '{}', '[]', '[]', '{}' from calls`,
    `analyze`,
  ])
    await admin.query(statement)
  await admin.end()
}

await fill()
const pool = new Pool({ connectionString: database.appUrl, max: 2 })
const asked: { readonly sql: string; readonly parameters: readonly unknown[] }[] = []
const db: Database = new Kysely<Tables>({
  dialect: new PostgresDialect({ pool }),
  log: ({ query }) => void asked.push(query),
})
t.teardown(() => db.destroy())

/** The tables that PostgreSQL scans sequentially for the query. */
async function readWhole(ask: () => Promise<unknown>): Promise<string[]> {
  asked.length = 0
  await ask()
  const plans = []
  for (const { sql, parameters } of asked.filter(({ sql }) => /^\s*select/i.test(sql))) {
    plans.push(...(await pool.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, [...parameters])).rows)
  }
  return plans.flatMap(
    (row) => /Seq Scan on (?:calls|callers|call_events|recordings)\b/.exec(row['QUERY PLAN']) ?? [],
  )
}

const now = Date.now()
const long = { from: now - 20 * dayMs, to: now - 10 * dayMs }
const cursor = Buffer.from(JSON.stringify([now - 15 * dayMs, 'pbx1-5'])).toString('base64url')
const narrowings: Record<string, Partial<CallQuestion>> = {
  nothing: {},
  time: long,
  caller: { caller: '+4072137' },
  agent: { agent: AgentId('agent-7') },
  'an agent without calls': { agent: AgentId('nobody') },
  'a frequent outcome': { outcome: 'answered' },
  'a rare outcome': { outcome: 'failed' },
  'an outcome that there is not': { outcome: 'rejected' },
  'caller and time': { caller: '+4072137', ...long },
  'agent and time': { agent: AgentId('agent-7'), ...long },
  'outcome and time': { outcome: 'failed', ...long },
  'agent and outcome': { agent: AgentId('agent-7'), outcome: 'abandoned' },
  'caller and outcome': { caller: '+4072137', outcome: 'answered' },
}

for (const [what, narrowing] of Object.entries(narrowings)) {
  void t.test(`a list filtered by ${what}, and its later pages`, async (t) => {
    for (const place of [{}, { cursor }])
      t.same(await readWhole(() => calls(db, { limit: 50, ...narrowing, ...place })), [])
  })
}

void t.test('callers to be called back', async (t) => {
  const question = { from: now - dayMs, shortAbandonMs: 5_000, limit: 100 }
  t.same(await readWhole(() => abandonedCalls(db, question)), [])
})

void t.test('one call, the figures of a day, and the last recorded sequence numbers', async (t) => {
  const first = await calls(db, { limit: 15 })
  const ids = first.error === undefined ? first.items.map(({ id }) => id) : []
  t.equal(new Set(ids).size, 15, 'in progress and finished, each once')
  for (const id of [ids[0], ids[14]]) t.same(await readWhole(() => callById(db, id!)), [])
  const period = { fromMs: now - dayMs, toMs: now, slotsFromMs: now - dayMs, recentFromMs: now - 1_800_000 }
  t.same(await readWhole(() => tallies(db, period, { targetMs: 20_000, shortAbandonMs: 5_000 })), [])
  t.same(await readWhole(() => agentDay(db, AgentId('agent-7'), now - dayMs)), [])
  t.same(await readWhole(() => unfinishedWrapUps(db, AgentId('agent-7'), now - dayMs)), [])
  t.same(await readWhole(() => lastInLedger(db)), [])
})
