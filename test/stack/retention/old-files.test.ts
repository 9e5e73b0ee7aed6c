/** Logs and CEL are rotated each day and end after their terms, also on a bad disk and with a clock that leaps. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { celColumns } from '../../../src/asterisk/config/cel-columns.ts'
import { readCel, type CelPlace } from '../../../src/ledger/cel/files.ts'
import { rowsOf } from '../../../src/ledger/cel/rows.ts'
import { confirmClockOfFiles, endOldFiles } from '../../../src/stack/retention/old-files.ts'
import { readUpkeep } from '../../../src/upkeep.ts'
import { markFile, newMark } from '../../../src/ledger/volumes/volume.ts'
import { attack } from '../../support/attack.ts'

const dayMs = 86_400_000
const number = '+40256555123'
const start = Date.UTC(2026, 10, 29, 1)
/** A machine that was off for as many nights is still believed. */
const aWeek = 7

function place(t: Test, name: string) {
  // Not tap's folder: its name is that of the test, and an attack's is too long.
  const dir = mkdtempSync(join(tmpdir(), 'linia-files-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  for (const folder of ['log', 'asterisk/log', 'asterisk-second/log'])
    mkdirSync(join(dir, name, folder), { recursive: true })
  writeFileSync(join(dir, name, 'asterisk/log', markFile), JSON.stringify({ volume: 'cel', mark: newMark() }))
  const at = (...names: string[]) => join(dir, name, ...names)
  const paths = {
    upkeep: at('upkeep'),
    log: at('log'),
    asterisk: at('asterisk'),
    cel: at('asterisk/log/cel.csv'),
  }
  const run = (now: number, ownAsterisk = true) =>
    endOldFiles({ paths, logsDays: 183, detailsDays: 1_095, ownAsterisk, now: () => now })
  /** Each night, or each of `every` nights, until the one after `days`. */
  const nights = async (days: number, from = start, every = 1) => {
    for (let day = 0; day <= days; day += every) await run(from + day * dayMs)
  }
  const all = () =>
    readdirSync(at(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n')
  return { at, run, nights, all }
}

/** Each row with its place, from a place on. */
async function readAll(cel: string, from: CelPlace | null): Promise<(CelPlace & { number: string })[]> {
  const all: (CelPlace & { number: string })[] = []
  for (let place = from; ;) {
    const found = await readCel(cel, place)
    if (found === null) return all
    const { rows, bytes, skipped } = rowsOf(found.bytes, celColumns)
    if (skipped > 0) throw new Error(`${skipped} lines are no rows`)
    const { file, position } = found.at
    all.push(...rows.map(({ row: { number }, offset }) => ({ file, position: position + offset, number })))
    place = { file, position: position + bytes }
  }
}

const row = (at: number, caller: string): string =>
  `${celColumns.map((column) => `"${column === 'EventTime' ? at / 1000 : column === 'Num' ? caller : 'x'}"`).join(',')}\n`

await attack(
  t,
  {
    attack: 'looks for a number in old logs, the CEL and queue_log',
    before:
      'a log of four years ago was appended to at each start, and beyond 20 MB kept as .log.1: the number was in both',
    now: 'nothing is left after the terms; younger rows are',
  },
  async (t) => {
    const { at, run, nights, all } = place(t, 'a')
    await run(start - dayMs)
    writeFileSync(at('log/server1.log'), `${number} asks\n`)
    writeFileSync(at('asterisk/log/messages.log'), `WARNING ${number}\n`)
    writeFileSync(at('asterisk-second/log/messages.log'), `WARNING ${number}\n`)
    writeFileSync(at('asterisk/log/queue_log'), `1|2|x|NONE|ENTERQUEUE||${number}\n`)
    writeFileSync(at('asterisk/log/cel.csv'), row(start - 400 * dayMs, '+40256555000') + row(start, number))
    await nights(0)
    t.equal(statSync(at('log/server1.log')).size, 0)
    t.match(readFileSync(at('log/server1.log-20261129'), 'utf8'), number)
    writeFileSync(at('asterisk/log/cel.csv'), row(start + 1, '+40256555001'))
    t.match(all(), number)
    await nights(184)
    t.notOk(existsSync(at('log/server1.log-20261129')))
    t.notOk(existsSync(at('asterisk/log/messages.log-20261129')))
    t.match(
      readFileSync(at('asterisk/log/cel.csv-20261129'), 'utf8'),
      number,
      'the CEL has the term of details',
    )
    await nights(700, start + 185 * dayMs, aWeek)
    const cut = readFileSync(at('asterisk/log/cel.csv-20261129'), 'utf8')
    t.notMatch(cut, '+40256555000', 'rows of years before its rotation end too')
    t.match(cut, number)
    await nights(300, start + 886 * dayMs, aWeek)
    t.notMatch(all(), number)
    t.notMatch(all(), '+40256555001')
    t.notOk(existsSync(at('asterisk/log/queue_log')))
  },
)

t.test(
  'the CEL’s reader goes on over a rotation, and does not read the rest of a cut file twice',
  async (t) => {
    const { at, run } = place(t, 'b')
    const cel = at('asterisk/log/cel.csv')
    await run(start)
    writeFileSync(cel, row(start, '1'))
    const first = await readCel(cel, null)
    const after: CelPlace = { file: first!.at.file, position: first!.bytes.length }
    await run(start + dayMs)
    t.notOk(existsSync(cel))
    t.equal(await readCel(cel, after), null)
    writeFileSync(cel, row(start + dayMs, '2'))
    const next = await readCel(cel, after)
    t.match(next?.bytes.toString(), '"2"')
    t.notMatch(next?.bytes.toString(), '"1"')
  },
)

t.test('the CEL’s reader keeps its place in a file that is cut below it', async (t) => {
  const { at, run } = place(t, 'cut')
  const cel = at('asterisk/log/cel.csv')
  await run(start)
  // A file of an earlier version, never rotated: years of rows, the last one of a call that is not settled.
  writeFileSync(cel, row(start - 1_200 * dayMs, 'old').repeat(400) + row(start, 'read') + row(start, 'next'))
  const read = await readAll(cel, null)
  const position = read.at(-1)?.position ?? 0
  const [lastRead] = read.slice(-2)
  t.equal(lastRead?.number, 'read')
  const here: CelPlace = { file: lastRead?.file ?? '', position }
  // In one night it is rotated and cut, before the reader has gone on.
  await run(start + dayMs)
  t.notMatch(readFileSync(at('asterisk/log/cel.csv-20261130'), 'utf8'), 'old')
  writeFileSync(cel, row(start + dayMs, 'new').repeat(1_000))
  t.same(
    (await readAll(cel, here)).map(({ number }) => number),
    ['next', ...Array.from({ length: 1_000 }, () => 'new')],
    'nothing is read twice, and nothing is left out',
  )
  t.same(
    (await readAll(cel, null)).slice(0, 2).map(({ number }) => number),
    ['read', 'next'],
    'and a reader of everything finds no trace of the past rows',
  )
})

await attack(
  t,
  {
    attack: 'a clock that is wrong for several nights while logs and CEL are ended',
    before:
      'a year ahead: the second night deleted the logs of yesterday; years back: CEL of the day got an old name, and the first right night deleted it',
    now: 'nothing is renamed or deleted, the reason is told each day, and the first right night goes on',
  },
  async (t) => {
    const { at, run, nights, all } = place(t, 'c')
    await run(start)
    writeFileSync(at('log/a.log'), 'of yesterday')
    await run(start + dayMs)
    const copy = at('log/a.log-20261130')
    for (const [direction, shift] of [
      [/\d+ days after/, 365],
      [/\d+ days before/, -1_096],
    ] as const) {
      writeFileSync(at('asterisk/log/cel.csv'), row(start, number))
      writeFileSync(at('log/a.log'), 'of today')
      for (let night = 1; night <= 3; night += 1) {
        const clock = start + (shift + night) * dayMs
        if (night === 1) await t.rejects(run(clock), { name: 'ClockDoubtful', message: direction })
        else await t.rejects(run(clock), { name: 'ClockDoubtful' })
        await run(clock)
        t.match(readUpkeep(at('upkeep'), 'logs')?.bad, /Nothing was deleted\. Set the clock right/)
      }
      t.equal(readFileSync(copy, 'utf8'), 'of yesterday')
      t.equal(readFileSync(at('log/a.log'), 'utf8'), 'of today')
      await run(start + (shift > 0 ? 4 : 5) * dayMs)
      t.match(readUpkeep(at('upkeep'), 'logs'), { bad: null })
    }
    t.match(all(), number)
    t.same(
      readdirSync(at('asterisk/log'))
        .filter((file) => file !== markFile)
        .sort(),
      ['cel.csv-20261203', 'cel.csv-20261204'],
      'named by the right days',
    )
    await nights(190, start + 6 * dayMs)
    t.notOk(existsSync(copy))
  },
)

t.test('a system that was off for long waits for a person, who says what day it is', async (t) => {
  const { at, run } = place(t, 'off')
  await run(start)
  writeFileSync(at('log/a.log'), 'old')
  await run(start + dayMs)
  const copy = at('log/a.log-20261130')
  for (let day = 401; day <= 410; day += 1)
    await t.rejects(run(start + day * dayMs), { name: 'ClockDoubtful' })
  t.ok(existsSync(copy))
  await confirmClockOfFiles(at('upkeep'), start + 410 * dayMs)
  t.equal(readUpkeep(at('upkeep'), 'logs')?.bad, null)
  await run(start + 410 * dayMs)
  t.notOk(existsSync(copy), 'on the same day')
})

t.test('a wrong clock that lasted for forty days, and is right again, goes on at once', async (t) => {
  const { run } = place(t, 'forty')
  await run(start)
  await run(start + dayMs)
  for (let day = 1; day <= 40; day += 1) {
    await t.rejects(run(start + (400 + day) * dayMs), { name: 'ClockDoubtful' })
  }
  await run(start + 42 * dayMs)
})

t.test('absent, empty and half-written: nothing is lost', async (t) => {
  const { at, run } = place(t, 'd')
  await run(start)
  rmSync(at('asterisk-second'), { recursive: true })
  writeFileSync(at('log/empty.log'), '')
  writeFileSync(at('asterisk/log/cel.csv'), `${row(start, number)}"CHAN_START","17`)
  writeFileSync(at('upkeep/logs.json'), '{"at": 17')
  await run(start + dayMs)
  t.ok(existsSync(at('asterisk/log/cel.csv')), 'a state that cannot be read counts as the first run')
  await run(start + 2 * dayMs)
  t.match(readFileSync(at('asterisk/log/cel.csv-20261201'), 'utf8'), /"17$/)
  t.notOk(existsSync(at('log/empty.log-20261201')))
})

t.test(
  'a folder that is read-only is named, and the others are done',
  { skip: process.getuid?.() === 0 },
  async (t) => {
    const { at, run } = place(t, 'e')
    await run(start)
    writeFileSync(at('log/a.log'), 'a')
    writeFileSync(at('asterisk/log/messages.log'), 'b')
    chmodSync(at('log'), 0o500)
    await t.rejects(run(start + dayMs), { errors: [{ code: 'EACCES' }] })
    chmodSync(at('log'), 0o700)
    t.equal(readFileSync(at('log/a.log'), 'utf8'), 'a', 'the log is not emptied without its copy')
    t.ok(existsSync(at('asterisk/log/messages.log-20261130')))
  },
)

t.test('a bad file is named, and keeps no other from ending', async (t) => {
  const { at, run } = place(t, 'bad')
  await run(start)
  const logs = ['a.log', 'c.log', 'd.log'].map((name) => at('log', name))
  const old = ['a', 'c', 'd'].map((name) => at(`log/${name}.log-20250101`))
  const cel = ['a', 'c', 'd'].map((name) => at(`asterisk/log/cel.csv.${name}-20200101`))
  for (const file of [...logs, ...old, ...cel]) writeFileSync(file, 'x')
  const bad = [
    'log/b.log',
    'log/b.log-20250101',
    'asterisk/log/cel.csv.b-20200101',
    'asterisk/log/cel.csv.young',
  ]
  for (const name of bad) {
    mkdirSync(at(name))
    writeFileSync(at(name, 'x'), 'x')
  }
  writeFileSync(at('asterisk/log/cel.csv.zyoung'), row(start - 1_200 * dayMs, number))
  await t.rejects(run(start + dayMs), { errors: bad.map(() => Error) })
  for (const name of ['b.log', 'b.log-20250101', 'cel.csv.b-20200101', 'cel.csv.young'])
    t.match(readUpkeep(at('upkeep'), 'logs')?.bad, name)
  for (const file of logs) t.equal(readFileSync(file, 'utf8'), '', file)
  for (const file of [...old, ...cel]) t.notOk(existsSync(file), file)
  t.notMatch(readFileSync(at('asterisk/log/cel.csv.zyoung'), 'utf8'), number)
})

t.test('a given Asterisk’s files are left to it', async (t) => {
  const { at, run } = place(t, 'f')
  mkdirSync(at('asterisk/log'), { recursive: true })
  await run(start, false)
  writeFileSync(at('asterisk/log/cel.csv'), row(start, number))
  await run(start + dayMs, false)
  t.ok(existsSync(at('asterisk/log/cel.csv')))
})
