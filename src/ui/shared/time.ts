/** Times and lengths as the screens write them. */

const pad = (value: number): string => String(value).padStart(2, '0')

/** 03:12, from an hour on 1:03:12; never negative. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const rest = `${pad(minutes)}:${pad(seconds % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}

const locale = (language: string): string => (language === 'ro' ? 'ro-RO' : 'en-GB')

/** 14:03:22 */
export function clock(at: string | number, language: string): string {
  return new Date(at).toLocaleTimeString(locale(language), { hour12: false })
}

/** 14:03:22.417 */
export function clockWithMs(at: string, language: string): string {
  return `${clock(at, language)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`
}

/** joi, 24 decembrie */
export function longDate(at: string | number, language: string): string {
  return new Date(at).toLocaleDateString(locale(language), { weekday: 'long', day: 'numeric', month: 'long' })
}

/** 24 nov., 14:03 */
export function shortDateTime(at: string | number, language: string): string {
  return new Date(at).toLocaleString(locale(language), {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  })
}

export function startOfDay(now: number): string {
  const day = new Date(now)
  day.setHours(0, 0, 0, 0)
  return day.toISOString()
}

export function percent(share: number | null, language: string): string {
  if (share === null) return '–'
  return share.toLocaleString(locale(language), { style: 'percent', maximumFractionDigits: 1 })
}
