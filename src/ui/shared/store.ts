/** An observable value. All state of the browser is in a handful of these. */
import { useSyncExternalStore } from 'react'

export interface Store<State> {
  readonly get: () => State
  /** Replaces the state; nothing is merged. */
  readonly set: (next: State) => void
  /** Returns the function that unsubscribes. */
  readonly subscribe: (listener: () => void) => () => void
}

export function createStore<State>(initial: State): Store<State> {
  let state = initial
  const listeners = new Set<() => void>()
  return {
    get: () => state,
    set: (next) => {
      if (Object.is(next, state)) return
      state = next
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** `select` must return the same reference while nothing changed (a field, not a new object). */
export function useStore<State>(store: Store<State>): State
export function useStore<State, Part>(store: Store<State>, select: (state: State) => Part): Part
export function useStore<State>(
  store: Store<State>,
  select: (state: State) => unknown = (state) => state,
): unknown {
  return useSyncExternalStore(store.subscribe, () => select(store.get()))
}
