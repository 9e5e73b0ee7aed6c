import { useEffect } from 'react'
import { useMe } from '../../shared/me.ts'
import { useCallDetail } from '../caller/use-calls.ts'
import { draftsOf } from './drafts.ts'

/** Brings back what was written before a refresh, and saves the rest when the call leaves the desk. */
export function useKeptDrafts(callId: string | null): void {
  const me = useMe()
  const { data: kept } = useCallDetail(callId)
  useEffect(() => {
    if (callId === null || kept === undefined || kept.id !== callId) return
    const { notes, wrapUp } = draftsOf(callId)
    const own = kept.notes.findLast(({ author }) => author === me.name || author === me.id)
    if (own !== undefined) notes.begin(own.text)
    if (kept.wrapUp !== null) {
      const { subject, motivated, reason, resolution } = kept.wrapUp
      wrapUp.begin({ subject, motivated, reason, resolution })
    }
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
