/** What a person sees of retention on the command line, and how they confirm the clock. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readSettings } from '../../../src/config.ts'
import { appendEntry } from '../../../src/ledger/journal/journal.ts'
import { dateAt } from '../../../src/core/local-time.ts'
import { recordRun } from '../../../src/ledger/retention/runs.ts'
import { confirmClock } from '../../../src/stack/commands/retention.ts'
import { wrongAtRetention } from '../../../src/stack/commands/retention-state.ts'
import { readUpkeep, upkeepAges, type Upkeep } from '../../../src/upkeep.ts'
import { home, linia } from '../backup/home.ts'
import { testCluster } from '../../support/postgres.ts'
import { bound } from '../programs.ts'

testCluster(t)
const run = { audio: { before: '2026-01-01', recordings: 0 }, details: { before: '2023-01-01', rows: {} } }

t.test('doctor tells a run that was refused, one that failed, and one that is missing', bound, async (t) => {
  const { db, env } = await home(t)
  const settings = readSettings(env)
  const now = Date.now()
  const wrong = (at = now) => wrongAtRetention(settings, at)
  t.same(await wrong(now + 27 * 3_600_000), [], 'before the first entry')
  await appendEntry(db, { what: 'look' })
  t.same(await wrong(), [], 'a new system')
  t.same(await wrong(now + 27 * 3_600_000), [
    'Retention has never ended everything.',
    'The ending of old logs has never ended everything.',
  ])
  const at = new Date(now).toISOString()
  const logs: Upkeep['logs'] = {
    at: new Date(now + 27 * 3_600_000).toISOString(),
    believedAt: at,
    days: [],
    bad: null,
  }
  mkdirSync(settings.paths.upkeep, { recursive: true })
  const kept = join(settings.paths.upkeep, 'logs.json')
  writeFileSync(kept, JSON.stringify(logs))
  await recordRun(db, run, now)
  t.same(await wrong(), [])
  t.match(await wrong(now + 27 * 3_600_000), [/^Retention has not ended everything since 20/])
  await recordRun(db, run, now, 'refused', 'The clock shows 2031-01-01.')
  t.same(await wrong(), ['Retention, the last run: The clock shows 2031-01-01.'])
  await recordRun(db, run, now)
  await recordRun(db, run, now, 'failed', 'Error: EROFS')
  t.match(await wrong(now + 27 * 3_600_000), [/Error: EROFS/, /has not ended everything/])
  await recordRun(db, run, now)
  t.same(await wrong(), [])
  writeFileSync(kept, JSON.stringify({ ...logs, at, bad: 'Error: ENOSPC' }))
  t.same(await wrong(), ['The ending of old logs, the last run: Error: ENOSPC'])
  t.equal(upkeepAges(settings.paths.upkeep, now + 5_000).get('logs'), 5)
})

t.test('a person confirms the clock with the day of a calendar', bound, async (t) => {
  const { db, env } = await home(t)
  const { upkeep } = readSettings(env).paths
  const today = dateAt(Date.now())
  t.match(await linia(env, 'retention', 'clock'), { code: 1, output: /Say what day it is, from a calendar/ })
  t.match(await linia(env, 'retention', 'clock', '2031-01-01'), {
    code: 1,
    output: new RegExp(`clock shows ${today}, not 2031-01-01: set the clock right first`),
  })
  const old = '2024-01-01T00:00:00.000Z'
  mkdirSync(upkeep, { recursive: true })
  writeFileSync(
    join(upkeep, 'logs.json'),
    JSON.stringify({ at: old, believedAt: old, days: [today], bad: 'x' }),
  )
  t.match(await linia(env, 'retention', 'clock', today), { code: 0, output: /The clock is believed again/ })
  t.match(readUpkeep(upkeep, 'logs'), { at: old, days: [], bad: null })
  const entries = await db.selectFrom('journal_entries').select('entry').where('kind', '=', 'clock').execute()
  t.equal(entries.length, 1, 'on record')
  t.match(JSON.parse(entries[0]?.entry ?? ''), { by: /./, announced: true })
})

t.test('the day of the calendar is the city’s, also in the first hours of its day', bound, async (t) => {
  const { env } = await home(t)
  const settings = readSettings(env)
  const now = Date.UTC(2026, 10, 28, 23, 30)
  const told: string[] = []
  const confirm = (day: string) => confirmClock(settings, [day], (line) => told.push(line), now)
  await t.rejects(confirm('2026-11-28'), /clock shows 2026-11-29, not 2026-11-28/)
  t.equal(await confirm('2026-11-29'), 0)
})
