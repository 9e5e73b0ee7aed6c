/**
 * The article open on the desk. It belongs to the call in which it was opened; in the next call it is opened
 * again, which goes on record.
 */
import type { PaperArticle } from '../../../http/knowledge/wire.ts'
import { createStore } from '../../shared/store.ts'
import { openArticle } from '../../knowledge/use-articles.ts'

export interface ShownArticle {
  readonly callId: string | null
  readonly id: string
  /** Null while it is loading. */
  readonly article: PaperArticle | null
  readonly error: unknown
}

export const shownArticle = createStore<ShownArticle | null>(null)

export function closeArticle(): void {
  shownArticle.set(null)
}

/**
 * Resolves to whether the article was loaded. The response is ignored if another article was opened meanwhile.
 */
export async function showArticle(id: string, callId: string | null, query: string): Promise<boolean> {
  const asked: ShownArticle = { callId, id, article: null, error: null }
  shownArticle.set(asked)
  try {
    const article = await openArticle({ id, call: callId, query: query.trim() === '' ? null : query })
    if (shownArticle.get() === asked) shownArticle.set({ ...asked, article })
    return true
  } catch (error) {
    if (shownArticle.get() === asked) shownArticle.set({ ...asked, error })
    return false
  }
}
