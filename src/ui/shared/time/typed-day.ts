/** Days as people type them. */

/** `24.12.2026`, `24/12/2026`, `24 12 2026`, `24122026` or `2026-12-24` as `2026-12-24`; null for a day that does not exist. */
export function readDay(text: string): string | null {
  const typed = text.trim()
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(typed)
  const parts =
    iso === null
      ? (/^(\d{1,2})[ ./-]+(\d{1,2})[ ./-]+(\d{4})\.?$/.exec(typed) ?? /^(\d{2})(\d{2})(\d{4})$/.exec(typed))
      : [typed, iso[3] ?? '', iso[2] ?? '', iso[1] ?? '']
  if (parts === null) return null
  const [, day = '', month = '', year = ''] = parts
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const at = Date.parse(`${written}T00:00:00Z`)
  // `Date.parse` turns the 30th of February into a day of March.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== written ? null : written
}

/** `2026-12-24` → `24.12.2026`. */
export const writtenDay = (day: string): string => day.split('-').reverse().join('.')

/** The first date field of the form whose text is no day; null when there is none. */
export function wrongDayIn(form: HTMLFormElement): HTMLInputElement | null {
  const fields = [...form.querySelectorAll<HTMLInputElement>('input[data-day]')]
  return fields.find(({ value }) => value.trim() !== '' && readDay(value) === null) ?? null
}
