/**
 * The open tab of the work zone. It does not change when the phone rings: focus and input stay where they are. An answered
 * call opens the caller's tab.
 */
import { navigate } from 'wouter/use-browser-location'
import { createStore } from '../../shared/store.ts'
import { heldBySecret } from '../../shared/unsaved/shown-once.ts'
import { heldForMs, holdTyping } from './held-typing.ts'
import { runPaneAction, type PaneAction } from './pane-actions.ts'

/** The names of all tabs, in their order; `panes.tsx` defines them. */
export const paneNames = ['caller', 'papers', 'requests', 'taxes'] as const
export type PaneName = (typeof paneNames)[number]

export const openPane = createStore<PaneName>('caller')

/** Shows a tab and focuses it, then its search field as soon as there is one. */
export function goToPane(name: PaneName): void {
  showPane(name, focusSearch)
}

/** Shows a tab and runs the action there as soon as the pane can. */
export function startInPane(name: PaneName, action: PaneAction): void {
  showPane(name, () => runPaneAction(action))
}

/** `arrived` is tried once a frame while typing is held: the pane may have to fetch something first. It ends when the agent has moved on. */
function showPane(name: PaneName, arrived: () => boolean): void {
  holdTyping()
  openPane.set(name)
  const until = performance.now() + heldForMs
  const tab = (): HTMLElement | null => document.querySelector(`#tab-${name}`)
  const arrive = (): void => {
    // The agent has moved the focus meanwhile.
    if (openPane.get() !== name || document.activeElement !== tab()) return
    if (!arrived() && performance.now() < until) requestAnimationFrame(arrive)
  }
  // After the next paint.
  requestAnimationFrame(() => {
    tab()?.focus()
    arrive()
  })
}

/** Focuses the search field of the open tab; if the tab has none, that of the caller's tab. */
export function goToSearch(): void {
  if (focusSearch()) return
  const pane = document.querySelector('[data-pane]:not([hidden])')
  const isLoading = pane === null || pane.querySelector('[data-loading]') !== null
  goToPane(isLoading ? openPane.get() : 'caller')
}

/** Returns false if the open tab has no search field. */
export function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>(
    '[data-pane]:not([hidden]) [data-search]:not([hidden] *)',
  )
  field?.focus()
  field?.select()
  return field !== null
}

/** Runs `work` on the desk, navigating to it first from another screen. */
export function onDesk(work: () => void): void {
  if (window.location.pathname === '/desk') return work()
  if (heldBySecret()) return
  holdTyping()
  navigate('/desk')
  // After the desk is painted.
  requestAnimationFrame(work)
}
