/** What the bench tells the process that its callers live in, and what it hears from it. */
import type { Address } from '../../src/stack/demo/exchange.ts'

export type ToCallers =
  | { readonly do: 'open'; readonly target: Address; readonly from: string; readonly number: string }
  /** Keeps so many on the phone: who leaves is replaced. */
  | { readonly do: 'keep'; readonly callers: number }
  | { readonly do: 'call' }
  | { readonly do: 'hang up'; readonly caller: string }
  /** Everybody hangs up; answered by `closed`. */
  | { readonly do: 'close' }

export type FromCallers =
  | { readonly told: 'open'; readonly sipp: number }
  /** Wall clock, milliseconds with fractions: when the INVITE left. */
  | { readonly told: 'called'; readonly caller: string; readonly at: number }
  | { readonly told: 'ended'; readonly caller: string; readonly ending: string; readonly packets: number }
  | { readonly told: 'closed' }
