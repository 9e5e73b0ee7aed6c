/** What the pane of requests shows on its right, and what has been registered in this page. */
import type { ReadOut } from '../../../http/requests/wire.ts'
import { createStore } from '../../shared/store.ts'

/** `call`: in which it was opened. The next caller's is opened anew, on record; null: outside of any. */
export type Shown =
  | { readonly kind: 'draft'; readonly id: string }
  | { readonly kind: 'request'; readonly id: string; readonly call: string | null }
  | { readonly kind: 'read-out'; readonly id: string }
  /** A paper that was filed over the counter. */
  | { readonly kind: 'elsewhere'; readonly call: string | null }
  | null

export const shown = createStore<Shown>(null)

/** What may be shown while this call is on the desk. */
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

/** Newest last; what is to be said of the present call stands in the right zone too. */
export const registeredHere = createStore<readonly Registered[]>([])

const keptMax = 20

export function registeredNow(readOut: ReadOut, call: string | null): void {
  const rest = registeredHere.get().filter((one) => one.readOut.id !== readOut.id)
  registeredHere.set([...rest, { readOut, call, told: false }].slice(-keptMax))
  shown.set({ kind: 'read-out', id: readOut.id })
}

export function toldNow(id: string): void {
  registeredHere.set(
    registeredHere.get().map((one) => (one.readOut.id === id ? { ...one, told: true } : one)),
  )
}

/** Another agent in this tab. */
export function forgetShown(): void {
  shown.set(null)
  registeredHere.set([])
}
