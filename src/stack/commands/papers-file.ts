/** Reads articles from a file, JSON or CSV, in the shape of the portal's export or of a spreadsheet. */
import { checkPaper, type Wrong } from '../../city/knowledge/check.ts'
import type { PaperContent, PaperId } from '../../city/knowledge/paper.ts'
import { readCsv } from '../../people/people-import/csv.ts'
import { UserError } from '../terminal.ts'

export interface PaperRow {
  /** Place for error messages: "row 3 (line 7)". */
  readonly where: string
  /** Null when the row has errors. */
  readonly paper: (PaperContent & { readonly id: PaperId }) | null
  readonly wrong: readonly Wrong[]
}

export const columns = [
  'id',
  'domain',
  'title',
  'problem',
  'asked',
  'needs',
  'formName',
  'formUrl',
  'handledBy',
  'fee',
  'counter',
  'hours',
  'term',
  'basis',
  'validFrom',
  'validTo',
  'sourceUrl',
  'reviewedAt',
] as const
type Column = (typeof columns)[number]
const optional: readonly Column[] = [
  'problem',
  'asked',
  'needs',
  'formName',
  'formUrl',
  'handledBy',
  'basis',
  'validTo',
]

const rowsMax = 20_000

/** @throws {UserError} when the file is neither JSON nor CSV of this shape. */
export function readPapers(name: string, text: string): readonly PaperRow[] {
  const rows = name.toLowerCase().endsWith('.json') ? jsonRows(name, text) : csvRows(name, text)
  if (rows.length === 0) throw new UserError(`${name}: there are no papers in it.`)
  if (rows.length > rowsMax) throw new UserError(`${name}: more than ${rowsMax} papers; import it in parts.`)
  return withoutDoubles(rows)
}

function jsonRows(name: string, text: string): readonly PaperRow[] {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch (error) {
    throw new UserError(
      `${name}: this is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  if (!Array.isArray(given)) throw new UserError(`${name}: a list of papers is expected: [ { "id": … }, … ]`)
  return given.map((one: unknown, index) => {
    const isObject = typeof one === 'object' && one !== null && !Array.isArray(one)
    return rowOf(`row ${index + 1}`, isObject ? (one as Record<string, unknown>) : {}, [])
  })
}

function csvRows(name: string, text: string): readonly PaperRow[] {
  const [head, ...rows] = parsed(name, text)
  const names = (head?.cells ?? []).map((cell) => cell.trim())
  const missing = columns.filter((column) => !names.includes(column) && !optional.includes(column))
  const unknown = names.filter((one) => !columns.some((column) => column === one))
  if (missing.length > 0 || unknown.length > 0)
    throw new UserError(
      [
        `${name}: the first line names the columns: ${columns.join(',')}.`,
        ...(missing.length > 0 ? [`Missing: ${missing.join(', ')}.`] : []),
        ...(unknown.length > 0 ? [`Not known: ${unknown.map((one) => `"${one}"`).join(', ')}.`] : []),
      ].join('\n'),
    )
  return rows.map(({ line, cells }, index) => {
    const where = `row ${index + 1} (line ${line})`
    const cellOf = (column: Column) => cells[names.indexOf(column)]?.trim() ?? ''
    const wrong: Wrong[] =
      cells.length > names.length
        ? [{ field: `column ${names.length + 1}`, accepted: `no more than ${names.length} columns` }]
        : []
    return rowOf(where, fromCells(cellOf, wrong), wrong)
  })
}

function parsed(name: string, text: string) {
  try {
    return readCsv(text)
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(`${name}: ${error.message}.`)
    throw error
  }
}

function fromCells(cellOf: (column: Column) => string, wrong: Wrong[]): Record<string, unknown> {
  const lists = (column: Column) =>
    cellOf(column)
      .split('|')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  const texts = Object.fromEntries(columns.map((column) => [column, cellOf(column)]))
  const { formName, formUrl, ...rest } = texts
  return {
    ...rest,
    asked: lists('asked'),
    basis: lists('basis'),
    needs: lists('needs').map((text, index) => needOf(text, index, wrong)),
    form: formName === '' && formUrl === '' ? null : { name: formName, url: formUrl },
  }
}

/** `Certificat de naștere [original]`, `… [2 copii]`, `… [original și 2 copii]`. */
function needOf(text: string, index: number, wrong: Wrong[]): object {
  const found = /^(.*?)\s*\[(?:(original) și )?(?:(\d+) )?(original|originale|copie|copii)\]$/.exec(text)
  if (found === null) {
    const accepted =
      'a paper and its form, such as: Certificat de naștere [original] or [2 copii] or [original și copie]'
    wrong.push({ field: `needs[${index}]`, accepted })
    return { what: text, form: 'original', count: 1 }
  }
  const [, what, both, count, noun = ''] = found
  const form = both === undefined ? (noun.startsWith('original') ? 'original' : 'copy') : 'both'
  return { what, form, count: Number(count ?? 1) }
}

function rowOf(where: string, given: Record<string, unknown>, wrong: readonly Wrong[]): PaperRow {
  const checked = checkPaper(given)
  const all = checked.ok ? wrong : [...wrong, ...checked.wrong]
  return { where, paper: checked.ok && all.length === 0 ? checked.value : null, wrong: all }
}

/** A second row with the same id is an error, because the intended one cannot be determined. */
function withoutDoubles(rows: readonly PaperRow[]): readonly PaperRow[] {
  const seen = new Map<string, string>()
  return rows.map((row) => {
    if (row.paper === null) return row
    const first = seen.get(row.paper.id)
    if (first === undefined) {
      seen.set(row.paper.id, row.where)
      return row
    }
    return { ...row, paper: null, wrong: [{ field: 'id', accepted: `an id that is not that of ${first}` }] }
  })
}
