/** What the pane of requests shows on its right, and what has been registered in this page. */
import type { ReadOut } from '../../../http/wire-requests.ts'
import { createStore } from '../../shared/store.ts'

export type Shown =
  | { readonly kind: 'draft'; readonly id: string }
  | { readonly kind: 'request'; readonly id: string }
  | { readonly kind: 'read-out'; readonly id: string }
  /** A paper that was filed over the counter. */
  | { readonly kind: 'elsewhere' }
  | null

export const shown = createStore<Shown>(null)

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
