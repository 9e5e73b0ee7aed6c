/**
 * Who somebody says he is: name, address and CNP or CUI, all three and the last one in full (cityhall.md 4.1). There
 * is no browsing: what is missing is asked for, and nothing is looked up before all is there.
 */
import type { Millis } from '../../core/ids.ts'
import type { Search } from '../taxes/fiscal-database.ts'
import { wordsOf } from '../taxes/fold.ts'
import { readIdentifier } from '../taxes/identifier.ts'

/** As it was typed. */
export interface SearchForm {
  readonly name: string
  readonly address: string
  readonly identifier: string
}

export type SearchField = keyof SearchForm

export type ReadSearch =
  | { readonly ok: true; readonly search: Search }
  /** The first field that is none; a slip in the CNP is told at once and costs no search. */
  | { readonly ok: false; readonly wrong: SearchField }

/** Searches in one call: a family and its firm are fewer; who tries identifiers needs more. */
export const searchesPerCall = 8
/** The agent began to type at most so long before he searched; the caller was saying his CNP then. */
export const typingMsMax = 10 * 60_000

export function readSearch({ name, address, identifier }: SearchForm): ReadSearch {
  if (!wordsOf(name).some((word) => /\p{L}{2}/u.test(word))) return { ok: false, wrong: 'name' }
  // A street's name and, by rule of the fiscal database, its number; what is lacking there is "no match".
  if (!wordsOf(address).some((word) => /\p{L}{3}/u.test(word))) return { ok: false, wrong: 'address' }
  const read = readIdentifier(identifier)
  if (!read.ok) return { ok: false, wrong: 'identifier' }
  return { ok: true, search: { name, address, identifier: read.identifier } }
}

/** When the caller may have begun to say who he is: hidden in the recording from there on. */
export function beganAt(now: Millis, typingMs: number): Millis {
  return now - Math.min(Math.max(0, typingMs), typingMsMax)
}
