/** The selection on the right of the requests pane, and the requests registered in this page. */
import type { ReadOut } from '../../../http/requests/wire.ts'
import { createStore } from '../../shared/store.ts'

/**
 * `call`: the call in which it was opened. In the next call it is opened again, which goes on record. Null:
 * opened without a call.
 */
export type Shown =
  /** `agreed`: of this call, or the agent has agreed to open the draft of another one. */
  | { readonly kind: 'draft'; readonly id: string; readonly agreed: boolean }
  | { readonly kind: 'request'; readonly id: string; readonly call: string | null }
  | { readonly kind: 'read-out'; readonly id: string; readonly call: string | null }
  /** The search for a document filed at the counter. */
  | { readonly kind: 'elsewhere'; readonly call: string | null }
  | null

export const shown = createStore<Shown>(null)

/** The selection that may be shown during `call`. */
export function shownIn(what: Shown, call: string | null): Shown {
  const ofAnother =
    what !== null && 'call' in what && what.call !== null && call !== null && what.call !== call
  return ofAnother ? null : what
}

export interface Registered {
  readonly readOut: ReadOut
  readonly call: string | null
  readonly told: boolean
}

/** Newest last. The right zone shows the one of the present call that has not been told yet. */
export const registeredHere = createStore<readonly Registered[]>([])

const keptMax = 20

/**
 * Returns what adds a registered request of `call`. The request is shown in the place of the form that it was sent from
 * (in call `sentIn`), unless that was closed before the response: its number is not for the next caller.
 */
export function registering(call: string | null, sentIn: string | null): (readOut: ReadOut) => void {
  const form = shown.get()
  return (readOut) => {
    const rest = registeredHere.get().filter((one) => one.readOut.id !== readOut.id)
    registeredHere.set([...rest, { readOut, call, told: false }].slice(-keptMax))
    if (shown.get() === form) shown.set({ kind: 'read-out', id: readOut.id, call: sentIn })
  }
}

export function markTold(id: string): void {
  registeredHere.set(
    registeredHere.get().map((one) => (one.readOut.id === id ? { ...one, told: true } : one)),
  )
}

/** The next call was answered: an open form goes back to the list of drafts. */
export function closeShown(): void {
  shown.set(null)
}

/** Another agent signed in on this tab. */
export function clearShown(): void {
  shown.set(null)
  registeredHere.set([])
}
