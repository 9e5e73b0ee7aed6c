/** Logs and CEL are rotated each day and end after their terms, also on a bad disk and with a clock that leaps. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { celColumns } from '../../../src/asterisk/config/cel-columns.ts'
import { readCel, type CelPlace } from '../../../src/ledger/cel/files.ts'
import { endOldFiles } from '../../../src/stack/retention/old-files.ts'
import { attack } from '../../support/attack.ts'

const dayMs = 86_400_000
const number = '+40256555123'
const start = Date.UTC(2026, 10, 29, 1)

function place(t: Test, name: string) {
  const dir = t.testdir({ [name]: { log: {}, asterisk: { log: {} }, 'asterisk-second': { log: {} } } })
  const at = (...names: string[]) => join(dir, name, ...names)
  const paths = { var: at(), log: at('log'), asterisk: at('asterisk'), cel: at('asterisk/log/cel.csv') }
  const run = (now: number, ownAsterisk = true) =>
    endOldFiles({ paths, logsDays: 183, detailsDays: 1_095, ownAsterisk, now: () => now })
  /** Each night until the one after `days`. */
  const nights = async (days: number, from = start) => {
    for (let day = 0; day <= days; day += 1) await run(from + day * dayMs)
  }
  const all = () =>
    readdirSync(at(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n')
  return { at, run, nights, all }
}

const row = (at: number, caller: string): string =>
  `${celColumns.map((column) => `"${column === 'EventTime' ? at / 1000 : column === 'Num' ? caller : 'x'}"`).join(',')}\n`

await attack(
  t,
  {
    attack: 'looks for a number in old logs, the CEL and queue_log',
    before: 'cel.csv, queue_log and messages.log were never rotated: the number was there after four years',
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
    await nights(700, start + 185 * dayMs)
    const cut = readFileSync(at('asterisk/log/cel.csv-20261129'), 'utf8')
    t.notMatch(cut, '+40256555000', 'rows of years before its rotation end too')
    t.match(cut, number)
    await nights(300, start + 800 * dayMs)
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

t.test('a clock that is wrong for one night deletes nothing', async (t) => {
  const { at, run, nights } = place(t, 'c')
  await run(start)
  writeFileSync(at('log/a.log'), 'a')
  await run(start + dayMs)
  const copy = at('log/a.log-20261130')
  await run(start + 366 * dayMs)
  t.ok(existsSync(copy), 'a year ahead')
  await run(start + 2 * dayMs)
  t.ok(existsSync(copy), 'and back')
  await run(start - 365 * dayMs)
  await run(start + 3 * dayMs)
  t.ok(existsSync(copy), 'a year back, and forward')
  await nights(190, start + 4 * dayMs)
  t.notOk(existsSync(copy))
})

t.test('absent, empty and half-written: nothing is lost', async (t) => {
  const { at, run } = place(t, 'd')
  await run(start)
  rmSync(at('asterisk-second'), { recursive: true })
  writeFileSync(at('log/empty.log'), '')
  writeFileSync(at('asterisk/log/cel.csv'), `${row(start, number)}"CHAN_START","17`)
  writeFileSync(at('old-files.json'), '{"at": 17')
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

t.test('a given Asterisk’s files are left to it', async (t) => {
  const { at, run } = place(t, 'f')
  mkdirSync(at('asterisk/log'), { recursive: true })
  await run(start, false)
  writeFileSync(at('asterisk/log/cel.csv'), row(start, number))
  await run(start + dayMs, false)
  t.ok(existsSync(at('asterisk/log/cel.csv')))
})
