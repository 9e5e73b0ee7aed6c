/** Retention: expired data cannot be restored, not even from yesterday's backup, and registers and journal still verify. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { headSigner } from '../../../src/city/journal/checkpoint.ts'
import { workingDays } from '../../../src/city/requests/working-days.ts'
import { CallId, type AgentId } from '../../../src/core/ids.ts'
import { runRetention, type RetentionOptions } from '../../../src/jobs/retention/retention.ts'
import { anchorJournal } from '../../../src/ledger/journal/anchor.ts'
import { calls } from '../../../src/ledger/calls/calls.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { checkDatabase } from '../../../src/ledger/journal/check.ts'
import { journalRows } from '../../../src/ledger/journal/row-check.ts'
import { addNote, notesOf } from '../../../src/ledger/calls/notes.ts'
import { keyOf, makeKey } from '../../../src/ledger/recordings/keys.ts'
import { writeMark } from '../../../src/ledger/volumes/volume.ts'
import { detailsOf } from '../../../src/ledger/requests/details.ts'
import { addStatus } from '../../../src/ledger/requests/statuses.ts'
import { retentionRuns } from '../../../src/ledger/retention/runs.ts'
import { SealedFile, sealFile } from '../../../src/ledger/recordings/sealed-file.ts'
import { firstWrongValue } from '../../../src/ledger/journal/value-check.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { callEvents } from '../../ledger/fixtures.ts'
import { someRequest } from '../../ledger/requests/fixtures.ts'
import { openTestDatabase, testDatabase } from '../../support/postgres.ts'
import { ranBefore, retentionIn } from './nightly-run.ts'

const database = await testDatabase(t)
const { db } = database
const dir = t.testdir()
const recordings = path.join(dir, 'recordings')
const recordingKeys = path.join(dir, 'keys')
const anchor = path.join(dir, 'anchor')
await writeMark(recordings, 'recordings')
await writeMark(recordingKeys, 'keys')
const signer = headSigner('signs the heads of these tests, long enough')
const place = { folder: anchor, own: path.join(dir, 'journal'), verifierKey: signer.verifierKey }
const dayMs = 24 * 3_600_000
const today = Date.UTC(2026, 10, 25, 3, 30)
const options: RetentionOptions = { ...retentionIn(database, dir), now: () => today }

async function anAgent(username: string): Promise<AgentId> {
  const added = await addAccount(db, {
    username,
    name: 'Ana Pop',
    roles: ['agent'],
    employer: 'Firma',
    password: 'x'.repeat(12),
  })
  if (!added.ok) throw new Error(added.why)
  return added.account.id
}

/**
 * The clock of the database cannot be moved here, and a run of the future excuses nothing: so what was recorded moves into
 * the past, and with it the limits of the runs since the last such move.
 */
let movedUntil = -1
async function moveBack(ms: number, limitsMs = ms): Promise<void> {
  const admin = openTestDatabase(database.adminUrl)
  const moved = (limit: unknown) =>
    typeof limit === 'string' ? new Date(Date.parse(limit) - limitsMs).toISOString() : undefined
  for (const table of ['calls', 'notes', 'request_statuses', 'journal_entries'])
    await sql`alter table ${sql.table(table)} disable trigger all`.execute(admin)
  for (const table of ['calls', 'notes', 'request_statuses'])
    await sql`update ${sql.table(table)} set recorded_at = recorded_at - ${ms / 1000}::float8 * interval '1 second'`.execute(
      admin,
    )
  const runs = await db
    .selectFrom('journal_entries')
    .select(['index', 'entry'])
    .where('what', '=', 'run')
    .execute()
  for (const { index, entry } of runs.filter((one) => one.index > movedUntil)) {
    const run = JSON.parse(entry) as { readonly details: Readonly<Record<string, unknown>> }
    const limits = Object.entries(run.details).map(([name, limit]) => [name, moved(limit) ?? limit])
    const text = JSON.stringify({ ...run, details: Object.fromEntries(limits) })
    await sql`update journal_entries set entry = ${text} where index = ${index}`.execute(admin)
    movedUntil = Math.max(movedUntil, index)
  }
  for (const table of ['calls', 'notes', 'request_statuses', 'journal_entries'])
    await sql`alter table ${sql.table(table)} enable trigger all`.execute(admin)
  await admin.destroy()
}

