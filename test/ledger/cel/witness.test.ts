/** `cel-sample.csv` was written by Asterisk 22.10.1: hung up before Stasis, queued, served by the fallback, refused, cancelled. */
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { celColumns } from '../../../src/asterisk/config/cel-columns.ts'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { step } from '../../../src/core/call-step.ts'
import type { Call } from '../../../src/core/call.ts'
import { CallId, PbxName, QueueId } from '../../../src/core/ids.ts'
import type { AcdCallEvent } from '../../../src/core/acd-event.ts'
import type { Rules } from '../../../src/core/rules.ts'
import { calls, type CallRow } from '../../../src/ledger/calls/calls.ts'
import { rowsOf } from '../../../src/ledger/cel/rows.ts'
import { startWitness, type WitnessOptions } from '../../../src/ledger/cel/witness.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { testCluster, testDatabase, type TestDatabase } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { rules as sampleRules } from '../../core/samples.ts'
import { callEvents } from '../fixtures.ts'

testCluster(t)
const sample = readFileSync(path.join(import.meta.dirname, 'cel-sample.csv'), 'utf8')
const lines = sample.trimEnd().split('\n')
const lastAt = 1_795_565_896_257
const rules: Rules = {
  ...sampleRules,
  wrapUpMs: 0,
  ringTimeoutMs: 15_000,
  waitMaxMs: 3_600_000,
  closingGraceMs: 0,
}

async function scene(t: Test) {
  const database = await testDatabase(t)
  const ana = await addAccount(database.db, {
    username: 'ana',
    name: 'Ana',
    roles: ['agent'],
    employer: 'Firma',
    password: 'parola',
  })
  return { ...database, ana: ana.ok ? ana.account.id : null, file: path.join(t.testdir({}), 'cel.csv') }
}

function witness(t: Test, { db, file }: TestDatabase & { file: string }, more: Partial<WitnessOptions> = {}) {
  const started = startWitness({
    db,
    file,
    pbx: PbxName('pbx1'),
    columns: celColumns,
    lag: () => Promise.resolve(0),
    log: pino({ level: 'silent' }),
    now: () => lastAt + 60_000,
    everyMs: 20,
    ...more,
  })
  t.teardown(() => started.stop())
  return started
}

async function listed({ db }: TestDatabase): Promise<CallRow[]> {
  const answer = await calls(db, { limit: 100 })
  return answer.error === undefined ? answer.items.toReversed() : []
}

/** Finished calls. The sample is older than the span of calls in progress. */
async function rowCount({ db }: TestDatabase): Promise<number> {
  return (await db.selectFrom('calls').select('id').execute()).length
}

void t.test('calls that the application never saw are imported with the right times', async (t) => {
  const here = await scene(t)
  writeFileSync(here.file, sample)
  const seen = witness(t, here)
  await until(() => seen.counts.imported === 8)
  const nobody = { answeredAt: null, talkMs: null, agent: null, recording: 'none' }
  const inLine = { line: '969', queue: 'general', caller: '+40256123456' }
  t.match(await listed(here), [
    { ...nobody, outcome: 'abandoned', queuedAt: null, waitMs: null, endedBy: 'caller', line: '969' },
    {
      ...nobody,
      outcome: 'abandoned',
      caller: '+40722000111',
      arrivedAt: 1_795_564_874_441,
      queuedAt: 1_795_564_879_953,
      endedAt: 1_795_564_896_448,
      waitMs: 16_495,
    },
    { ...nobody, ...inLine, outcome: 'failed', endedBy: 'system', endedAt: 1_795_564_949_384 },
    { ...nobody, ...inLine, outcome: 'abandoned', endedBy: 'caller' },
    { ...nobody, outcome: 'rejected', line: '0256111111', queue: null, caller: null, endedBy: 'system' },
    { ...nobody, outcome: 'abandoned', queue: null, endedBy: 'caller', caller: '+40256123456' },
    {
      ...inLine,
      outcome: 'answered',
      endedBy: 'caller',
      arrivedAt: 1_795_565_852_953,
      answeredAt: 1_795_565_867_549,
      endedAt: 1_795_565_870_966,
      talkMs: 3_417,
      agent: { id: here.ana, name: 'Ana' },
      recording: 'pending',
    },
    { ...inLine, outcome: 'answered', endedBy: 'agent', talkMs: 2_006, agent: { name: 'Ana' } },
  ])
})

