/**
 * An article: what the city asks for when a citizen comes with a problem, kept as versions (docs/rules/knowledge.md).
 * A version never changes, so that what was read out on a day can be shown later.
 */
import { addDays, type Day } from '../day.ts'

declare const brand: unique symbol
/** The permanent name of a procedure (`certificat-nastere-duplicat`), the same in every version. */
export type PaperId = string & { readonly [brand]: 'PaperId' }
export const PaperId = (text: string): PaperId => text as PaperId

export const needForms = ['original', 'copy', 'both'] as const

/** One document that the citizen brings. */
export interface Need {
  readonly what: string
  /** `both`: the original is shown, the copy is kept by the city. */
  readonly form: (typeof needForms)[number]
  /** Number of copies. */
  readonly count: number
}

export interface Form {
  readonly name: string
  /** Download address; null: at the counter only. */
  readonly url: string | null
}

export interface PaperContent {
  /** The field of the city's work: "Stare civilă". */
  readonly domain: string
  readonly title: string
  /** The situation that it covers, in a sentence or two. */
  readonly problem: string
  /** Citizens' own words; the search uses them like the title. */
  readonly asked: readonly string[]
  readonly needs: readonly Need[]
  /** Null: no form is needed. */
  readonly form: Form | null
  /**
   * The institution that handles it; null: the city. Fee, place, hours and term of another institution may be empty:
   * the citizen asks there.
   */
  readonly handledBy: string | null
  readonly fee: string
  /** The counter's place and opening hours. */
  readonly counter: string
  readonly hours: string
  /** How long it takes. */
  readonly term: string
  /** Legal basis: laws and decisions. */
  readonly basis: readonly string[]
  readonly validFrom: Day
  /** The last day; null: no end is set. */
  readonly validTo: Day | null
  /** The portal's page; also the link that is sent to the caller. */
  readonly sourceUrl: string
  /** Day of the last comparison with the source. */
  readonly reviewedAt: Day
}

export interface Paper extends PaperContent {
  readonly id: PaperId
  /** 1 for the first. */
  readonly version: number
}

/** The validity of a version on a day. */
export type Standing = 'in force' | 'not yet' | 'over'

export function standingOn(day: Day, { validFrom, validTo }: Pick<Paper, 'validFrom' | 'validTo'>): Standing {
  if (day < validFrom) return 'not yet'
  return validTo !== null && day > validTo ? 'over' : 'in force'
}

/** An article not compared with its source for this long is stale [D]. */
export const staleAfterDays = 180

/** The earliest day of review that is still fresh on `day`. */
export function freshSince(day: Day): Day {
  return addDays(day, -staleAfterDays)
}

/** The name of a version in registers and in the journal: `certificat-nastere-duplicat@2`. */
export const versionName = (id: PaperId, version: number): string => `${id}@${version}`
