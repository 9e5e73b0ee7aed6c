/** A review of an article: compared with its source, and nothing changed but the day. */
import { isDeepStrictEqual } from 'node:util'
import type { Day } from '../day.ts'
import type { PaperContent } from './paper.ts'

/** A day before the last review, or after `today`, is no review. */
export function isReviewOnly(before: PaperContent, after: PaperContent, today: Day): boolean {
  const { reviewedAt } = after
  if (reviewedAt < before.reviewedAt || reviewedAt > today) return false
  return isDeepStrictEqual({ ...contentOf(before), reviewedAt }, contentOf(after))
}

/** Without the fields that only a kept version has. */
export function contentOf(content: PaperContent): PaperContent {
  const { domain, title, problem, asked, needs, form, handledBy, fee, counter, hours, term, basis } = content
  const { validFrom, validTo, sourceUrl, reviewedAt } = content
  const texts = { domain, title, problem, asked, needs, form, handledBy, fee, counter, hours, term, basis }
  return { ...texts, validFrom, validTo, sourceUrl, reviewedAt }
}
