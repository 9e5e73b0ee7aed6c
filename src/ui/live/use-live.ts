import { useStore } from '../shared/store.ts'
import { live } from './live-feed.ts'
import type { LiveState } from './live-state.ts'

/** `select` must return a field, not a new object. */
export function useLive<Part>(select: (state: LiveState) => Part): Part {
  return useStore(live, select)
}