/** Runs twice: a leap of the limits is announced by the first run and done by the second. */
async function announcedAndDone(now: number) {
  await ranBefore(options, now, 0)
  await runRetention({ ...options, now: () => now })
  return runRetention({ ...options, now: () => now })
}

async function record(day: string, name: string): Promise<string> {
  const file = `done/${day}/${name}.mp3.sealed`
  mkdirSync(path.join(recordings, 'done', day), { recursive: true })
  writeFileSync(path.join(dir, name), `the voice of ${name}`)
  await sealFile(path.join(dir, name), path.join(recordings, file), await makeKey(recordingKeys, file))
  return file
}

async function heard(file: string): Promise<string | null> {
  const key = await keyOf(recordingKeys, file)
  if (key === null) return null
  const sealed = await SealedFile.open(path.join(recordings, file), key)
  let text = ''
  for await (const part of sealed.read({ start: 0, end: sealed.size - 1 })) text += part.toString()
  await sealed.close()
  return text
}

t.test('an expired recording cannot be decrypted, not even from a backup; younger ones can', async (t) => {
  // 183 days before 25 November is 26 May.
  const old = await record('2026-05-25', 'old')
  const young = await record('2026-05-26', 'young')
  t.equal(await heard(old), 'the voice of old')
  const backup = path.join(dir, 'yesterday')
  cpSync(recordings, backup, { recursive: true })
  await ranBefore(options, today)
  const run = await runRetention(options)
  t.match(run, { audio: { before: '2026-05-26', recordings: 1 } })
  t.notOk(existsSync(path.join(recordings, old)))
  cpSync(backup, recordings, { recursive: true })
  t.ok(existsSync(path.join(recordings, old)), 'the file is back')
  t.equal(await heard(old), null, 'and is noise')
  t.notMatch(readFileSync(path.join(recordings, old), 'latin1'), 'voice')
  t.equal(await heard(young), 'the voice of young')
  const before = path.join(recordings, 'done/2026-05-24/before.mp3')
  mkdirSync(path.dirname(before))
  writeFileSync(before, 'from before recordings had keys')
  t.match(await runRetention(options), { audio: { recordings: 0 } }, 'again: no key is left')
  t.notOk(existsSync(path.join(recordings, old)), 'what a run that was cut short has left ends with the next')
  t.notOk(existsSync(before))
  t.equal(await heard(young), 'the voice of young')
})

t.test(
  'personal values are deleted, registers and journal still verify, and the run is journalled',
  async (t) => {
    const author = await anAgent('ana')
    const call = CallId('pbx1-1.1')
    await writeEvents(db, callEvents({ id: call, number: '+40256123456' }))
    await addNote(db, { call, author, text: 'Groapă, str. Gării 5, Ion Pop' })
    while ((await journalRows(db, 50)) > 0);
    await anchorJournal(db, place, signer, today)
    const against = { anchor, verifierKey: signer.verifierKey }
    const found = async () => {
      const page = await calls(db, { limit: 10 })
      return page.error === undefined ? page.items.map(({ id, caller }) => [id, caller]) : page.error
    }
    t.match(await announcedAndDone(Date.now()), { details: { rows: { callers: 0, note_texts: 0 } } })
    t.strictSame(await found(), [[call, '+40256123456']], 'what is young stays')
    const later = Date.now() + 1_096 * dayMs
    const run = await announcedAndDone(later)
    t.match(run, { details: { rows: { callers: 1, note_texts: 1 } } })
    t.strictSame(await found(), [[call, null]], 'the call stays, without who called')
    t.strictSame(await notesOf(db, call), [])
    t.equal((await db.selectFrom('notes').select('id').execute()).length, 1, 'that there was a note stays')
    t.match((await retentionRuns(db, 1))[0], run)
    t.match(
      await checkDatabase(db, against),
      { ok: false, bad: { sentence: /callers of pbx1-1\.1 is missing before the end/ } },
      'a limit that is later than the entry of its run, by the clock of the database, excuses nothing',
    )
    t.equal(await anchorJournal(db, place, signer, later), 'goes on')
  },
)

