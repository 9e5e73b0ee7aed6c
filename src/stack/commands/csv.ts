/** Reads CSV as spreadsheets write it (RFC 4180): quotes, line ends inside them, a semicolon where commas are decimal. */

export interface CsvRow {
  /** Line of the file on which the row begins, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** Empty lines are no rows. @throws {RangeError} naming the line of a quote that does not end. */
export function readCsv(text: string): readonly CsvRow[] {
  const source = text.replace(/^\uFEFF/, '')
  const separator = separatorOf(source)
  const rows: CsvRow[] = []
  let line = 1
  let began = 1
  let cells: string[] = []
  let cell = ''
  let quotedSince: number | null = null
  const endRow = () => {
    cells.push(cell)
    if (cells.length > 1 || cell !== '') rows.push({ line: began, cells })
    cells = []
    cell = ''
    began = line
  }
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at] ?? ''
    if (char === '\n') line += 1
    if (quotedSince !== null) {
      if (char !== '"') cell += char
      else if (source[at + 1] === '"') {
        cell += '"'
        at += 1
      } else quotedSince = null
    } else if (char === '"' && cell.trim() === '') {
      cell = ''
      quotedSince = line
    } else if (char === separator) {
      cells.push(cell)
      cell = ''
    } else if (char === '\n') endRow()
    else if (char !== '\r') cell += char
  }
  if (quotedSince !== null) throw new RangeError(`the quote that begins on line ${quotedSince} does not end`)
  endRow()
  return rows
}

/** As the first line has it. */
function separatorOf(text: string): ',' | ';' {
  const [first = ''] = text.split('\n', 1)
  return first.split(';').length > first.split(',').length ? ';' : ','
}
