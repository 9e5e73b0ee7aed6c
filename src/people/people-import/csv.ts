/** Reads CSV as spreadsheets write it: RFC 4180, with a semicolon where the comma is the decimal sign. */
import { CsvError, parse } from 'csv-parse/sync'

export interface CsvRow {
  /** Line of the file on which the row begins, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

interface ParsedRow {
  readonly record: string[]
  readonly raw: string
  readonly info: { readonly lines: number }
}

/** Skips empty lines. @throws {RangeError} naming the line of the row that is not CSV. */
export function readCsv(text: string): readonly CsvRow[] {
  // csv-parse counts CRLF inside quotes as two lines.
  const source = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  try {
    const rows = parse(source, {
      delimiter: delimiterOf(source),
      info: true,
      raw: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as ParsedRow[]
    return rows.map(({ record, raw, info }) => ({ line: info.lines - breaksIn(raw.trim()), cells: record }))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    if (error.code !== 'CSV_QUOTE_NOT_CLOSED') throw new RangeError(error.message, { cause: error })
    const line = 1 + breaksIn(Buffer.from(source).toString('utf8', 0, Number(error['bytes_records'])))
    throw new RangeError(`the row that begins on line ${line} has a quote that does not end`, {
      cause: error,
    })
  }
}

const breaksIn = (text: string): number => text.split('\n').length - 1

/** The one that is more frequent in the first line. */
function delimiterOf(text: string): ',' | ';' {
  const [first = ''] = text.split('\n', 1)
  return first.split(';').length > first.split(',').length ? ';' : ','
}
