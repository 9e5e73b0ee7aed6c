/** The filters of the call list: as the address has them (days) and as the API wants them (moments). */

export const outcomes = [
  'answered',
  'abandoned',
  'closed',
  'voicemail',
  'callback',
  'rejected',
  'failed',
] as const
export const filterNames = ['from', 'to', 'caller', 'outcome'] as const

/** `from` and `to` are days, both included, in the reader's own time zone. */
export function apiQuery(search: URLSearchParams): URLSearchParams {
  const query = new URLSearchParams()
  const from = dayStart(search.get('from'), 0)
  const to = dayStart(search.get('to'), 1)
  if (from !== null) query.set('from', from)
  if (to !== null) query.set('to', to)
  const caller = (search.get('caller') ?? '').replaceAll(/[^\d+]/g, '')
  if (caller !== '') query.set('caller', caller)
  const outcome = outcomes.find((name) => name === search.get('outcome'))
  if (outcome !== undefined) query.set('outcome', outcome)
  return query
}

function dayStart(day: string | null, daysAfter: number): string | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? '')
  if (parts === null) return null
  const moment = new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]) + daysAfter)
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString()
}

/** The address for what the form says; empty fields leave no trace. */
export function searchOf(form: FormData): string {
  const search = new URLSearchParams()
  for (const name of filterNames) {
    const value = form.get(name)
    if (typeof value === 'string' && value.trim() !== '') search.set(name, value.trim())
  }
  const text = search.toString()
  return text === '' ? '/calls' : `/calls?${text}`
}
