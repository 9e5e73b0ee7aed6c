/**
 * What a call was about, as far as the desk knows by what was done in it: wrap-up proposes it. A pane tells it for
 * its part (`tellDone`); a request that was registered says more than an account that was read, and that more than a
 * paper.
 */
import { useEffect, useRef } from 'react'
import type { WrapUpForm } from '../../../http/calls/wire.ts'
import { createStore, useStore } from '../../shared/store.ts'
import { useConsultedArticles } from '../../knowledge/use-articles.ts'
import { useCallDetail } from '../../calls/use-calls.ts'
import type { PaneName } from '../work/open-pane.ts'
import { draftsOf } from './drafts.ts'

export interface Done {
  readonly subject: string
  readonly resolution: Exclude<WrapUpForm['resolution'], 'unstated'>
}

const byWeight: readonly PaneName[] = ['requests', 'taxes', 'papers', 'caller']
/** As long as a subject may be. */
const subjectMax = 200

type ByPane = Readonly<Partial<Record<PaneName, Done>>>
const told = createStore<{ readonly callId: string; readonly done: ByPane } | null>(null)

/** The last word of a pane about a call counts. */
export function tellDone(callId: string, pane: PaneName, done: Done): void {
  const before = told.get()
  told.set({ callId, done: { ...(before?.callId === callId ? before.done : {}), [pane]: done } })
}

export function useProposal(callId: string | null): Done | null {
  return heaviest(useStore(told, (now) => (now?.callId === callId ? now.done : null)))
}

function heaviest(done: ByPane | null): Done | null {
  return byWeight.map((pane) => done?.[pane]).find((one) => one !== undefined) ?? null
}

/** Writes the subject down as long as the agent has not written one. To be called after the kept drafts are back. */
export function useProposedSubject(callId: string | null): void {
  const proposal = useProposal(callId)
  const { data: kept } = useCallDetail(callId)
  const written = useRef('')
  useTellArticles(callId)
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

/** The resolution is only proposed: it is taken by the key that finishes the call, and never by time running out. */
export function acceptResolution(callId: string): void {
  const { wrapUp } = draftsOf(callId)
  const { value } = wrapUp.store.get()
  const now = told.get()
  const proposal = now?.callId === callId ? heaviest(now.done) : null
  if (proposal !== null && value.resolution === 'unstated')
    wrapUp.change({ ...value, resolution: proposal.resolution })
}

/** From the server's record, so that a refreshed page knows it too: the paper that was opened last. */
function useTellArticles(callId: string | null): void {
  const { data: papers } = useConsultedArticles(callId)
  const last = papers?.at(-1)?.title
  useEffect(() => {
    if (callId !== null && last !== undefined)
      tellDone(callId, 'papers', { subject: last, resolution: 'on the spot' })
  }, [callId, last])
}
