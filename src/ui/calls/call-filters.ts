/** The filters of the call list: days in the URL, instants in the API. */
import { callOutcomes } from '../../core/call.ts'
import { dayStart } from '../shared/time/time.ts'
import { readDay } from '../shared/time/typed-day.ts'

export const filterNames = ['from', 'to', 'caller', 'outcome', 'code'] as const

/** `from` and `to` are days in the city's time zone, both included. */
export function apiQuery(search: URLSearchParams): URLSearchParams {
  const query = new URLSearchParams()
  const from = dayStart(search.get('from') ?? '')
  const to = dayStart(search.get('to') ?? '', 1)
  if (from !== null) query.set('from', from)
  if (to !== null) query.set('to', to)
  const caller = (search.get('caller') ?? '').trim()
  if (caller !== '') query.set('caller', caller)
  const outcome = callOutcomes.find((name) => name === search.get('outcome'))
  if (outcome !== undefined) query.set('outcome', outcome)
  const code = search.get('code') ?? ''
  if (/^[a-z][a-z0-9-]{0,39}$/.test(code)) query.set('code', code)
  return query
}

/** The URL for a filled-in form; empty fields are left out. */
export function searchOf(form: FormData): string {
  const search = new URLSearchParams()
  for (const name of filterNames) {
    const value = form.get(name)
    const text = typeof value === 'string' ? value.trim() : ''
    if (text !== '') search.set(name, name === 'from' || name === 'to' ? (readDay(text) ?? text) : text)
  }
  const text = search.toString()
  return text === '' ? '/calls' : `/calls?${text}`
}
