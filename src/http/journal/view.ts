/** Entries of the access log as the wire has them, and as CSV for a spreadsheet. */
import { stringify } from 'csv-stringify/sync'
import type { AccessLogEntry } from '../../ledger/journal/access-log.ts'
import type { Remark } from '../../ledger/journal/access-log-remarks.ts'
import { iso } from '../shell/iso-time.ts'
import type { AccessView, RemarkView } from './wire.ts'

/** `remarks` and `titles`: those of all entries of the page, by entry and by version of an article. */
export function accessView(
  { at, ...look }: AccessLogEntry,
  remarks: ReadonlyMap<number, readonly Remark[]>,
  titles: ReadonlyMap<string, string>,
): AccessView {
  return {
    ...look,
    at: iso(at),
    title: look.kind === 'paper' ? (titles.get(look.about) ?? null) : null,
    remarks: (remarks.get(look.index) ?? []).map(remarkView),
  }
}

export function remarkView({ index, at, by, text }: Remark): RemarkView {
  return { index, at: iso(at), by, text }
}

const columns = ['index', 'at', 'kind', 'account', 'employer', 'call', 'about', 'person', 'query', 'remarks']

/** RFC 4180 with a byte order mark, by which spreadsheets recognise UTF-8. Formulas are escaped. */
export function csvOf(entries: readonly AccessView[]): string {
  const rows = entries.map(({ account, remarks, ...entry }) => ({
    ...entry,
    account: account.name,
    employer: account.employer,
    remarks: remarks.map(({ by, text }) => `${by}: ${text}`).join('\n'),
  }))
  return stringify(rows, {
    header: true,
    columns,
    bom: true,
    record_delimiter: 'windows',
    escape_formulas: true,
    // By itself it quotes the record delimiter only, not a single line break.
    quoted_match: /[\r\n]/,
  })
}