void t.test('a recorded call is never imported, and one with events only after a grace time', async (t) => {
  const here = await scene(t)
  const recorded = callEvents({ id: 'pbx1-1795564972.5', talks: null, arrivedAt: 1_795_564_972_856 })
  const begun = callEvents({ id: 'pbx1-1795564959.3', arrivedAt: 1_795_564_959_464 }).slice(0, 2)
  await writeEvents(here.db, [...recorded, ...begun])
  writeFileSync(here.file, sample)
  const first = witness(t, here, { lineGraceMs: 3_600_000 })
  await until(() => first.counts.imported === 6)
  await first.stop()
  const row = (await listed(here)).find((call) => call.id === 'pbx1-1795564972.5')
  t.equal(row?.waitMs, 4_000, 'as the ACD recorded it')
  const later = witness(t, here, { lineGraceMs: 60_000 })
  await until(() => later.counts.imported === 1)
  const sources = await here.db
    .selectFrom('calls')
    .select(['id', 'source'])
    .where('source', '=', 'line')
    .execute()
  t.strictSame(
    sources.map(({ id }) => id),
    ['pbx1-1795564972.5'],
  )
})

void t.test(
  'recorded events of a call count, and its end is imported once the ledger has caught up',
  async (t) => {
    const here = await scene(t)
    // The server died while this caller waited in a queue; the fallback queue served the call later.
    const id = 'pbx1-1795565852.0'
    const arrivedAt = 1_795_565_852_900
    const recorded = callEvents({ id, arrivedAt }).slice(0, 3)
    const taxes = recorded.map((event) => ({ ...event, after: { ...event.after, queue: QueueId('taxes') } }))
    await writeEvents(here.db, taxes)
    writeFileSync(here.file, sample)
    let lag = 1
    const seen = witness(t, here, { lag: () => Promise.resolve(lag), lineGraceMs: 0 })
    await until(() => seen.counts.imported === 7)
    lag = 0
    await until(() => seen.counts.imported === 8)
    t.match(
      (await listed(here)).find((call) => call.id === id),
      {
        queue: 'taxes',
        arrivedAt,
        queuedAt: arrivedAt,
        offeredAt: arrivedAt + 100,
        answeredAt: 1_795_565_867_549,
        endedAt: 1_795_565_870_966,
        waitMs: 1_795_565_867_549 - arrivedAt,
        agent: { id: here.ana },
        outcome: 'answered',
      },
    )
  },
)

const unwitnessed: CallEvent = { type: 'CallerLost', unwitnessed: true }

