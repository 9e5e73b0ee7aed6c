/** Which tab of the work zone is shown. It stays when a phone rings: focus and typing stay where they are. */
import { navigate } from '../../shared/router.ts'
import { createStore } from '../../shared/store.ts'

/** The names of all tabs, in their order; which of them exist says `panes.tsx`. */
export const paneNames = ['caller', 'papers', 'requests', 'taxes'] as const
export type PaneName = (typeof paneNames)[number]

export const openPane = createStore<PaneName>('caller')

/** Shows a tab and brings the agent to where he goes on: its search field, else the tab itself. */
export function goToPane(name: PaneName): void {
  openPane.set(name)
  // Once it is painted.
  requestAnimationFrame(() => {
    if (!focusSearch()) document.querySelector<HTMLElement>(`#tab-${name}`)?.focus()
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
