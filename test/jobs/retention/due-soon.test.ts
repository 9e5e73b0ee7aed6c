/** What falls due within a week: counted in the background, and kept for an hour. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pino } from 'pino'
import t from 'tap'
import { DueSoon } from '../../../src/jobs/retention/due-soon.ts'
import { asAdmin } from '../../support/city/fiscal.ts'
import { testDatabase } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'

const log = pino({ level: 'silent' })
const dayMs = 24 * 3_600_000
const { db, retentionUrl } = await testDatabase(t)

function keysOf(folder: string, days: readonly string[]): string {
  for (const day of days) {
    mkdirSync(path.join(folder, day), { recursive: true })
    writeFileSync(path.join(folder, day, 'a.mp3.key'), 'key')
  }
  return folder
}

t.test('recordings and rows that reach their terms within seven days are counted', async (t) => {
  // Drafts of thirty days ago, by the clock of the test.
  let now = Date.now() + 30 * dayMs
  const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
  const recordingKeys = keysOf(t.testdir(), [
    dayOf(now - 25 * dayMs),
    dayOf(now - 24 * dayMs),
    dayOf(now - 10 * dayMs),
  ])
  await db
    .insertInto('paper_misses')
    .values({ query: 'piscina', day: dayOf(now - 27 * dayMs), times: 1 })
    .execute()
  const due = new DueSoon({
    retentionUrl,
    recordingKeys,
    audioDays: 30,
    detailsDays: 1_000,
    requestsDays: 1_000,
    logsDays: 30,
    log,
    now: () => now,
  })
  t.equal(due.counts(), null, 'nobody waits')
  await until(() => due.counts() !== null)
  t.strictSame(due.counts(), { at: now, counts: { audio: 2, details: 0, requests: 0, logs: 1 } })
  const at = now
  now += 60_000
  t.equal(due.counts()?.at, at, 'kept for an hour')
  now += 3_600_000
  due.counts()
  await until(() => due.counts()?.at === now)
})

t.test('a term that cannot be counted is missing, and nothing is rejected', async (t) => {
  const due = new DueSoon({
    retentionUrl: null,
    recordingKeys: t.testdir(),
    audioDays: 30,
    detailsDays: 30,
    requestsDays: 30,
    logsDays: 30,
    log,
    now: Date.now,
  })
  await due.count()
  t.strictSame(due.counts()?.counts, { audio: 0 })
  const broken = new DueSoon({
    retentionUrl: 'postgres://nobody:x@127.0.0.1:1/none',
    recordingKeys: t.testdir(),
    audioDays: 30,
    detailsDays: 30,
    requestsDays: 30,
    logsDays: 30,
    log,
    now: Date.now,
  })
  await broken.count()
  t.strictSame(broken.counts()?.counts, { audio: 0 })
})

t.test('a term that cannot be counted leaves the others known', async (t) => {
  const database = await testDatabase(t)
  await asAdmin(database.adminUrl, (client) => client.query('alter table note_texts rename to notes_away'))
  const due = new DueSoon({
    retentionUrl: database.retentionUrl,
    recordingKeys: t.testdir(),
    audioDays: 30,
    detailsDays: 30,
    requestsDays: 30,
    logsDays: 30,
    log,
    now: Date.now,
  })
  await due.count()
  t.strictSame(due.counts()?.counts, { audio: 0, requests: 0, logs: 0 })
})