void t.test('an end that the ACD did not observe is imported from the CEL at once', async (t) => {
  const here = await scene(t)
  const noticedAt = lastAt + 40_000
  // Waiting when the server died, served by the fallback queue, ended when the server was back.
  const rescued = callEvents({ id: 'pbx1-1795565852.0', talks: null, arrivedAt: 1_795_565_852_953 })
  // On hold when the server died; the caller hung up.
  const heldAt = 1_795_564_973_000
  const held = callEvents({ id: 'pbx1-1795564972.5', arrivedAt: 1_795_564_972_856, waits: 50, talks: 0 })
  const story = [
    ...leftAfter(rescued.slice(0, 2), noticedAt),
    ...leftAfter(
      held
        .slice(0, 4)
        .map((event, at) =>
          at < 3 ? event : { ...event, after: { ...event.after, phase: 'held', since: heldAt } as Call },
        ),
      noticedAt,
    ),
  ]
  await writeEvents(here.db, story)
  t.equal(await rowCount(here), 0, 'no end of the line’s own')
  writeFileSync(here.file, sample)
  // Neither waits for the lag of other calls' events.
  const seen = witness(t, here, { now: () => lastAt, lag: () => Promise.resolve(5) })
  await until(() => seen.counts.imported >= 2)
  const found = await listed(here)
  t.match(
    found.find(({ id }) => id === 'pbx1-1795565852.0'),
    {
      outcome: 'answered',
      answeredAt: 1_795_565_867_549,
      endedAt: 1_795_565_870_966,
      talkMs: 3_417,
      agent: { name: 'Ana' },
      recording: 'pending',
    },
  )
  t.match(
    found.find(({ id }) => id === 'pbx1-1795564972.5'),
    {
      outcome: 'answered',
      endedBy: 'caller',
      endedAt: 1_795_564_973_159,
      heldMs: 159,
      agent: { id: 'agent-1' },
    },
  )
})

void t.test('without a CEL file the ACD’s own end event counts in the end', async (t) => {
  const here = await scene(t)
  const recorded = callEvents({ id: 'pbx1-1.1', talks: null, arrivedAt: lastAt - 700_000 })
  await writeEvents(here.db, leftAfter(recorded.slice(0, 2), lastAt - 650_000))
  const early = witness(t, here, { now: () => lastAt - 60_000 })
  await early.stop()
  t.equal(await rowCount(here), 0)
  witness(t, here)
  await until(async () => (await listed(here))[0]?.outcome === 'abandoned')
  t.match(await listed(here), [{ waitMs: 50_000, endedAt: lastAt - 650_000 }])
})

void t.test('a call that went down with Asterisk ended when it was last seen, by whomever', async (t) => {
  const here = await scene(t)
  const id = 'pbx1-1795565852.0'
  const arrivedAt = 1_795_565_852_953
  const seenAt = arrivedAt + 20_000
  const begun = callEvents({ id, talks: null, arrivedAt }).slice(0, 2)
  const lost: CallEvent = { type: 'CallerLost', pbxDied: true, unwitnessed: true, lastSeenAt: seenAt }
  await writeEvents(here.db, leftAfter(begun, lastAt + 3_000_000, lost))
  // Its record breaks off after the arrival, and another process of Asterisk goes on.
  const own = lines.findIndex((line) => line.includes(id))
  const next = lines.filter((line) => line.includes('1795565879.0'))
  writeFileSync(here.file, `${[lines[own], ...next].join('\n')}\n`)
  witness(t, here)
  await until(async () => (await listed(here)).some((call) => call.id === id))
  t.match(
    (await listed(here)).find((call) => call.id === id),
    { endedAt: seenAt, outcome: 'failed', endedBy: 'system' },
  )
})

void t.test('a call that was in the line when the system stopped for days is still settled', async (t) => {
  const here = await scene(t)
  const arrivedAt = lastAt - 3 * 86_400_000
  const begun = callEvents({ id: 'pbx1-1.1', talks: null, arrivedAt }).slice(0, 2)
  const lost: CallEvent = { type: 'CallerLost', unwitnessed: true, lastSeenAt: arrivedAt + 60_000 }
  await writeEvents(here.db, leftAfter(begun, lastAt - 700_000, lost))
  witness(t, here)
  await until(async () => (await listed(here)).length === 1)
  t.match(await listed(here), [{ endedAt: arrivedAt + 60_000, outcome: 'abandoned' }])
})

/** The ACD found the caller gone and did not observe the end. */
function leftAfter(events: readonly AcdCallEvent[], at: number, event = unwitnessed): AcdCallEvent[] {
  const last = events.at(-1)
  if (last === undefined) return []
  const after = step(last.after, event, at, rules).call
  return [...events, { ...last, seq: last.seq + 1, at, event, after }]
}

