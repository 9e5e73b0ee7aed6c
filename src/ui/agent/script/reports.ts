/**
 * The reports of the panes on what was done in a call. A registered request outweighs an account that was read, which
 * outweighs an opened article.
 */
import type { WrapUpForm } from '../../../http/calls/wire.ts'
import { createStore } from '../../shared/store.ts'
import type { PaneName } from '../work/open-pane.ts'

export interface Done {
  readonly subject: string
  readonly resolution: Exclude<WrapUpForm['resolution'], 'unstated'>
}

const byWeight: readonly PaneName[] = ['requests', 'taxes', 'papers', 'caller']

type ByPane = Readonly<Partial<Record<PaneName, Done>>>
/** By call, the last reported one last. A draft of one call may be registered during the next. */
export const reports = createStore<ReadonlyMap<string, ByPane>>(new Map())
/** The bound on the calls whose reports are kept. */
const keptMax = 5

/** The last report of a pane about a call counts. */
export function reportDone(callId: string, pane: PaneName, done: Done): void {
  const before = reports.get()
  const others = [...before].filter(([id]) => id !== callId)
  reports.set(
    new Map([...others, [callId, { ...before.get(callId), [pane]: done }] as const].slice(-keptMax)),
  )
}

/** A request of this category was registered; without a call there is no form to propose it for. */
export function reportRegistered(call: string | null, category: string): void {
  if (call !== null) reportDone(call, 'requests', { subject: category, resolution: 'registered' })
}

export function proposalOf(callId: string | null): Done | null {
  const done = callId === null ? undefined : reports.get().get(callId)
  return byWeight.map((pane) => done?.[pane]).find((one) => one !== undefined) ?? null
}
