/** Opening hours as fields: the text of the configuration, day by day, and back. A typed text stays as it is, also while no time can be read from it. */

export interface TypedWindow {
  readonly from: string
  readonly to: string
}
/** Monday first; a day without windows is closed. */
export type TypedWeek = readonly (readonly TypedWindow[])[]

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
/** Where a week begins that was open always. */
export const usualWeek = 'Mon-Fri 08:00-22:00'

export const isAlways = (weekly: string): boolean => weekly.trim().toLowerCase() === 'always'

/** `Mon-Fri 08:00-22:00, Sat 09:00-13:00` as seven days. Null: written in another way, such as by hand in a file. */
export function weekIn(weekly: string): TypedWeek | null {
  const week: TypedWindow[][] = days.map(() => [])
  if (weekly.trim() === '') return week
  for (const part of weekly.split(',')) {
    const [, first = '', last = first, from = '', to = ''] =
      /^\s*([a-z]{3})(?:-([a-z]{3}))?\s+([^-]*)-([^-]*)$/i.exec(part) ?? []
    const [begin, end] = [dayNamed(first), dayNamed(last)]
    if (begin < 0 || end < begin) return null
    for (const day of week.slice(begin, end + 1)) day.push({ from: from.trim(), to: to.trim() })
  }
  return week
}

const dayNamed = (name: string): number =>
  days.findIndex((day) => day.toLowerCase() === name.trim().toLowerCase())

/** Days in a row with the same windows are one part of the text. */
export function weekText(week: TypedWeek): string {
  const parts: { first: number; last: number; windows: string }[] = []
  for (const [day, windows] of week.entries()) {
    const text = windows.map(windowText).join(',')
    const previous = parts.at(-1)
    if (previous?.windows === text) previous.last = day
    else parts.push({ first: day, last: day, windows: text })
  }
  return parts
    .filter(({ windows }) => windows !== '')
    .flatMap(({ first, last, windows }) => {
      const name = first === last ? days[first] : `${days[first]}-${days[last]}`
      return windows.split(',').map((window) => `${name} ${window}`)
    })
    .join(', ')
}

/** `closed`, or `08:00-12:00, 13:00-16:00`. Null: written in another way. */
export function dayIn(hours: string): readonly TypedWindow[] | null {
  if (hours.trim().toLowerCase() === 'closed') return []
  const parts = hours.split(',').map((part) => /^([^-]*)-([^-]*)$/.exec(part))
  if (parts.some((part) => part === null)) return null
  return parts.map((part) => ({ from: part?.[1]?.trim() ?? '', to: part?.[2]?.trim() ?? '' }))
}

export const dayText = (windows: readonly TypedWindow[]): string =>
  windows.length === 0 ? 'closed' : windows.map(windowText).join(', ')

const windowText = ({ from, to }: TypedWindow): string => `${typed(from)}-${typed(to)}`

/** Signs that divide windows are no part of a time. */
const typed = (time: string): string => time.replaceAll(/[,-]/g, '')
