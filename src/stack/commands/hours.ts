/** `linia hours …`: shows the opening hours, and declares days closed or open. */
import type { Settings } from '../../config.ts'
import { dateAt, timeZone } from '../../core/local-time.ts'
import { openingAt, windowsFrom, type LineHours } from '../../core/opening-hours.ts'
import { declare, declaredDays, type DayRefusal, type DeclaredDay } from '../../people/declared-days.ts'
import { holidays } from '../../people/holidays.ts'
import { lockHolder } from '../lock.ts'
import { withDatabase } from './running-database.ts'
import { say, UserError } from '../terminal.ts'

const openingsShown = 7

export async function tellHours(settings: Settings, tell = say, now = Date.now()): Promise<number> {
  const { lineHours, paths } = settings
  await tellWhose(paths.var, tell)
  const declared = await declaredDaysOf(settings, tell)
  if (lineHours.kind === 'always') tell('The line is always open.')
  else tellOpenings(lineHours, declared, tell, now)
  for (const { date, closed, reason } of declared) {
    if (date < dateAt(now)) continue
    tell(`Declared ${closed ? 'closed' : 'open'}: ${date}${reason === '' ? '' : ` (${reason})`}`)
  }
  return 0
}

function tellOpenings(
  lineHours: LineHours,
  declared: readonly DeclaredDay[],
  tell: typeof say,
  now: number,
): void {
  const today = dateAt(now)
  const year = Number(today.slice(0, 4))
  const closed = holidays([year, year + 1], declared)
  const opening = openingAt(lineHours, closed, now)
  if (opening.open) tell(`Open now, until ${time(opening.closesAt)}.`)
  else
    tell(
      opening.opensAt === null
        ? 'Closed, with no opening in the next 60 days.'
        : `Closed now; opens ${time(opening.opensAt)}.`,
    )
  for (const window of windowsFrom(lineHours, closed, now, 60)
    .filter(({ to }) => to > now)
    .slice(0, openingsShown))
    tell(`  ${time(window.from)} – ${time(window.to)}`)
  const next = [...holidays([year, year + 1])].sort().find((date) => date >= today && closed.has(date))
  if (next !== undefined) tell(`Next public holiday: ${next}`)
}

/** Without a database the hours are shown without declared days. */
async function declaredDaysOf(settings: Settings, tell: typeof say): Promise<readonly DeclaredDay[]> {
  let declared: readonly DeclaredDay[] = []
  try {
    await withDatabase(settings, async (db) => {
      declared = await declaredDays(db)
    })
  } catch (error) {
    tell(`Declared days are not known. ${error instanceof Error ? error.message : String(error)}`)
  }
  return declared
}

export async function closeDay(
  settings: Settings,
  args: readonly string[],
  tell = say,
  now = Date.now(),
): Promise<number> {
  const [date = '', reason = ''] = args
  return declareOf(settings, { date, closed: true, reason }, tell, now)
}

export async function openDay(
  settings: Settings,
  args: readonly string[],
  tell = say,
  now = Date.now(),
): Promise<number> {
  const [date = ''] = args
  return declareOf(settings, { date, closed: false, reason: '' }, tell, now)
}

const sayWhy = 'Say which day and why, briefly: linia hours close 2026-12-31 "bridge day"'

const whyNotDeclared: Readonly<Record<DayRefusal, (date: string) => string>> = {
  'not allowed': () => 'Only an administrator declares days.',
  'not a day': (date) => `"${date}" is not a day. Days are written like 2026-12-31.`,
  'day over': (date) => `${date} is over.`,
  'reason missing': () => sayWhy,
  'reason too long': () => sayWhy,
  'changed meanwhile': (date) => `Somebody has declared ${date} meanwhile.`,
}

/** The running server is notified at once and updates the fallback. */
async function declareOf(
  settings: Settings,
  day: DeclaredDay,
  tell: typeof say,
  now: number,
): Promise<number> {
  const { date, closed } = day
  return withDatabase(settings, async (db) => {
    const declared = await declare(db, { ...day, basedOn: null }, { by: null, now })
    if (!declared.ok) throw new UserError(whyNotDeclared[declared.why](date))
    const isHoliday = holidays([Number(date.slice(0, 4))]).has(date)
    if (closed) tell(`The line is closed on ${date}, unless LINE_HOURS is "always".`)
    else tell(`${date} has the hours of its weekday${isHoliday ? ', though it is a public holiday' : ''}.`)
  })
}

/** States that the running system may have been started with other hours. */
async function tellWhose(varDir: string, tell: typeof say): Promise<void> {
  try {
    const holder = await lockHolder(varDir)
    if (holder !== null)
      tell(`Linia runs at ${holder.url}; these are the hours of this terminal’s LINE_HOURS.`)
  } catch (error) {
    // The hours can be shown to a user who may not read Linia's folder.
    if (!(error instanceof UserError)) throw error
    tell(error.message)
  }
}

const format = new Intl.DateTimeFormat('en-GB', {
  timeZone,
  weekday: 'short',
  day: 'numeric',
  month: 'long',
  hour: '2-digit',
  minute: '2-digit',
})

function time(at: number | null): string {
  return at === null ? 'further notice' : format.format(at)
}
