import t from 'tap'
import { readSettings } from '../../../src/config.ts'
import { closeDay, openDay, tellHours } from '../../../src/stack/commands/hours.ts'
import { UserError } from '../../../src/stack/terminal.ts'
import { testDatabase } from '../../support/postgres.ts'

const { appUrl, db } = await testDatabase(t)
const settings = readSettings({ DATABASE_URL: appUrl, VAR_DIR: t.testdir() })
// A Monday, at noon.
const now = Date.parse('2026-11-23T10:00:00Z')

async function linesOf(
  command: (print: (line: string) => void) => Promise<number>,
): Promise<readonly string[]> {
  const lines: string[] = []
  await command((line) => lines.push(line))
  return lines
}
const hours = () => linesOf((print) => tellHours(settings, print, now))
const close = (...args: string[]) => linesOf((print) => closeDay(settings, args, print, now))
const open = (...args: string[]) => linesOf((print) => openDay(settings, args, print, now))

void t.test('a bridge day is declared closed, listed, and declared open again', async (t) => {
  t.match(await hours(), [/^Open now, until Mon.* 23 November.* 22:00/])
  t.match(await close('2026-11-24', 'punte'), [/closed on 2026-11-24/])
  const closed = (await hours()).join('\n')
  t.match(closed, 'Declared closed: 2026-11-24 (punte)')
  t.notMatch(closed, /24 November/)
  await open('2026-11-24')
  const again = (await hours()).join('\n')
  t.match(again, /24 November/)
  t.match(again, 'Declared open: 2026-11-24')
  t.equal(
    (await db.selectFrom('declared_days').select('id').execute()).length,
    2,
    'both declarations stay on record',
  )
})

void t.test('today can be closed, and a public holiday can be opened', async (t) => {
  await close('2026-11-23', 'avarie')
  t.match((await hours())[0], /^Closed now; opens/)
  t.match((await hours()).join('\n'), 'Next public holiday: 2026-11-30')
  t.match(await open('2026-11-30'), [/though it is a public holiday/])
  t.match((await hours()).join('\n'), 'Next public holiday: 2026-12-01')
})

void t.test('an invalid date or a missing reason is refused with a sentence', async (t) => {
  for (const date of ['', 'tomorrow', '2026-02-30', '2026-13-01', '24.11.2026', '2026-11-24x'])
    await t.rejects(close(date, 'punte'), UserError, date)
  await t.rejects(close('2026-11-22', 'punte'), { message: /is over/ })
  await t.rejects(close('2026-11-24'), { message: /why/ })
  await t.rejects(close('2026-11-24', 'x'.repeat(201)), UserError)
  await t.rejects(open('2026-02-30'), UserError)
})

void t.test('without a running system the calendar is shown, with a note about declared days', async (t) => {
  const away = readSettings({ VAR_DIR: t.testdir() })
  t.match(await linesOf((print) => tellHours(away, print, now)), [
    /^Declared days are not known\. Linia is not running here/,
    /^Open now/,
  ])
  const down = { DATABASE_URL: 'postgresql://nobody:x@127.0.0.1:1/none', VAR_DIR: t.testdir() }
  t.match(await linesOf((print) => tellHours(readSettings(down), print, now)), [
    /^Declared days are not known\. .*ECONNREFUSED/,
    /^Open now/,
  ])
  await t.rejects(
    linesOf((print) => closeDay(away, ['2026-11-24', 'punte'], print, now)),
    { message: /not running here/ },
  )
})
