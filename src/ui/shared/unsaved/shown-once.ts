/**
 * A secret that the server shows only once (an activation code, recovery codes). Until the person has noted it, no
 * click, sign-out or reload takes it off the screen without a question.
 */
import { useEffect, type RefObject } from 'react'
import { navigate } from 'wouter/use-browser-location'
import { createStore, useStore } from '../store.ts'

interface Secret {
  /** The path of the page that shows it. */
  readonly place: string
  /** How often the person tried to leave the page. */
  readonly held: number
}

const secret = createStore<Secret | null>(null)

export const placeOfSecret = (): string | null => secret.get()?.place ?? null

export const secretShown = (): void => secret.set({ place: window.location.pathname, held: 0 })
export const secretNoted = (): void => secret.set(null)

/** Whether a secret on this page is not noted yet. */
export const showsSecret = (): boolean => placeOfSecret() === window.location.pathname

/** Whether the person has to note a secret on this page before leaving it; its panel then says so. */
export function heldBySecret(): boolean {
  const shown = secret.get()
  if (shown === null || !showsSecret()) return false
  secret.set({ ...shown, held: shown.held + 1 })
  return true
}

/** Opens a page of the application from a menu or by a key, as a link would. */
export function leaveFor(page: string): void {
  if (!heldBySecret()) navigate(page)
}

window.addEventListener('beforeunload', (event) => {
  if (secret.get() !== null) event.preventDefault()
})

/** The browser asks before the page is closed or reloaded. */
export function useAskBeforeUnload(wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return undefined
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [wanted])
}

/** Keeps links outside the panel from leading away. Returns how often the person tried to leave. */
export function useHeldUntilNoted(panel: RefObject<HTMLElement | null>): number {
  useEffect(() => {
    const hold = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest('a[href]') : null
      // Another tab, or a place within the page.
      const stays = link === null || link.hasAttribute('target') || linkOf(link).startsWith('#')
      if (stays || event.ctrlKey || event.metaKey || panel.current?.contains(link) === true) return
      if (!heldBySecret()) return
      event.preventDefault()
      event.stopPropagation()
    }
    document.addEventListener('click', hold, true)
    return () => document.removeEventListener('click', hold, true)
  }, [panel])
  return useStore(secret)?.held ?? 0
}

const linkOf = (link: Element): string => link.getAttribute('href') ?? ''
