/** The sound files of each prompt; their texts are in `asterisk-conf/prompts.ro.json`. */
import type { Prompt } from '../../core/effect.ts'
import type { Millis } from '../../core/ids.ts'
import { wallClockAt } from '../../core/local-time.ts'

const minuteStep = 5
const dayMs = 86_400_000

/** File names without their extension, in the order in which they are heard. */
export function soundsOf(prompt: Prompt, now: Millis): readonly string[] {
  switch (prompt.say) {
    case 'greeting':
      return ['greeting']
    case 'line full':
      return ['line-full']
    case 'waited too long':
      return ['waited-too-long']
    case 'closed':
      return ['closed', ...(prompt.opensAt === null ? [] : soundsOfOpening(prompt.opensAt, now)), 'goodbye']
  }
}

/** ARI's `media` list. */
export const mediaOf = (prompt: Prompt, now: Millis, soundsDir: string): string =>
  soundsOf(prompt, now)
    .map((name) => `sound:${soundsDir}/${name}`)
    .join(',')

/** "Vă așteptăm mâine, luni, 4 ianuarie, la ora opt". Within a week the date is left out. */
export function soundsOfOpening(opensAt: Millis, now: Millis): readonly string[] {
  // Rounded up: the announced time must not be before the opening.
  const at = local(Math.ceil(opensAt / (minuteStep * 60_000)) * minuteStep * 60_000)
  const today = local(now)
  const daysAhead = Math.round((at.midnight - today.midnight) / dayMs)
  const when = [...relativeDay(daysAhead), ...(daysAhead > 0 ? [`weekday-${at.weekday}`] : [])]
  const date = daysAhead > 6 ? [`day-${at.day}`, `month-${at.month}`] : []
  const minute = at.minute === 0 ? [] : [`minute-${at.minute}`]
  return ['opens', ...when, ...date, `hour-${at.hour}`, ...minute]
}

const relativeDay = (daysAhead: number): readonly string[] => {
  if (daysAhead === 0) return ['today']
  return daysAhead === 1 ? ['tomorrow'] : []
}

function local(at: Millis) {
  const { year, month, day, hour, minute } = wallClockAt(at)
  const midnight = Date.UTC(year, month - 1, day)
  return { midnight, month, day, weekday: new Date(midnight).getUTCDay(), hour, minute }
}
