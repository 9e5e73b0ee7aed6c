/** Rows of Asterisk's `cel_custom` CSV: every field is quoted, and a quote inside is doubled. */
import type { Millis } from '../../core/ids.ts'

export interface CelRow {
  readonly event: string
  readonly at: Millis
  /** The row's channel (UniqueID), and the first channel of its call (LinkedID). */
  readonly channel: string
  readonly call: string
  readonly channelName: string
  readonly context: string
  readonly exten: string
  readonly number: string
  readonly app: string
  readonly peer: string
  readonly extra: string
}

export interface Rows {
  readonly rows: readonly { readonly row: CelRow; readonly offset: number }[]
  /** Bytes of the whole rows; the rest is an incomplete row. */
  readonly bytes: number
  /** Number of invalid lines. */
  readonly skipped: number
}

/** A row that exceeds this has lost its closing quote. */
const rowBytesMax = 16_384

/** The whole rows at the beginning of `chunk`. `columns`: the names of the fields in `cel_custom`, in order. */
export function rowsOf(chunk: Buffer, columns: readonly string[]): Rows {
  const rows: { row: CelRow; offset: number }[] = []
  let skipped = 0
  let start = 0
  let quotes = 0
  let scanned = 0
  for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, end + 1)) {
    for (; scanned < end; scanned += 1) if (chunk[scanned] === 0x22) quotes += 1
    // A line break inside quotes belongs to the field.
    if (quotes % 2 === 1 && end - start < rowBytesMax) continue
    // Retention leaves an empty line for each byte of a past row.
    if (end === start) {
      start = end + 1
      scanned = start
      continue
    }
    const row = rowOf(chunk.toString('utf8', start, end), columns)
    if (row === null) skipped += 1
    else rows.push({ row, offset: start })
    start = end + 1
    scanned = start
    quotes = 0
  }
  return { rows, bytes: start, skipped }
}

function rowOf(line: string, columns: readonly string[]): CelRow | null {
  const fields = fieldsOf(line)
  if (fields === null || fields.length !== columns.length) return null
  const named = new Map(columns.map((column, index) => [column, fields[index] ?? '']))
  const field = (column: string) => named.get(column) ?? ''
  const at = Math.round(Number(field('EventTime')) * 1000)
  if (!Number.isSafeInteger(at) || at <= 0) return null
  return {
    event: field('EventType'),
    at,
    channel: field('UniqueID'),
    call: field('LinkedID'),
    channelName: field('ChanName'),
    context: field('Context'),
    exten: field('Exten'),
    number: field('Num'),
    app: field('AppName'),
    peer: field('Peer'),
    extra: field('EventExtra'),
  }
}

function fieldsOf(line: string): string[] | null {
  const fields: string[] = []
  const field = /"((?:[^"]|"")*)"(,|$)/gy
  for (;;) {
    const found = field.exec(line)
    if (found === null) return null
    fields.push((found[1] ?? '').replaceAll('""', '"'))
    if (found[2] === '') return fields
  }
}
