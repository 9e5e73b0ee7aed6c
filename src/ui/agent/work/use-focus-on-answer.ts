import { useEffect, useEffectEvent, useRef } from 'react'
import type { DeskStateName } from '../desk-state.ts'
import { isField, isWriting } from './is-writing.ts'

/**
 * Where the focus goes when a call is answered: to the group that begins the work (`[data-begins]`), unless the agent
 * is writing or has something open. Words still being typed for the former caller, into a field that has just
 * closed, must choose nothing in that group: then the focus goes to the zone itself.
 */
export function useFocusOnAnswer(zone: { readonly current: HTMLElement | null }, state: DeskStateName): void {
  const before = useRef(state)
  const last = useRef<EventTarget | null>(null)
  useEffect(() => {
    const remember = ({ target }: FocusEvent): void => {
      last.current = target
    }
    document.addEventListener('focusin', remember)
    return () => document.removeEventListener('focusin', remember)
  }, [])
  const answered = useEffectEvent(() => {
    const at = document.activeElement
    const wrote = at === document.body && isField(last.current) && !last.current.isConnected
    if (at === document.body) zone.current?.focus()
    // After the next paint: the caller's tab is open by then.
    if (!wrote) requestAnimationFrame(() => focusBeginning(zone.current))
  })
  useEffect(() => {
    // A field that closed before, with the wrap-up, is not being typed into now.
    if (state === 'ringing' && isField(last.current) && !last.current.isConnected) last.current = null
    if (before.current === 'ringing' && (state === 'talking' || state === 'consulted')) answered()
    before.current = state
  }, [state])
}

function focusBeginning(zone: HTMLElement | null): void {
  if (isWriting()) return
  zone?.querySelector<HTMLElement>('[data-pane]:not([hidden]) [data-begins]')?.focus()
}
