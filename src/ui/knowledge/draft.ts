/** The editor's form, with every field as typed text, and its conversion to the content that is sent. */
import type { PaperArticle, PaperContent } from '../../http/knowledge/wire.ts'
import { readDay, writtenDay } from '../shared/time/typed-day.ts'

export type NeedForm = PaperContent['needs'][number]['form']

export interface DraftNeed {
  /** The React key of the row: rows are added and removed. */
  readonly key: number
  readonly what: string
  readonly form: NeedForm
  readonly count: string
}

/** The fields of an article, in the order of the form (`ArticleForm`). */
export const articleFields = [
  'id',
  'title',
  'domain',
  'problem',
  'asked',
  'needs',
  'formName',
  'formUrl',
  'handledBy',
  'fee',
  'term',
  'counter',
  'hours',
  'basis',
  'sourceUrl',
  'validFrom',
  'validTo',
  'reviewedAt',
] as const
type ArticleField = (typeof articleFields)[number]
export type TextField = Exclude<ArticleField, 'needs'>
export const textFields = articleFields.filter((field): field is TextField => field !== 'needs')
export type Draft = Readonly<Record<TextField, string>> & { readonly needs: readonly DraftNeed[] }

/** `day`: 2026-11-24. */
export function blankDraft(day: string): Draft {
  const blank = Object.fromEntries(textFields.map((field) => [field, ''])) as Record<TextField, string>
  return { ...blank, validFrom: writtenDay(day), reviewedAt: writtenDay(day), needs: [] }
}

/** `asked`: how a citizen asked for something that no article answers yet. */
export function draftAbout(asked: string, day: string): Draft {
  return { ...blankDraft(day), asked }
}

/** Null for another shape: a form of an earlier release. */
export function acceptDraft(stored: unknown): Draft | null {
  if (typeof stored !== 'object' || stored === null) return null
  const draft = stored as Record<string, unknown>
  const { needs } = draft
  const isWhole =
    textFields.every((field) => typeof draft[field] === 'string') &&
    Array.isArray(needs) &&
    needs.every(isNeed)
  return isWhole ? (stored as Draft) : null
}

function isNeed(row: unknown): boolean {
  if (typeof row !== 'object' || row === null) return false
  const { key, what, form, count } = row as Record<string, unknown>
  return (
    typeof key === 'number' &&
    typeof what === 'string' &&
    typeof form === 'string' &&
    typeof count === 'string'
  )
}

const required: readonly TextField[] = ['id', 'title', 'domain', 'sourceUrl', 'validFrom', 'reviewedAt']
/** An article of another institution says what the city has of it. */
const requiredOfOurs: readonly TextField[] = ['fee', 'term', 'counter', 'hours']

export function isRequired(field: TextField, draft: Draft): boolean {
  const isOurs = draft.handledBy.trim() === ''
  return required.includes(field) || (isOurs && requiredOfOurs.includes(field))
}

export type Fault = 'missing' | 'not an address' | 'no day' | 'before its beginning' | 'not a short name'

export type Faults = Partial<Record<TextField, Fault | undefined>>

/** Faults of fields, for sentences beside them; the server checks again. `isNew`: the id is chosen, too. */
export function faultsOf(draft: Draft, isNew: boolean): Faults {
  const faults: Faults = {}
  const has = (field: TextField): boolean => draft[field].trim() !== ''
  if (isNew && !/^[a-z][a-z0-9-]{1,79}$/.test(draft.id.trim())) faults.id = 'not a short name'
  for (const field of ['sourceUrl', 'formUrl'] as const) {
    const address = draft[field].trim()
    if (has(field) && !(/^https?:\/\//.test(address) && URL.canParse(address)))
      faults[field] = 'not an address'
  }
  const [first, last] = [readDay(draft.validFrom), readDay(draft.validTo)]
  if (first !== null && last !== null && last < first) faults.validTo = 'before its beginning'
  for (const field of ['validFrom', 'validTo', 'reviewedAt'] as const)
    if (has(field) && readDay(draft[field]) === null) faults[field] = 'no day'
  for (const field of textFields)
    if (isRequired(field, draft) && !has(field) && (isNew || field !== 'id')) faults[field] = 'missing'
  return faults
}

export function draftOf(article: PaperArticle): Draft {
  const { form, asked, basis, needs, handledBy, validFrom, validTo, reviewedAt } = article
  const { id, title, domain, problem, fee, counter, hours, term, sourceUrl } = article
  return {
    id,
    title,
    domain,
    problem,
    fee,
    counter,
    hours,
    term,
    sourceUrl,
    asked: asked.join('\n'),
    basis: basis.join('\n'),
    formName: form?.name ?? '',
    formUrl: form?.url ?? '',
    handledBy: handledBy ?? '',
    validFrom: writtenDay(validFrom),
    validTo: validTo === null ? '' : writtenDay(validTo),
    reviewedAt: writtenDay(reviewedAt),
    needs: needs.map(({ what, form, count }, key) => ({ key, what, form, count: String(count) })),
  }
}

/** Empty lines and rows are left out. All other validation is the server's, field by field. */
export function contentOf(draft: Draft): PaperContent {
  const { asked, basis, formName, formUrl, validTo, needs } = draft
  return {
    domain: draft.domain.trim(),
    title: draft.title.trim(),
    problem: draft.problem.trim(),
    asked: linesOf(asked),
    needs: needs
      .filter(({ what }) => what.trim() !== '')
      .map(({ what, form, count }) => ({ what: what.trim(), form, count: Number(count) })),
    form:
      formName.trim() === ''
        ? null
        : { name: formName.trim(), url: formUrl.trim() === '' ? null : formUrl.trim() },
    handledBy: draft.handledBy.trim() === '' ? null : draft.handledBy.trim(),
    fee: draft.fee.trim(),
    counter: draft.counter.trim(),
    hours: draft.hours.trim(),
    term: draft.term.trim(),
    basis: linesOf(basis),
    validFrom: dayOf(draft.validFrom),
    validTo: validTo.trim() === '' ? null : dayOf(validTo),
    sourceUrl: draft.sourceUrl.trim(),
    reviewedAt: dayOf(draft.reviewedAt),
  }
}

/** A text that is no day stays as it is, and is refused. */
const dayOf = (text: string): string => readDay(text) ?? text

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
