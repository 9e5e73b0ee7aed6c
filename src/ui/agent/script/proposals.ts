/** Proposals for the wrap-up form from what was done during the call. */
import { useEffect, useRef } from 'react'
import { useStore } from '../../shared/store.ts'
import { useConsultedArticles } from '../../knowledge/use-articles.ts'
import { useCallDetail } from '../../calls/use-calls.ts'
import { draftsOf } from './drafts.ts'
import { proposalOf, reportDone, reports, type Done } from './reports.ts'

/** The bound of the subject field. */
const subjectMax = 200

export function useProposal(callId: string | null): Done | null {
  return useStore(reports, () => proposalOf(callId))
}

/**
 * Fills in the proposed subject unless the agent has written one. Must run after the saved drafts are loaded.
 */
export function useProposedSubject(callId: string | null): void {
  const proposal = useProposal(callId)
  const { data: kept } = useCallDetail(callId)
  const written = useRef('')
  useReportArticles(callId)
  useEffect(() => {
    if (callId === null || proposal === null || kept?.id !== callId) return
    const { wrapUp } = draftsOf(callId)
    const { value } = wrapUp.store.get()
    const subject = proposal.subject.slice(0, subjectMax)
    if (value.subject === subject || (value.subject !== '' && value.subject !== written.current)) return
    written.current = subject
    wrapUp.change({ ...value, subject })
  }, [callId, proposal, kept])
}

/** The proposed resolution is accepted only by the key that finishes the call, never when the time runs out. */
export function acceptResolution(callId: string): void {
  const { wrapUp } = draftsOf(callId)
  const { value } = wrapUp.store.get()
  const proposal = proposalOf(callId)
  if (proposal !== null && value.resolution === 'unstated')
    wrapUp.change({ ...value, resolution: proposal.resolution })
}

/** Reads the last opened article from the server, so that the proposal survives a reload. */
function useReportArticles(callId: string | null): void {
  const { data: papers } = useConsultedArticles(callId)
  const last = papers?.at(-1)
  const subject = last?.title
  const isOurs = last?.handledBy == null
  useEffect(() => {
    if (callId !== null && subject !== undefined)
      reportDone(callId, 'papers', { subject, resolution: isOurs ? 'on the spot' : 'redirected' })
  }, [callId, subject, isOurs])
}
