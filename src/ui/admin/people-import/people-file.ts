/** Files of people as a spreadsheet writes them, and the file of their codes. */
import type { TFunction } from 'i18next'
import type { IssuedAccount, PersonFault } from '../../../http/people-import/wire.ts'

/** A spreadsheet that does not write UTF-8 writes what Windows has for Romanian. */
export function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1250').decode(bytes)
  }
}

/** With a byte order mark, by which spreadsheets know UTF-8. */
export function codesCsv(issued: readonly IssuedAccount[]): string {
  const rows = issued.map(({ username, name, code, expiresAt }) => [username, name, code, expiresAt ?? ''])
  const lines = [['username', 'name', 'code', 'valid until'], ...rows].map((row) => row.map(cell).join(','))
  return `\uFEFF${lines.join('\r\n')}\r\n`
}

/** A spreadsheet would take a text that begins like a formula for one. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}

export function faultWords({ column, code, value, accepted }: PersonFault, t: TFunction): string {
  const what = t(`peopleImport.faults.${code}`, { value, accepted: accepted.join(', ') })
  return column === null
    ? what
    : t('peopleImport.inColumn', { column: t(`peopleImport.columns.${column}`), what })
}
