/**
 * Every nightly job with each of its folders absent, empty, read-only, full and half written: no success is claimed where
 * something was not done, nothing is lost, and the job goes on once the folder is whole again. One table; what other files
 * test in it is named there.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { celColumns } from '../../src/asterisk/config/cel-columns.ts'
import { headSigner } from '../../src/city/journal/checkpoint.ts'
import { JournalKeeper } from '../../src/jobs/journal/keeper.ts'
import { runRetention } from '../../src/jobs/retention/retention.ts'
import { lastCheckOf } from '../../src/ledger/journal/last-check.ts'
import { appendEntry } from '../../src/ledger/journal/journal.ts'
import { makeKey } from '../../src/ledger/recordings/keys.ts'
import { retentionState } from '../../src/ledger/retention/runs.ts'
import { writeMark } from '../../src/ledger/volumes/volume.ts'
import { endOldFiles } from '../../src/stack/retention/old-files.ts'
import { readUpkeep } from '../../src/upkeep.ts'
import { ranBefore, retentionIn } from '../jobs/retention/nightly-run.ts'
import { testDatabase } from '../support/postgres.ts'
import { emptyDisk, fillDisk, mountDisk, setReadOnly, withDisks } from './backup/disks.ts'

const dayMs = 86_400_000
const words = ['absent', 'empty', 'read-only', 'full', 'half written'] as const
type Word = (typeof words)[number]

/** What a run with a folder in this trouble has to end with: `done`, or a failure with this reason. */
type Cell = 'done' | RegExp
/** Where another file tests the cell: its title there. */
type Elsewhere = readonly [file: string, title: string]

interface Job {
  /** The folder in trouble. */
  readonly folder: string
  /** Leaves something half written in it. */
  readonly half: () => void
  /** `done`, or the reason of the failure as the log, the metric or `linia doctor` has it. */
  readonly run: () => Promise<string>
  /** Throws where something that must be kept is lost. */
  readonly kept: (t: Test) => void
  /** After a run that ended everything. */
  readonly ended: (t: Test) => Promise<void> | void
}

interface Row {
  readonly job: string
  readonly make: (t: Test, word: Word) => Promise<Job>
  readonly cells: Readonly<Record<Word, Cell>>
}

function folderOf(t: Test): (...names: string[]) => string {
  const dir = mkdtempSync(join(tmpdir(), 'linia-nightly-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  return (...names) => join(dir, ...names)
}

/** Makes the trouble; returns how it is mended. */
function trouble(t: Test, word: Word, { folder, half }: Job, cell: Cell): () => void {
  if (word === 'half written') {
    const whole = `${folder}.whole`
    cpSync(folder, whole, { recursive: true, preserveTimestamps: true })
    half()
    // What the job copes with by itself needs no mending.
    if (cell === 'done') return () => undefined
    return () => {
      rmSync(folder, { recursive: true })
      renameSync(whole, folder)
    }
  }
  const aside = `${folder}.aside`
  renameSync(folder, aside)
  if (word === 'absent' || word === 'empty') {
    if (word === 'empty') mkdirSync(folder)
    return () => {
      rmSync(folder, { recursive: true, force: true })
      renameSync(aside, folder)
    }
  }
  mountDisk(t, folder)
  cpSync(aside, folder, { recursive: true, preserveTimestamps: true })
  if (word === 'read-only') setReadOnly(folder, true)
  else fillDisk(folder)
  return () => {
    if (word === 'read-only') setReadOnly(folder, false)
    else emptyDisk(folder)
  }
}

const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) =>
      error instanceof AggregateError ? error.errors.map(String).join('; ') : String(error),
  )

// ---- the jobs -----------------------------------------------------------------------------

const dayOf = (daysAgo: number): string => new Date(Date.now() - daysAgo * dayMs).toISOString().slice(0, 10)

