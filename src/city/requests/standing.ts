/**
 * The state of a request and its transitions. Each change is a new row of its history; the newest row holds the whole
 * present state.
 */
import { completeList } from '../../core/complete-list.ts'
import type { Day } from '../day.ts'
import { announced, legalEnd } from './deadlines.ts'
import type { RequestId } from './number.ts'
import { termOn, type Regime } from './terms.ts'
import type { WorkingDays } from './working-days.ts'

export const requestStates = [
  'registered',
  'in progress',
  /** Passed on to the authority that it concerns (OG 27/2002 art. 6¹). */
  'redirected',
  /** A duplicate of another request: one answer for both (OG 27/2002 art. 10). */
  'joined',
  'answered',
  /** `Clasat`: without identification, or repeated after an answer (OG 27/2002 art. 7 and 10). */
  'filed',
] as const
export type RequestState = (typeof requestStates)[number]

export interface Standing {
  readonly state: RequestState
  readonly department: string
  /** Addressed to the head of the department instead of the clerk who did not answer in time. */
  readonly toHead: boolean
  /** The first day of the term. */
  readonly countedFrom: Day
  readonly announcedOn: Day
  readonly legalEndOn: Day
  readonly extended: boolean
}

/** How a petitioner can be told that the term is extended. */
export const noticeWays = ['phone', 'e-mail', 'letter'] as const

/** The petitioner has been told of an extension, on this day. */
export interface ExtensionNotice {
  readonly by: (typeof noticeWays)[number]
  readonly on: Day
}

export type StatusEvent =
  | { readonly kind: 'in progress'; readonly department: string | null }
  /** `notice` is null when the document system extends: it has the notice. */
  | {
      readonly kind: 'extended'
      /** Null: as many as the law allows. */
      readonly days: number | null
      readonly notice: ExtensionNotice | null
    }
  | { readonly kind: 'redirected'; readonly authority: string }
  | { readonly kind: 'joined'; readonly to: RequestId }
  | { readonly kind: 'answered' }
  | { readonly kind: 'filed' }
  | { readonly kind: 'reopened' }
  /** The document system's own number. */
  | { readonly kind: 'numbered'; readonly number: string }
export type StatusKind = 'registered' | StatusEvent['kind']
/** The kinds that a supervisor can add; the others come from the registration and from the document system. */
export const settableStatusKinds = [
  'in progress',
  'extended',
  'redirected',
  'joined',
  'answered',
  'filed',
  'reopened',
] as const satisfies readonly StatusKind[]
export const statusKinds = completeList<StatusKind>()(['registered', ...settableStatusKinds, 'numbered'])

export type Followed =
  | { readonly ok: true; readonly standing: Standing }
  | {
      readonly ok: false
      readonly why:
        | 'closed'
        | 'not closed'
        | 'extended already'
        | 'extension too long'
        | 'told too late'
        | 'not told yet'
        | 'itself'
    }

export interface Beginning {
  readonly regime: Regime
  readonly department: string
  readonly toHead: boolean
  /** The category's target, announced instead of the legal term; null: none. */
  readonly targetDays: number | null
}

/** The initial state of a request registered on `day`. */
export function begun(beginning: Beginning, day: Day, working: WorkingDays): Standing {
  const { days } = termOn(beginning.regime, day)
  return {
    state: 'registered',
    department: beginning.department,
    toHead: beginning.toHead,
    countedFrom: day,
    announcedOn: announced(day, Math.min(beginning.targetDays ?? days, days), working),
    legalEndOn: legalEnd(day, days, working),
    extended: false,
  }
}

/** States in which an answer is still due. */
export const openStates: readonly RequestState[] = ['registered', 'in progress']

export const closedStates = requestStates.filter((state) => !openStates.includes(state))

export function isOpen(state: RequestState): boolean {
  return openStates.includes(state)
}

/** The state after a change, or why the change is not possible. `today` is the city's day. */
export function follow(
  id: RequestId,
  regime: Regime,
  standing: Standing,
  event: StatusEvent,
  today: Day,
  working: WorkingDays,
): Followed {
  if (event.kind === 'numbered') return becomes(standing)
  if (event.kind === 'reopened') {
    if (isOpen(standing.state)) return { ok: false, why: 'not closed' }
    const { department, toHead } = standing
    const fresh = begun({ regime, department, toHead, targetDays: null }, today, working)
    return becomes({ ...fresh, state: 'in progress' })
  }
  if (!isOpen(standing.state)) return { ok: false, why: 'closed' }
  switch (event.kind) {
    case 'in progress':
      return becomes({
        ...standing,
        state: 'in progress',
        department: event.department ?? standing.department,
      })
    case 'extended':
      return extendedBy(event, regime, standing, today, working)
    case 'redirected':
      return becomes({ ...standing, state: 'redirected' })
    case 'joined':
      return event.to === id ? { ok: false, why: 'itself' } : becomes({ ...standing, state: 'joined' })
    case 'answered':
      return becomes({ ...standing, state: 'answered' })
    case 'filed':
      return becomes({ ...standing, state: 'filed' })
  }
}

const becomes = (standing: Standing): Followed => ({ ok: true, standing })

/** By how many days an extension moves the term: those asked for, or as many as the law allows. */
export function daysGranted(
  { days }: Pick<Extract<StatusEvent, { kind: 'extended' }>, 'days'>,
  regime: Regime,
  { countedFrom }: Pick<Standing, 'countedFrom'>,
): number {
  return days ?? termOn(regime, countedFrom).extensionDays
}

/**
 * The one extension: by default and at most as long as the law allows, and announced to the petitioner before the first
 * term ends (OG 27/2002 art. 9; L 544/2001 art. 7).
 */
function extendedBy(
  event: Extract<StatusEvent, { kind: 'extended' }>,
  regime: Regime,
  standing: Standing,
  today: Day,
  working: WorkingDays,
): Followed {
  const term = termOn(regime, standing.countedFrom)
  if (standing.extended) return { ok: false, why: 'extended already' }
  const { notice } = event
  const days = daysGranted(event, regime, standing)
  if (days > term.extensionDays) return { ok: false, why: 'extension too long' }
  if (notice !== null && notice.on > standing.legalEndOn) return { ok: false, why: 'told too late' }
  if (notice !== null && (notice.on > today || notice.on < standing.countedFrom))
    return { ok: false, why: 'not told yet' }
  const { countedFrom } = standing
  return becomes({
    ...standing,
    announcedOn: announced(countedFrom, term.days + days, working),
    legalEndOn: legalEnd(countedFrom, term.days + days, working),
    extended: true,
  })
}

export const dueness = ['closed', 'in time', 'due', 'overdue'] as const
export type Dueness = (typeof dueness)[number]

/** `due` from the day after the announced one, `overdue` after the legal end. */
export function duenessOn(
  today: Day,
  { state, announcedOn, legalEndOn }: Pick<Standing, 'state' | 'announcedOn' | 'legalEndOn'>,
): Dueness {
  if (!isOpen(state)) return 'closed'
  if (today > legalEndOn) return 'overdue'
  return today > announcedOn ? 'due' : 'in time'
}
