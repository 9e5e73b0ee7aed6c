/** What a key does in the open pane: the pane that is shown says so, and takes it back when it goes. */
import { useEffect, useEffectEvent } from 'react'

export type HereAction = 'save' | 'told' | 'complain'

/** Of each, what is on the screen and answers to it; the newest last. */
const acts = new Map<HereAction, readonly (() => void)[]>()

/** `possible` false: the key does nothing here. */
export function useHere(action: HereAction, possible: boolean, act: () => void): void {
  const run = useEffectEvent(act)
  useEffect(() => {
    if (!possible) return undefined
    const own = (): void => run()
    acts.set(action, [...(acts.get(action) ?? []), own])
    return () => {
      acts.set(
        action,
        (acts.get(action) ?? []).filter((one) => one !== own),
      )
    }
  }, [action, possible])
}

/** False: nothing here answers to it. */
export function actHere(action: HereAction): boolean {
  const act = acts.get(action)?.at(-1)
  act?.()
  return act !== undefined
}

/** Ctrl+Enter belongs to the form in which the agent writes. */
export function isWritingHere(): boolean {
  return document.activeElement?.closest('[data-saves-here]') != null
}
