import { useEffect, useState } from 'react'
import { callIdOf, type DeskState } from '../desk-state.ts'
import { closeArticle } from '../knowledge/shown-article.ts'
import { closeShown } from '../requests/shown-request.ts'
import { openPane } from './open-pane.ts'

/**
 * The call that the work zone serves: the one answered last, also after its end. When the next one is answered,
 * everything that was open for the former caller closes; a phone that only rings changes nothing. Null: none yet.
 */
export function useAnsweredCall(state: DeskState): string | null {
  const [served, setServed] = useState<string | null>(null)
  const answered = state.name === 'ringing' ? null : callIdOf(state)
  const call = answered ?? served
  if (call !== served) setServed(call)
  useEffect(() => {
    if (call === null) return
    openPane.set('caller')
    closeShown()
    closeArticle()
  }, [call])
  return call
}
