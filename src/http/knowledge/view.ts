/** An article as the wire has it, with the sentences to read out and the text to send. */
import type { Day } from '../../city/day.ts'
import { freshSince, standingOn } from '../../city/knowledge/paper.ts'
import { sayPaper, sendablePaper } from '../../city/knowledge/say.ts'
import type { KeptArticle } from '../../ledger/knowledge/articles.ts'
import { iso } from '../shell/iso-time.ts'
import type { PaperArticle } from './wire.ts'

export function paperArticle(paper: KeptArticle, day: Day): PaperArticle {
  const { current, recordedAt, retired, ...rest } = paper
  const replaced = current !== null && current.version > paper.version
  return {
    ...rest,
    asked: [...rest.asked],
    needs: rest.needs.map((need) => ({ ...need })),
    basis: [...rest.basis],
    recordedAt: iso(recordedAt),
    retired: retired === null ? null : { ...retired, at: iso(retired.at) },
    standing: replaced ? 'over' : standingOn(day, paper),
    replacedBy: replaced ? current.version : null,
    stale: paper.reviewedAt < freshSince(day),
    say: [...sayPaper(paper)],
    sendable: sendablePaper(paper),
  }
}
