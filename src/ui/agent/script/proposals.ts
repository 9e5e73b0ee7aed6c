/** Proposals for the wrap-up form from what the agent has done during the call; a colleague's part is in the colleague's form. */
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from '../../shared/store.ts'
import { useConsultedArticles } from '../../knowledge/use-articles.ts'
import { useCallDetail } from '../../calls/use-calls.ts'
import { useCatalogue, useCategoryName, useRegisteredIn } from '../../requests/use-requests.ts'
import { draftsOf } from './drafts.ts'
import { follow } from './proposed-subject.ts'
import { proposalOf, reportDone, reportRegistered, reports, type Done } from './reports.ts'

export function useProposal(callId: string | null): Done | null {
  return useStore(reports, () => proposalOf(callId))
}

/**
 * Fills in the proposed subject unless the agent has written one. Must run after the saved drafts are loaded.
 */
export function useProposedSubject(callId: string | null): void {
  const proposal = useProposal(callId)
  const { data: kept } = useCallDetail(callId)
  /** The subject that was proposed, and in which call. */
  const proposed = useRef({ call: callId, subject: '' })
  useReportArticles(callId)
  useReportRequests(callId)
  useEffect(() => {
    if (callId === null || proposal === null || kept?.id !== callId) return
    const { wrapUp } = draftsOf(callId)
    const { value } = wrapUp.store.get()
    const before = proposed.current.call === callId ? proposed.current.subject : ''
    const followed = follow(value.subject, proposal.subject, before)
    proposed.current = { call: callId, subject: followed.proposed }
    if (followed.write !== null) wrapUp.change({ ...value, subject: followed.write })
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

/** Reads the last registered request from the server, so that the proposal survives a reload. */
function useReportRequests(callId: string | null): void {
  const { i18n } = useTranslation()
  const isNamed = useCatalogue() !== undefined
  const nameOf = useCategoryName()
  const last = useRegisteredIn(callId).findLast(({ own }) => own)
  const subject = last === undefined || !isNamed ? undefined : nameOf(last.category, i18n.language)
  useEffect(() => {
    if (subject !== undefined) reportRegistered(callId, subject)
  }, [callId, subject])
}

/** Reads the last opened article from the server, so that the proposal survives a reload. */
function useReportArticles(callId: string | null): void {
  const { data: papers } = useConsultedArticles(callId)
  const last = papers?.findLast(({ own }) => own)
  const subject = last?.title
  const isOurs = last?.handledBy == null
  useEffect(() => {
    if (callId !== null && subject !== undefined)
      reportDone(callId, 'papers', { subject, resolution: isOurs ? 'on the spot' : 'redirected' })
  }, [callId, subject, isOurs])
}
