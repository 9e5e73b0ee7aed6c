/** `linia hours`: when the line is open. */
import type { Settings } from '../config.ts'
import { dateAt, openingAt, timeZone, windowsFrom } from '../core/opening-hours.ts'
import { holidays } from '../people/holidays.ts'
import { lockHolder } from './lock.ts'
import { say, Trouble } from './screen.ts'

const openingsShown = 7

export async function tellHours(settings: Settings, now = Date.now()): Promise<number> {
  const { lineHours, paths } = settings
  await tellWhose(paths.var)
  if (lineHours.kind === 'always') {
    say('The line is always open.')
    return 0
  }
  const year = Number(dateAt(now).slice(0, 4))
  const closed = holidays([year, year + 1])
  const opening = openingAt(lineHours, closed, now)
  if (opening.open) say(`Open now, until ${time(opening.closesAt)}.`)
  else
    say(
      opening.opensAt === null
        ? 'Closed, with no opening in the next 60 days.'
        : `Closed now; opens ${time(opening.opensAt)}.`,
    )
  for (const window of windowsFrom(lineHours, closed, now, 60)
    .filter(({ to }) => to > now)
    .slice(0, openingsShown))
    say(`  ${time(window.from)} – ${time(window.to)}`)
  const next = [...closed].sort().find((date) => date >= dateAt(now))
  if (next !== undefined) say(`Next public holiday: ${next}`)
  return 0
}

/** The running system may have been started with other hours. */
async function tellWhose(varDir: string): Promise<void> {
  try {
    const holder = await lockHolder(varDir)
    if (holder !== null)
      say(`Linia runs at ${holder.url}; these are the hours of this terminal’s LINE_HOURS.`)
  } catch (error) {
    // Hours can be told whoever Linia belongs to.
    if (!(error instanceof Trouble)) throw error
    say(error.message)
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
