/** The editor's form, with every field as typed text, and its conversion to the content that is sent. */
import type { PaperArticle, PaperContent } from '../../http/knowledge/wire.ts'

export type NeedForm = PaperContent['needs'][number]['form']

export interface DraftNeed {
  /** The React key of the row: rows are added and removed. */
  readonly key: number
  readonly what: string
  readonly form: NeedForm
  readonly count: string
}

export const textFields = [
  'id',
  'title',
  'domain',
  'problem',
  'asked',
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
export type TextField = (typeof textFields)[number]
export type Draft = Readonly<Record<TextField, string>> & { readonly needs: readonly DraftNeed[] }

export function blankDraft(day: string): Draft {
  const blank = Object.fromEntries(textFields.map((field) => [field, ''])) as Record<TextField, string>
  return { ...blank, validFrom: day, reviewedAt: day, needs: [] }
}

export function draftOf(article: PaperArticle): Draft {
  const { form, asked, basis, needs, validTo, ...rest } = article
  return {
    ...rest,
    asked: asked.join('\n'),
    basis: basis.join('\n'),
    formName: form?.name ?? '',
    formUrl: form?.url ?? '',
    handledBy: rest.handledBy ?? '',
    validTo: validTo ?? '',
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
    validFrom: draft.validFrom,
    validTo: validTo === '' ? null : validTo,
    sourceUrl: draft.sourceUrl.trim(),
    reviewedAt: draft.reviewedAt,
  }
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
