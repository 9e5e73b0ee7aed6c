/**
 * What the city asks for when a citizen comes with a problem: one record, kept as versions (cityhall.md 2).
 * A version is never changed; what was read out on a day can be shown later.
 */
import { addDays, type Day } from '../day.ts'

declare const brand: unique symbol
/** The name of a procedure for good (`certificat-nastere-duplicat`), the same in every version. */
export type PaperId = string & { readonly [brand]: 'PaperId' }
export const PaperId = (text: string): PaperId => text as PaperId

export const needForms = ['original', 'copy', 'both'] as const

/** One paper that the citizen brings. */
export interface Need {
  readonly what: string
  /** `both`: the original is shown, the copy stays. */
  readonly form: (typeof needForms)[number]
  /** How many of it. */
  readonly count: number
}

export interface Form {
  readonly name: string
  /** Where it can be taken from; null: at the counter only. */
  readonly url: string | null
}

export interface PaperContent {
  /** The field of the city's work: "Stare civilă". */
  readonly domain: string
  readonly title: string
  /** Whom it is for, in a sentence or two. */
  readonly problem: string
  /** As citizens say it: the search knows these words as well as the title's. */
  readonly asked: readonly string[]
  readonly needs: readonly Need[]
  /** Null: nothing is to be filled in. */
  readonly form: Form | null
  readonly fee: string
  /** Where, and when it is open. */
  readonly counter: string
  readonly hours: string
  /** How long it takes. */
  readonly term: string
  /** Laws and decisions that it rests on. */
  readonly basis: readonly string[]
  readonly validFrom: Day
  /** The last day; null: until something changes. */
  readonly validTo: Day | null
  /** The page of the portal that this was taken from: also what is sent to the caller. */
  readonly sourceUrl: string
  /** When somebody last compared it with the source. */
  readonly reviewedAt: Day
}

export interface Paper extends PaperContent {
  readonly id: PaperId
  /** 1 for the first. */
  readonly version: number
}

/** How a version is to be taken on a day. */
export type Standing = 'in force' | 'not yet' | 'over'

export function standingOn(day: Day, { validFrom, validTo }: Pick<Paper, 'validFrom' | 'validTo'>): Standing {
  if (day < validFrom) return 'not yet'
  return validTo !== null && day > validTo ? 'over' : 'in force'
}

/** An entry that nobody has compared with its source for so long is told to be stale [D]. */
export const staleAfterDays = 180

/** The last day of review that still counts as fresh on `day`. */
export function freshSince(day: Day): Day {
  return addDays(day, -staleAfterDays)
}

/** As a version is named in registers and in the journal: `certificat-nastere-duplicat@2`. */
export const versionName = (id: PaperId, version: number): string => `${id}@${version}`
