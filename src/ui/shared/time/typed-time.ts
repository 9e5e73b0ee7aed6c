/** Times of day as people type them. */

/** `8`, `8:30`, `830`, `8.30` as `08:00`, `08:30`; another text as it is. */
export function timeIn(text: string): string {
  const [, hour = '', minute = '00'] = /^(\d{1,2})(?:[:. ]?(\d{2}))?$/.exec(text.trim()) ?? []
  if (hour === '' || Number(hour) > 24 || Number(minute) > 59) return text
  return `${hour.padStart(2, '0')}:${minute}`
}

/** Minutes after midnight; null: no time, or one after 24:00. */
export function minutesIn(text: string): number | null {
  const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(timeIn(text)) ?? []
  if (hour === undefined) return null
  const minutes = Number(hour) * 60 + Number(minute)
  return minutes > 1_440 ? null : minutes
}