async function retention(t: Test, name: 'keys' | 'recordings' | 'spool'): Promise<Job> {
  const database = await testDatabase(t)
  const at = folderOf(t)
  await writeMark(at('keys'), 'keys')
  await writeMark(at('recordings'), 'recordings')
  for (const daysAgo of [200, 1]) {
    await makeKey(at('keys'), `done/${dayOf(daysAgo)}/one.mp3.sealed`)
    mkdirSync(at('recordings/done', dayOf(daysAgo)), { recursive: true })
    writeFileSync(at('recordings/done', dayOf(daysAgo), 'one.mp3.sealed'), 'sealed')
  }
  mkdirSync(at('spool'))
  const refused = (daysAgo: number, text: string) =>
    `${JSON.stringify({ at: Date.now() - daysAgo * dayMs, text })}\n`
  // The young lines need more room than one block of a full disk has left.
  writeFileSync(at('spool/refused-node1.ndjson'), refused(2_000, 'old') + refused(1, 'x'.repeat(20_000)))
  const options = retentionIn(database, at())
  await ranBefore(options, Date.now())
  const young = () =>
    readdirSync(at('spool')).some((file) =>
      readFileSync(at('spool', file), 'utf8').includes('x'.repeat(20_000)),
    )
  const folderIn = (folder: string) => (existsSync(`${folder}.aside`) ? `${folder}.aside` : folder)
  return {
    folder: at(name),
    half:
      name === 'spool'
        ? () => {
            const file = at('spool/refused-node1.ndjson')
            writeFileSync(file, `${readFileSync(file, 'utf8')}{"at":17`)
          }
        : () => writeFileSync(at(name, 'linia-volume.json'), '{"volume":"ke'),
    async run() {
      const ran = await outcome(runRetention(options))
      const { bad } = await retentionState(database.db)
      // On record for the auditor, `linia doctor` and the metric.
      return ran === 'done' ? (bad ?? 'done') : `${bad}`
    },
    kept(t) {
      t.ok(existsSync(join(folderIn(at('keys')), dayOf(1), 'one.mp3.key')), 'the young key')
      t.ok(existsSync(join(folderIn(at('recordings')), 'done', dayOf(1), 'one.mp3.sealed')))
      if (!existsSync(at('spool.aside'))) t.ok(young(), 'the young event')
    },
    ended(t) {
      t.notOk(existsSync(at('keys', dayOf(200))), 'the old key')
      t.notOk(existsSync(at('recordings/done', dayOf(200))), 'the old recording')
      t.notMatch(readFileSync(at('spool/refused-node1.ndjson'), 'utf8'), '"old"', 'the old event')
      t.ok(young())
    },
  }
}

const celRow = (at: number, text = 'x'): string =>
  `${celColumns.map((column) => `"${column === 'EventTime' ? at / 1000 : text.repeat(200)}"`).join(',')}\n`

