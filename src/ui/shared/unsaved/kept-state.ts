/** The values of a form that are not sent yet, and the ones that can be brought back. */
import type { Kept } from './kept-values.ts'

export interface KeptState<Value> {
  /** Null: the form is as it began. */
  readonly kept: Kept<Value> | null
  /** Discarded, or replaced by a value that nothing has been typed into since; null: there are none. */
  readonly aside: Kept<Value> | null
}

type State<Value> = KeptState<Value>

export const typed = <Value>(kept: Kept<Value> | null): State<Value> => ({ kept, aside: null })

/** A value that nobody has typed is dropped; the one that it had replaced is brought back. */
export const discarded = <Value>({ kept, aside }: State<Value>): State<Value> => ({
  kept: null,
  aside: aside ?? kept,
})

/** A value that was not typed, such as an earlier version: of two in a row, the typed one is still brought back. */
export const replaced = <Value>({ kept, aside }: State<Value>, by: Kept<Value>): State<Value> => ({
  kept: by,
  aside: aside ?? kept,
})

/** The values that the sent one had replaced can still be brought back. */
export const sent = <Value>({ aside }: State<Value>): State<Value> => ({ kept: null, aside })

export const broughtBack = <Value>({ aside }: State<Value>): State<Value> => ({ kept: aside, aside: null })
