import { useEffect } from 'react'
import { api } from '../shared/server/api.ts'

/** A text that stays this long without a result was meant, and is no half of a word. */
const meantMs = 1_500
const sentMax = 500

/** Sent by this page already: going back to a tab is no new search. */
const sent = new Set<string>()

/** Reports a search that found nothing, for the editors' list; `asked` is empty without a search. */
export function useMissedSearch(asked: string, found: number | undefined): void {
  useEffect(() => {
    if (asked === '' || found !== 0 || sent.has(asked)) return undefined
    const timer = setTimeout(() => {
      if (sent.size >= sentMax) sent.clear()
      sent.add(asked)
      // A count that is lost harms nobody.
      api('POST', '/papers/misses', { text: asked }).catch(() => sent.delete(asked))
    }, meantMs)
    return () => clearTimeout(timer)
  }, [asked, found])
}