async function oldFiles(t: Test, name: 'log' | 'cel' | 'upkeep'): Promise<Job> {
  const at = folderOf(t)
  for (const folder of ['log', 'upkeep', 'asterisk/log']) mkdirSync(at(folder), { recursive: true })
  await writeMark(at('asterisk/log'), 'cel')
  const paths = {
    upkeep: at('upkeep'),
    log: at('log'),
    asterisk: at('asterisk'),
    cel: at('asterisk/log/cel.csv'),
  }
  let now = Date.now() - 30 * dayMs
  const run = () =>
    outcome(endOldFiles({ paths, logsDays: 183, detailsDays: 1_095, ownAsterisk: true, now: () => now }))
  await run()
  writeFileSync(at('log/a.log'), 'a line\n'.repeat(1_000))
  // One file with rows of years ago, whose young rows stay; the rest is renamed.
  const young = celRow(now - 10 * dayMs)
  writeFileSync(at('asterisk/log/cel.csv-20260101'), celRow(now - 1_200 * dayMs, 'old') + young.repeat(5))
  utimesSync(at('asterisk/log/cel.csv-20260101'), now / 1000, now / 1000)
  writeFileSync(paths.cel, young)
  const cel = () =>
    existsSync(at('asterisk/log'))
      ? readdirSync(at('asterisk/log'))
          .map((file) => readFileSync(at('asterisk/log', file), 'utf8'))
          .join('')
      : ''
  return {
    folder: name === 'cel' ? at('asterisk/log') : at(name),
    half() {
      if (name === 'log')
        writeFileSync(
          at('log', `a.log-${new Date(now + dayMs).toISOString().slice(0, 10).replaceAll('-', '')}`),
          'a li',
        )
      if (name === 'cel')
        writeFileSync(at('asterisk/log/cel.csv-20260101'), young.slice(0, 100), { flag: 'a' })
      if (name === 'upkeep') writeFileSync(at('upkeep/logs.json'), '{"at":"20')
    },
    run() {
      now += dayMs
      return run()
    },
    kept(t) {
      const logs = existsSync(at('log'))
        ? readdirSync(at('log')).map((file) => readFileSync(at('log', file), 'utf8'))
        : []
      if (logs.length > 0) t.ok(logs.join('').includes('a line\n'.repeat(1_000)), 'the log, or its copy')
      if (cel() !== '') t.ok(cel().split(young).length >= 6, 'the young rows')
    },
    ended(t) {
      t.equal(readFileSync(at('log/a.log'), 'utf8'), '')
      t.notMatch(cel(), 'old')
      t.match(readUpkeep(at('upkeep'), 'logs'), { bad: null })
    },
  }
}

async function journal(t: Test, work: 'keep' | 'check', word: Word): Promise<Job> {
  const database = await testDatabase(t)
  const { db } = database
  const at = folderOf(t)
  const signer = headSigner('signs the heads of these tests, long enough')
  const place = { folder: at('anchor'), own: at('own'), verifierKey: signer.verifierKey }
  const keeper = new JournalKeeper({
    db,
    databaseUrl: database.appUrl,
    redisUrl: 'redis://127.0.0.1:1',
    prefix: 'x',
    place,
    signer,
    stampCa: null,
    retention: null,
    log: pino({ level: 'silent' }),
    now: Date.now,
  })
  t.teardown(() => keeper.stop())
  const look = async (count: number) => {
    for (let one = 0; one < count; one += 1) await appendEntry(db, { what: 'look' })
  }
  await look(3)
  await keeper.keep()
  await keeper.check()
  const heads = () => readdirSync(at('anchor')).filter((name) => name.endsWith('.heads'))
  const mark = () => Number(readFileSync(at('own/mark'), 'utf8').split('\n')[1])
  const before = readFileSync(at('anchor', heads()[0] ?? ''), 'utf8')
  return {
    folder: at('anchor'),
    half() {
      const text = readFileSync(at('anchor', heads()[0] ?? ''), 'utf8')
      writeFileSync(at('anchor', heads()[0] ?? ''), text + text.slice(0, 40))
      if (work === 'check') writeFileSync(at('anchor/last-check.json'), '{"at":17')
    },
    async run() {
      // On a full disk more leaves than its last block has room for.
      await look(word === 'full' ? 150 : 5)
      const ran = await outcome(work === 'keep' ? keeper.keep() : keeper.check())
      return ran === 'done' ? (keeper.alarm() ?? 'done') : ran
    },
    kept(t) {
      if (existsSync(at('anchor.aside'))) return
      t.ok(
        heads().some((name) => readFileSync(at('anchor', name), 'utf8').startsWith(before)),
        'the heads',
      )
      t.ok(
        mark() <= 3 || readFileSync(at('anchor/leaves')).length >= mark() * 32,
        'no mark is ahead of the anchor',
      )
    },
    async ended(t) {
      t.equal(await keeper.keep(), 'goes on')
      await keeper.check()
      t.equal(keeper.counts.bad, 0)
      t.match(await lastCheckOf(at('anchor')), { bad: null })
      t.ok((keeper.goodCheckAgeMs() ?? Infinity) < 60_000)
    },
  }
}

// ---- the table ----------------------------------------------------------------------------

