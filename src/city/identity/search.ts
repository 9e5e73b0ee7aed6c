/**
 * The claimed identity: name, address and CNP or CUI, all three required and the last one in full (docs/rules/identity.md, rule 1).
 * There is no browsing: nothing is looked up before all three are present.
 */
import type { Millis } from '../../core/ids.ts'
import type { Search } from '../taxes/fiscal-database.ts'
import { wordsOf } from '../taxes/fold.ts'
import { readIdentifier } from '../taxes/identifier.ts'

/** As typed. */
export interface SearchForm {
  readonly name: string
  readonly address: string
  readonly identifier: string
}

export type SearchField = keyof SearchForm

export type ReadSearch =
  | { readonly ok: true; readonly search: Search }
  /** The first invalid field. A wrong check digit of a CNP is reported at once and costs no search. */
  | { readonly ok: false; readonly wrong: SearchField }

/** Searches in one call: more than a family and its firm need, fewer than guessing identifiers needs. */
export const searchesPerCall = 8
/** Longest time before a search that is silenced; the caller says who they are during it. */
export const typingMsMax = 10 * 60_000
/** Shortest: the desk tells the server when the agent begins to type, and a desk that does so late hides nothing. */
export const typingMsMin = 60_000

export function readSearch({ name, address, identifier }: SearchForm): ReadSearch {
  if (!wordsOf(name).some((word) => /\p{L}{2}/u.test(word))) return { ok: false, wrong: 'name' }
  // A street's name and, by rule of the fiscal database, its number; an address that lacks them is "no match".
  if (!wordsOf(address).some((word) => /\p{L}{3}/u.test(word))) return { ok: false, wrong: 'address' }
  const read = readIdentifier(identifier)
  if (!read.ok) return { ok: false, wrong: 'identifier' }
  return { ok: true, search: { name, address, identifier: read.identifier } }
}

/**
 * The earliest time at which the caller may have begun to identify themselves; the recording is silenced from there
 * on. `begun`: when the server was told that the agent begins to type, or null. All times are the server's: a browser
 * cannot shorten the silence.
 */
export function beganAt(now: Millis, begun: Millis | null): Millis {
  return Math.max(Math.min(begun ?? now, now - typingMsMin), now - typingMsMax)
}
