import { useSyncExternalStore } from 'react'
import type { Store } from './store.ts'

/** `select` must return the same reference while nothing changed (a field, not a new object). */
export function useStore<State, Part>(store: Store<State>, select: (state: State) => Part): Part {
  return useSyncExternalStore(
    (listener) => store.subscribe(listener),
    () => select(store.get()),
  )
}