const noMark = /VolumeAbsent: .* has no linia-volume\.json/
const rows: readonly Row[] = [
  ...(['keys', 'recordings'] as const).map((name) => ({
    job: `retention, ${name}`,
    make: (t: Test) => retention(t, name),
    // Deleting needs no room, and a key is overwritten in its place.
    cells: {
      absent: noMark,
      empty: noMark,
      'read-only': /EROFS/,
      full: 'done' as const,
      'half written': noMark,
    },
  })),
  {
    job: 'retention, spool',
    make: (t) => retention(t, 'spool'),
    cells: { absent: 'done', empty: 'done', 'read-only': /EROFS/, full: /ENOSPC/, 'half written': 'done' },
  },
  {
    job: 'rotation of logs',
    make: (t) => oldFiles(t, 'log'),
    cells: { absent: 'done', empty: 'done', 'read-only': /EROFS/, full: /ENOSPC/, 'half written': 'done' },
  },
  {
    job: 'rotation and cut of the CEL',
    make: (t) => oldFiles(t, 'cel'),
    cells: { absent: noMark, empty: noMark, 'read-only': /EROFS/, full: 'done', 'half written': 'done' },
  },
  {
    job: 'rotation, its own state',
    make: (t) => oldFiles(t, 'upkeep'),
    cells: { absent: 'done', empty: 'done', 'read-only': /EROFS/, full: /ENOSPC/, 'half written': 'done' },
  },
  {
    job: 'anchor of the journal',
    make: (t, word) => journal(t, 'keep', word),
    cells: {
      absent: /no head, although heads were anchored/,
      empty: /no head, although heads were anchored/,
      'read-only': /EROFS/,
      full: /ENOSPC|is full/,
      'half written': 'done',
    },
  },
  {
    job: 'check of the journal',
    make: (t, word) => journal(t, 'check', word),
    cells: {
      absent: /head/,
      empty: /head/,
      'read-only': /EROFS/,
      full: /ENOSPC/,
      'half written': 'done',
    },
  },
]

/** Jobs whose cells are tested in other files. */
const elsewhere: Readonly<Record<string, Readonly<Record<Word, Elsewhere>>>> = {
  'backup and copy of the keys': {
    absent: ['backup/nothing.test.ts', 'the volume of the recordings’ keys is not mounted for eight nights'],
    empty: ['backup/nothing.test.ts', 'the start and a backup refuse each volume that is not the ledger’s'],
    'read-only': ['backup/nothing.test.ts', 'a disk that is full or read-only: a sentence, exit code 1'],
    full: ['backup/nothing.test.ts', 'a disk that is full or read-only: a sentence, exit code 1'],
    'half written': ['backup/nothing.test.ts', 'a half-written copy is no copy'],
  },
  'look for a newer Asterisk': Object.fromEntries(
    words.map((word) => [
      word,
      ['install/asterisk-update.test.ts', 'what a look found is kept, or the look fails'],
    ]),
  ) as unknown as Readonly<Record<Word, Elsewhere>>,
}

for (const { job, make, cells } of rows)
  for (const word of words) {
    const cell = cells[word]
    const onDisk = word === 'read-only' || word === 'full' ? withDisks : {}
    const told = cell === 'done' ? 'done' : 'told as a failure'
    t.test(`${job} | ${word} | ${told}, nothing lost, goes on`, { ...onDisk, timeout: 60_000 }, async (t) => {
      const made = await make(t, word)
      const mend = trouble(t, word, made, cell)
      const ran = await made.run()
      if (cell === 'done') t.equal(ran, 'done')
      else t.match(ran, cell)
      made.kept(t)
      mend()
      made.kept(t)
      t.equal(await made.run(), 'done', 'once it is mended')
      made.kept(t)
      await made.ended(t)
    })
  }

for (const [job, cells] of Object.entries(elsewhere))
  for (const [word, [file, title]] of Object.entries(cells))
    t.test(`${job} | ${word} | ${file}`, async (t) => {
      t.ok(readFileSync(join(import.meta.dirname, file), 'utf8').includes(title), title)
    })
