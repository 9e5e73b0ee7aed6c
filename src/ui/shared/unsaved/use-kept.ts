import { useState } from 'react'
import { useMe } from '../server/me.ts'
import { broughtBack, discarded, replaced, sent, typed, type KeptState } from './kept-state.ts'
import { forgetKept, keyOf, readKept, writeKept, type KeptPlace } from './kept-values.ts'
import { useAskBeforeUnload } from './shown-once.ts'

interface KeptOptions<Value> {
  /** The form, and the object that it changes: `article ci-pierdere`. */
  readonly name: string
  /** The present version of the object. */
  readonly basis: string
  /** The version that `initial` was made from, when that is not the present one. */
  readonly initialBasis?: string
  readonly initial: Value
  readonly accept: KeptPlace<Value>['accept']
  /** `tab`: until the tab is closed; for names of the staff. `computer`: until they are sent or discarded. */
  readonly where: 'tab' | 'computer'
}

export interface KeptForm<Value> {
  readonly value: Value
  /** The version that the value was changed from; not the present one when the object has changed meanwhile. */
  readonly basis: string
  readonly where: KeptOptions<Value>['where']
  /** When the values that were brought back were typed; null: they are not brought back. */
  readonly broughtBackAt: number | null
  /** There is something to discard. */
  readonly hasKept: boolean
  readonly change: (value: Value) => void
  /** The values were sent; what they had replaced can still be brought back. */
  readonly sent: () => void
  /** Back to what the form began from. */
  readonly discard: () => void
  /** Undoes `discard` and `replace`, until something is typed or the form is left; null: there is nothing to bring back. */
  readonly bringBack: (() => void) | null
  /** The value, or another one that was made of it, is a change of the present version. */
  readonly rebase: (value?: Value) => void
  /** Begins anew from another value, as a change of the present version. */
  readonly replace: (value: Value) => void
}

/** The state of a form whose unsent values come back after a reload or a click elsewhere. */
export function useKept<Value>(options: KeptOptions<Value>): KeptForm<Value> {
  const { name, basis, initialBasis = basis, initial, accept, where } = options
  const account = useMe().id
  const storage = where === 'tab' ? sessionStorage : localStorage
  const place: KeptPlace<Value> = { storage, key: keyOf(account, name), accept }
  const [found] = useState(() => readKept(place, Date.now()))
  const [state, setState] = useState(typed(found))
  const { kept, aside } = state
  const [broughtBackAt, setBroughtBackAt] = useState(found?.at ?? null)
  const [isStored, setStored] = useState(true)
  // A value that the storage refuses is lost with the page.
  useAskBeforeUnload(!isStored)
  const put = (next: KeptState<Value>): void => {
    setState(next)
    if (next.kept === null) {
      forgetKept(place)
      setBroughtBackAt(null)
      setStored(true)
    } else setStored(writeKept(place, next.kept))
  }
  return {
    value: kept === null ? initial : kept.value,
    basis: kept === null ? initialBasis : kept.basis,
    where,
    broughtBackAt,
    hasKept: kept !== null,
    change: (value) => {
      // Typed and taken back: nothing is unsent, unless it has the present version as its basis since then.
      const isInitial = initialBasis === basis && JSON.stringify(value) === JSON.stringify(initial)
      put(typed(isInitial ? null : { value, basis: kept?.basis ?? initialBasis, at: Date.now() }))
    },
    sent: () => put(sent(state)),
    discard: () => put(discarded(state)),
    bringBack:
      aside === null
        ? null
        : () => {
            put(broughtBack(state))
            setBroughtBackAt(aside.at)
          },
    rebase: (value = kept === null ? initial : kept.value) => {
      put(typed({ value, basis, at: kept?.at ?? Date.now() }))
    },
    replace: (value) => put(replaced(state, { value, basis, at: Date.now() })),
  }
}
