/** Looks as the wire shows them, and as a table that a spreadsheet opens. */
import type { AccessLogEntry } from '../../ledger/journal/access-log.ts'
import type { Remark } from '../../ledger/journal/access-log-remarks.ts'
import { iso } from '../shell/iso-time.ts'
import type { AccessView, RemarkView } from './wire.ts'

/** `remarks`: of all entries that are shown. */
export function accessView(
  { at, ...look }: AccessLogEntry,
  remarks: ReadonlyMap<number, readonly Remark[]>,
): AccessView {
  return { ...look, at: iso(at), remarks: (remarks.get(look.index) ?? []).map(remarkView) }
}

export function remarkView({ index, at, by, text }: Remark): RemarkView {
  return { index, at: iso(at), by, text }
}

const columns = [
  'index',
  'at',
  'kind',
  'account',
  'employer',
  'call',
  'about',
  'person',
  'query',
  'remarks',
] as const

/** RFC 4180, with the mark by which spreadsheets know UTF-8. */
export function csvOf(looks: readonly AccessView[]): string {
  const rows = looks.map(({ account, ...look }) =>
    columns.map((name) => {
      if (name === 'account') return account.name
      if (name === 'remarks') return look.remarks.map(({ by, text }) => `${by}: ${text}`).join('\n')
      return name === 'employer' ? account.employer : look[name]
    }),
  )
  return `\uFEFF${[columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`
}

function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value)
  // A spreadsheet would run what begins like a formula.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
