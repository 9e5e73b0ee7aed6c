import { useEffect } from 'react'
import { useMe } from '../../shared/server/me.ts'
import { recorded } from '../../calls/corrections.ts'
import { useCallDetail } from '../../calls/use-calls.ts'
import { ownWrapUp } from '../../calls/wrap-up-parts.ts'
import { draftsOf } from './drafts.ts'

/** Loads drafts saved before a reload, and saves the rest when the call leaves the desk. */
export function useKeptDrafts(callId: string | null): void {
  const me = useMe()
  const { data: kept } = useCallDetail(callId, { insist: true })
  useEffect(() => {
    if (callId === null || kept === undefined || kept.id !== callId) return
    const { notes, wrapUp } = draftsOf(callId)
    const own = kept.notes.findLast(({ authorId, later }) => !later && authorId === me.id)
    if (own !== undefined) {
      const { status, savedAt, value } = notes.store.get()
      if (status === 'untouched') notes.begin(own.text)
      // The agent began to type before the saved notes arrived: both are kept.
      else if (savedAt === null && !value.startsWith(own.text)) notes.change(`${own.text}\n${value}`)
    }
    // A colleague who had the call before has a form and notes of their own.
    const form = ownWrapUp(kept, me.id)
    if (form !== null) wrapUp.begin(recorded(form))
  }, [callId, kept, me])
  useEffect(() => {
    if (callId === null) return undefined
    const { notes, wrapUp } = draftsOf(callId)
    return () => {
      void notes.flush()
      void wrapUp.flush()
    }
  }, [callId])
}
