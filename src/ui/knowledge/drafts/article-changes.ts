/** The difference of two versions of an article, field by field, in words added and removed. */
import { diffArrays } from 'diff'
import type { PaperContent } from '../../../http/knowledge/wire.ts'
import { articleFields } from '../draft.ts'

/** The id never changes, and the address of a form stands beside its name. */
export type ComparedField = Exclude<(typeof articleFields)[number], 'id' | 'formUrl'>
const comparedFields = articleFields.filter(
  (field): field is ComparedField => field !== 'id' && field !== 'formUrl',
)

export interface ChangedPart {
  readonly text: string
  readonly change: 'added' | 'removed' | null
}

export interface ChangedField {
  readonly field: ComparedField
  readonly parts: readonly ChangedPart[]
}

/** How a document to bring and a day are written in the language of the page. */
export interface Spelling {
  readonly need: (need: PaperContent['needs'][number]) => string
  readonly day: (day: string) => string
}

/** The fields that differ, in the order of the form. */
export function changesBetween(
  before: PaperContent,
  after: PaperContent,
  spelling: Spelling,
): readonly ChangedField[] {
  const [old, now] = [textsOf(before, spelling), textsOf(after, spelling)]
  return comparedFields.flatMap((field) =>
    old[field] === now[field] ? [] : [{ field, parts: partsOf(old[field], now[field]) }],
  )
}

function partsOf(before: string, after: string): readonly ChangedPart[] {
  return diffArrays(wordsOf(before), wordsOf(after)).map(({ value, added, removed }) => ({
    text: value.join(''),
    change: added ? 'added' : removed ? 'removed' : null,
  }))
}

/** With the spaces between them: "16:00," is one word, because half a time or a sum is hard to read. */
const wordsOf = (text: string): string[] => text.split(/(\s+)/).filter((word) => word !== '')

/** Lists have a row a line. */
function textsOf(content: PaperContent, { need, day }: Spelling): Record<ComparedField, string> {
  const { title, domain, problem, asked, needs, form, handledBy, fee, counter, hours, term, basis } = content
  const { validFrom, validTo, sourceUrl, reviewedAt } = content
  return {
    title,
    domain,
    problem,
    asked: asked.join('\n'),
    needs: needs.map(need).join('\n'),
    formName: form === null ? '' : [form.name, form.url ?? ''].join(' ').trim(),
    handledBy: handledBy ?? '',
    fee,
    counter,
    hours,
    term,
    basis: basis.join('\n'),
    validFrom: day(validFrom),
    validTo: validTo === null ? '' : day(validTo),
    sourceUrl,
    reviewedAt: day(reviewedAt),
  }
}
