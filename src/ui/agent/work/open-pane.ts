/** Which tab of the work zone is shown. It stays when a phone rings: focus and typing stay where they are. */
import { navigate } from 'wouter/use-browser-location'
import { createStore } from '../../shared/store.ts'

/** The names of all tabs, in their order; which of them exist says `panes.tsx`. */
export const paneNames = ['caller', 'papers', 'requests', 'taxes'] as const
export type PaneName = (typeof paneNames)[number]

export const openPane = createStore<PaneName>('caller')

/** How long a pane may take to show its search field, where it asks the server for something first. */
const arrivesWithinMs = 2_000

/** Shows a tab and brings the agent to where he goes on: the tab itself, and its search field as soon as it is there. */
export function goToPane(name: PaneName): void {
  openPane.set(name)
  const until = performance.now() + arrivesWithinMs
  const tab = (): HTMLElement | null => document.querySelector(`#tab-${name}`)
  const arrive = (): void => {
    // Meanwhile the agent has gone elsewhere.
    if (openPane.get() !== name || document.activeElement !== tab()) return
    if (!focusSearch() && performance.now() < until) requestAnimationFrame(arrive)
  }
  // Once it is painted.
  requestAnimationFrame(() => {
    tab()?.focus()
    arrive()
  })
}

/** False where the tab that is shown has nothing to search. */
export function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('[data-pane]:not([hidden]) [data-search]')
  field?.focus()
  field?.select()
  return field !== null
}

/** From another screen the agent is brought to the desk first. */
export function onDesk(work: () => void): void {
  if (window.location.pathname === '/desk') return work()
  navigate('/desk')
  // Once the desk is painted.
  requestAnimationFrame(work)
}
