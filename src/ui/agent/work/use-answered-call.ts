import { useLayoutEffect } from 'react'
import { createStore, useStore } from '../../shared/store.ts'
import { answeredIdOf, type DeskState } from '../desk-state.ts'
import { closeArticle } from '../knowledge/shown-article.ts'
import { closeShown } from '../requests/shown-request.ts'
import { openPane } from './open-pane.ts'

/** Kept while the agent looks at another screen. */
const servedCall = createStore<string | null>(null)

/**
 * The call that the work zone serves: the one answered last, also after its end. When the next one is answered,
 * everything that was open for the former caller closes; a phone that only rings changes nothing. Null: none yet.
 */
export function useAnsweredCall(state: DeskState): string | null {
  const served = useStore(servedCall)
  const answered = answeredIdOf(state)
  const call = answered ?? served
  // Before the next paint, so that nothing of the former caller is seen.
  useLayoutEffect(() => {
    if (call === null || servedCall.get() === call) return
    servedCall.set(call)
    openPane.set('caller')
    closeShown()
    closeArticle()
  }, [call])
  return call
}