t.test(
  'values of a request are deleted a set time after its closing; an open request keeps them',
  async (t) => {
    const agent = await anAgent('dan')
    const open = await someRequest(db, { agent })
    const closed = await someRequest(db, { agent })
    const answered = {
      request: closed,
      event: { kind: 'answered' },
      note: 'Trimis prin poștă',
      by: agent,
      call: null,
    } as const
    await addStatus(db, answered, '2026-11-25', workingDays([]))
    const later = Date.now() + 1_824 * dayMs
    await announcedAndDone(later)
    await moveBack(later - Date.now())
    t.ok(await detailsOf(db, closed), 'not a day earlier')
    t.equal(await firstWrongValue(db), null, 'and what stands there is what its digests were made of')
    await ranBefore(options, later + 2 * dayMs)
    const run = await runRetention({ ...options, now: () => later + 2 * dayMs })
    t.match(run, { details: { rows: { request_details: 1, request_status_notes: 1, outbox_bodies: 0 } } })
    t.equal(await detailsOf(db, closed), null)
    t.ok(await detailsOf(db, open))
    await moveBack(2 * dayMs, later + 2 * dayMs - Date.now())
    t.equal(await firstWrongValue(db), null, 'what has ended is not missing')
    const bodies = await db.selectFrom('outbox_bodies').select('message').execute()
    t.ok(bodies.length >= 3, 'bodies of unsent messages are kept')
    const states = await db.selectFrom('current_requests').select(['id', 'state']).orderBy('id').execute()
    t.strictSame(
      states,
      [
        { id: open, state: 'registered' },
        { id: closed, state: 'answered' },
      ],
      'that they were there stays',
    )
  },
)

t.test('limits that leap, by a setting or after a long rest, are announced for one night', async (t) => {
  await announcedAndDone(today)
  const young = await record('2026-11-24', 'leap')
  const shorter = { ...options, audioDays: 1, now: () => today + 3 * dayMs }
  t.match(await runRetention(shorter), { audio: { recordings: 0 } }, 'it is announced')
  await runRetention({ ...options, now: () => today + 4 * dayMs })
  t.equal(await heard(young), 'the voice of leap', 'and the setting is right again')
  t.match(await runRetention({ ...shorter, now: () => today + 5 * dayMs }), { audio: { recordings: 0 } })
  t.match(await runRetention({ ...shorter, now: () => today + 6 * dayMs }), { audio: { recordings: 1 } })
  t.equal(await heard(young), null, 'who waits so long for it gets it')
})

t.test('a table that cannot be counted keeps nothing else from ending, and is on record', async (t) => {
  const admin = openTestDatabase(database.adminUrl)
  t.teardown(() => admin.destroy())
  await ranBefore(options, today)
  const old = await record('2026-01-02', 'uncounted')
  await sql`alter table callers rename to callers_away`.execute(admin)
  try {
    await t.rejects(runRetention(options), /could not end everything/)
  } finally {
    await sql`alter table callers_away rename to callers`.execute(admin)
  }
  t.equal(await heard(old), null)
  t.match(await retentionRuns(db, 2), [
    { outcome: 'failed', why: /callers/ },
    { outcome: 'done', audio: { recordings: 1 }, details: { rows: {} } },
  ])
})

t.test('without a retention login the run keeps personal values', async (t) => {
  await ranBefore(options, today)
  t.match(await runRetention({ ...options, retentionUrl: null }), { details: { rows: {} } })
})

t.test('the application itself cannot delete them', async (t) => {
  const app = openTestDatabase(database.appUrl)
  t.teardown(() => app.destroy())
  await t.rejects(sql`delete from callers`.execute(app), { code: '42501' })
})
