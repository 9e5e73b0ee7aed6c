/** Validates an article for the editor's form and for an import; reports every wrong field. */
import { isDate } from '../../core/local-time.ts'
import { needForms, type Form, type Need, type PaperContent, type PaperId } from './paper.ts'

export interface Wrong {
  /** `needs[2].count` */
  readonly field: string
  /** Accepted values, in English, for the person who imports. The screens validate before they send. */
  readonly accepted: string
}

export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly wrong: readonly Wrong[] }

/** Longest texts in characters, and longest lists. */
export const limits = {
  id: 80,
  domain: 80,
  title: 200,
  problem: 2_000,
  asked: 30,
  phrase: 120,
  needs: 40,
  need: 300,
  count: 99,
  line: 500,
  basis: 20,
  url: 500,
} as const

export const idPattern = /^[a-z][a-z0-9-]{1,79}$/

type Fields = Readonly<Record<string, unknown>>

/** Accepts any value: a row of a file, a request body. Trims texts. */
export function checkPaper(given: Fields): Checked<PaperContent & { readonly id: PaperId }> {
  const wrong: Wrong[] = []
  const told = new Reader(given, wrong)
  const id = told.text('id', { max: limits.id })
  if (id !== '' && !idPattern.test(id)) told.refuse('id', '2–80 of a–z, 0–9 and dash, a letter first')
  const content = readContent(told)
  if (content.validTo !== null && content.validTo < content.validFrom)
    told.refuse('validTo', 'a day not before validFrom')
  return wrong.length === 0 ? { ok: true, value: { id: id as PaperId, ...content } } : { ok: false, wrong }
}

/** The same for a body whose id is in the URL. */
export function checkContent(given: Fields): Checked<PaperContent> {
  const checked = checkPaper({ ...given, id: 'some-paper' })
  if (!checked.ok) return checked
  const { id: _, ...value } = checked.value
  return { ok: true, value }
}

function readContent(told: Reader): PaperContent {
  const isElsewhere = told.has('handledBy')
  const line = { max: limits.line, empty: isElsewhere }
  return {
    domain: told.text('domain', { max: limits.domain }),
    title: told.text('title', { max: limits.title }),
    problem: told.text('problem', { max: limits.problem, empty: true }),
    asked: told.texts('asked', limits.asked, limits.phrase),
    needs: told.list('needs', limits.needs, (need, field) => readNeed(told, need, field)),
    form: readForm(told),
    handledBy: isElsewhere ? told.text('handledBy', { max: limits.line }) : null,
    fee: told.text('fee', line),
    counter: told.text('counter', line),
    hours: told.text('hours', line),
    term: told.text('term', line),
    basis: told.texts('basis', limits.basis, limits.line),
    validFrom: told.day('validFrom'),
    validTo: told.has('validTo') ? told.day('validTo') : null,
    sourceUrl: told.url('sourceUrl'),
    reviewedAt: told.day('reviewedAt'),
  }
}

function readNeed(told: Reader, given: unknown, field: string): Need {
  const need = told.below(given, field)
  const form = needForms.find((one) => one === need.given['form'])
  if (form === undefined) need.refuse('form', `one of: ${needForms.join(', ')}`)
  const count = need.given['count']
  const whole = typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= limits.count
  if (!whole) need.refuse('count', `a whole number from 1 to ${limits.count}`)
  return {
    what: need.text('what', { max: limits.need }),
    form: form ?? 'original',
    count: whole ? count : 1,
  }
}

function readForm(told: Reader): Form | null {
  if (!told.has('form')) return null
  const form = told.below(told.given['form'], 'form')
  return {
    name: form.text('name', { max: limits.line }),
    url: form.has('url') ? form.url('url') : null,
  }
}

/** Reads one object field by field and collects the errors. */
class Reader {
  readonly given: Fields
  readonly #wrong: Wrong[]
  readonly #path: string

  constructor(given: Fields, wrong: Wrong[], path = '') {
    this.given = given
    this.#wrong = wrong
    this.#path = path
  }

  refuse(field: string, accepted: string): void {
    this.#wrong.push({ field: this.#path === '' ? field : `${this.#path}.${field}`, accepted })
  }

  /** A nested object; any other value is read as an empty object. */
  below(value: unknown, field: string): Reader {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return new Reader(
      isObject ? (value as Fields) : {},
      this.#wrong,
      this.#path === '' ? field : `${this.#path}.${field}`,
    )
  }

  has(field: string): boolean {
    const value = this.given[field]
    return value !== undefined && value !== null && value !== ''
  }

  text(field: string, { max, empty = false }: { readonly max: number; readonly empty?: boolean }): string {
    const value = this.given[field]
    const text = typeof value === 'string' ? value.trim() : null
    const missing = value === undefined || value === null
    if (empty && missing) return ''
    if (text === null || text.length > max || (!empty && text === '') || text.includes('\u0000'))
      this.refuse(field, `a text of ${empty ? 0 : 1}–${max} characters`)
    return text ?? ''
  }

  list<Item>(field: string, max: number, read: (value: unknown, field: string) => Item): readonly Item[] {
    const value = this.given[field] ?? []
    if (!Array.isArray(value) || value.length > max) {
      this.refuse(field, `a list of at most ${max}`)
      return []
    }
    return value.map((item: unknown, index) => read(item, `${field}[${index}]`))
  }

  texts(field: string, max: number, each: number): readonly string[] {
    return this.list(field, max, (item, name) =>
      new Reader({ [name]: item }, this.#wrong, this.#path).text(name, { max: each }),
    )
  }

  day(field: string): string {
    const value = this.given[field]
    if (typeof value === 'string' && isDate(value)) return value
    this.refuse(field, 'a day such as 2026-11-24')
    return ''
  }

  url(field: string): string {
    const value = this.given[field]
    if (
      typeof value === 'string' &&
      value.length <= limits.url &&
      /^https?:\/\//.test(value) &&
      URL.canParse(value)
    )
      return value
    this.refuse(field, 'an address that begins with https:// or http://')
    return ''
  }
}
