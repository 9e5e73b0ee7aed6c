/**
 * The actions of keys in the open pane: a mounted component registers its action and removes it when it
 * unmounts.
 */
import { useEffect, useEffectEvent } from 'react'

export type HereAction = 'save' | 'told' | 'complain'

/** The registered handlers of each action; the newest is last and wins. */
const acts = new Map<HereAction, readonly (() => void)[]>()

/** With `possible` false nothing is registered. */
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

/** Returns false if no handler is registered. */
export function actHere(action: HereAction): boolean {
  const act = acts.get(action)?.at(-1)
  act?.()
  return act !== undefined
}

/** Whether the focus is in a form of the pane that Ctrl+Enter submits. */
export function isWritingHere(): boolean {
  return document.activeElement?.closest('[data-saves-here]') != null
}
