/**
 * The actions of keys in the open pane: a mounted component registers its action and removes it when it
 * unmounts.
 */
import { useEffect, useEffectEvent } from 'react'

export type PaneAction =
  | 'save'
  | 'told'
  | 'complain'
  | 'in-words'
  | 'unfinished'
  | 'start-request'
  | 'start-document'
  | 'another-person'
  | 'next-person'

/** The registered handlers of each action; the newest is last and wins. */
const handlers = new Map<PaneAction, readonly (() => void)[]>()

/** With `possible` false nothing is registered. */
export function usePaneAction(action: PaneAction, possible: boolean, handler: () => void): void {
  const run = useEffectEvent(handler)
  useEffect(() => {
    if (!possible) return undefined
    const own = (): void => run()
    handlers.set(action, [...(handlers.get(action) ?? []), own])
    return () => {
      handlers.set(
        action,
        (handlers.get(action) ?? []).filter((one) => one !== own),
      )
    }
  }, [action, possible])
}

/** Whether a component of the desk has registered the action now. */
export const isPossible = (action: PaneAction): boolean => (handlers.get(action)?.length ?? 0) > 0

/** Returns false if no handler is registered. */
export function runPaneAction(action: PaneAction): boolean {
  const handler = handlers.get(action)?.at(-1)
  handler?.()
  return handler !== undefined
}

/** Whether the focus is in a form of the pane that Ctrl+Enter submits. */
export function isPaneFormFocused(): boolean {
  return document.activeElement?.closest('[data-saves-here]') != null
}

/** Submits the form with the focus, if it is one that saves itself. Returns false if it is not. */
export function submitFocused(): boolean {
  const form = document.activeElement?.closest<HTMLFormElement>('form[data-saves-itself]') ?? null
  form?.requestSubmit()
  return form !== null
}
