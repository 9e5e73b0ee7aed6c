/** The paper on the desk. It belongs to the call in which it was opened: the next caller's is opened anew, on record. */
import type { PaperArticle } from '../../../http/knowledge/wire.ts'
import { createStore } from '../../shared/store.ts'
import { openPaper } from '../../knowledge/use-articles.ts'

export interface ShownPaper {
  readonly callId: string | null
  readonly id: string
  /** Null while it is on its way. */
  readonly article: PaperArticle | null
  readonly error: unknown
}

export const shownPaper = createStore<ShownPaper | null>(null)

/** Answers whether it is there; a later one that was asked for meanwhile is not pushed aside. */
export async function showPaper(id: string, callId: string | null, query: string): Promise<boolean> {
  const asked: ShownPaper = { callId, id, article: null, error: null }
  shownPaper.set(asked)
  try {
    const article = await openPaper({ id, call: callId, query: query.trim() === '' ? null : query })
    if (shownPaper.get() === asked) shownPaper.set({ ...asked, article })
    return true
  } catch (error) {
    if (shownPaper.get() === asked) shownPaper.set({ ...asked, error })
    return false
  }
}