void t.test(
  'reading resumes across a rotation and incomplete lines, and imports no call twice',
  async (t) => {
    const here = await scene(t)
    // Cut inside the first of the two calls of the fallback queue, and inside a line.
    const cut = lines.findIndex((line) => line.includes('"Queue"') && line.includes('1795565852.0'))
    writeFileSync(here.file, `${lines.slice(0, cut).join('\n')}\n${lines[cut]?.slice(0, 40)}`)
    const first = witness(t, here)
    await until(() => first.counts.imported === 6)
    await first.stop()
    appendFileSync(here.file, `${lines[cut]?.slice(40)}\n${lines[cut + 1]}\n`)
    renameSync(here.file, `${here.file}.1`)
    writeFileSync(here.file, `${lines.slice(cut + 2).join('\n')}\n`)
    const second = witness(t, here)
    await until(() => second.counts.imported === 2)
    const answered = (await listed(here)).filter((call) => call.outcome === 'answered')
    t.match(answered, [{ arrivedAt: 1_795_565_852_953, talkMs: 3_417 }, { talkMs: 2_006 }])
    await second.stop()
    const third = witness(t, here)
    appendFileSync(here.file, `${lines[0]?.replaceAll('.0"', '.77"')}\n`)
    await until(async () => (await progress(here)) !== null)
    await third.stop()
    t.equal(third.counts.imported, 0)
    t.equal((await listed(here)).length, 8)
  },
)

void t.test('garbage after a power cut, longer than any row, does not stop the reading', async (t) => {
  const here = await scene(t)
  writeFileSync(here.file, `${'\0'.repeat(200_000)}\n${sample}`)
  const seen = witness(t, here)
  await until(() => seen.counts.imported === 8)
  t.ok(seen.counts.skippedLines > 0)
})

void t.test('a call in progress is not imported, nor any call while the ledger lags behind', async (t) => {
  const here = await scene(t)
  writeFileSync(here.file, sample)
  let caughtUp = false
  let asked = 0
  const seen = witness(t, here, {
    now: () => lastAt + 10_000,
    lag: () => {
      asked += 1
      return Promise.resolve(caughtUp ? 200 : 201)
    },
  })
  await until(() => asked > 2)
  t.equal(seen.counts.imported, 0)
  caughtUp = true
  await until(() => seen.counts.imported === 7)
  const last = await here.db
    .selectFrom('calls')
    .select('id')
    .where('id', '=', CallId('pbx1-1795565879.0'))
    .execute()
  t.strictSame(last, [], 'over for ten seconds only')
})

void t.test('without a file the witness waits; invalid lines are counted', async (t) => {
  const here = await scene(t)
  const seen = witness(t, here)
  writeFileSync(here.file, `not a row\n"too","few"\n${lines.slice(0, 5).join('\n')}\n`)
  await until(() => seen.counts.imported === 1)
  t.equal(seen.counts.skippedLines, 2)
  t.equal(seen.counts.failing, 0)
})

void t.test(
  'quotes, commas and line breaks inside fields are read; a lost quote costs only the rows up to the next one',
  async (t) => {
    const row = (name: string) =>
      celColumns
        .map((column) => (column === 'EventTime' ? '"1.5"' : column === 'AppData' ? `"${name}"` : '"x"'))
        .join()
    const good = rowsOf(Buffer.from(`${row('a ""b"", c\nd')}\n${row('next')}\n"unfini`), celColumns)
    t.equal(good.rows.length, 2)
    t.equal(good.bytes, Buffer.byteLength(`${row('a ""b"", c\nd')}\n${row('next')}\n`))
    const lost = rowsOf(Buffer.from(`${row('lost " quote')}\n${`${row('y')}\n`.repeat(1_000)}`), celColumns)
    t.ok(lost.rows.length > 500 && lost.skipped >= 1)
  },
)

async function progress({ db }: TestDatabase) {
  return (await db.selectFrom('cel_progress').selectAll().executeTakeFirst()) ?? null
}
