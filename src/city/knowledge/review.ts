/** A review of an article: compared with its source, and nothing changed but the day. */
import { isDeepStrictEqual } from 'node:util'
import type { PaperContent } from './paper.ts'

export function isReviewOnly(before: PaperContent, after: PaperContent): boolean {
  const { reviewedAt } = after
  return isDeepStrictEqual({ ...contentOf(before), reviewedAt }, contentOf(after))
}

/** Without the fields that only a kept version has. */
export function contentOf(content: PaperContent): PaperContent {
  const { domain, title, problem, asked, needs, form, handledBy, fee, counter, hours, term, basis } = content
  const { validFrom, validTo, sourceUrl, reviewedAt } = content
  const texts = { domain, title, problem, asked, needs, form, handledBy, fee, counter, hours, term, basis }
  return { ...texts, validFrom, validTo, sourceUrl, reviewedAt }
}
