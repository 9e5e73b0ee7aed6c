/** The form of a request's next step: what it lacks, field by field, and the body that is sent. */
import type { AddStatus, RequestDetail } from '../../../http/requests/wire.ts'
import { Problem } from '../../shared/server/api.ts'
import { readDay } from '../../shared/time/typed-day.ts'

export type StepKind = AddStatus['kind']

export interface Step {
  readonly kind: StepKind | ''
  /** By how many days an extension is; null: none is typed. */
  readonly days: number | null
  readonly toldBy: NonNullable<AddStatus['told']>['by'] | ''
  /** As typed. */
  readonly toldOn: string
  /** Empty: the department stays. */
  readonly department: string
  readonly authority: string
  readonly to: string
  readonly note: string
}

/** `days`: as many as the law allows. */
export const blankStep = ({ extension }: Pick<Term, 'extension'>): Omit<Step, 'note'> => ({
  kind: '',
  days: extension.daysMax,
  toldBy: '',
  toldOn: '',
  department: '',
  authority: '',
  to: '',
})

export type StepField = Exclude<keyof Step, 'department'>
export type DayFault = 'toldTooLate' | 'toldAhead' | 'toldBefore' | 'toldBeforeReopening'
export type StepFaults = Partial<Record<StepField, 'missing' | 'tooManyDays' | DayFault>>

type Term = Pick<RequestDetail, 'registeredOn' | 'countedFrom' | 'legalEndOn' | 'extension'>

/** The steps that require words on record, and what these are. */
export const noteOf: Readonly<Partial<Record<StepKind | '', 'reason' | 'answerText' | 'ground'>>> = {
  extended: 'reason',
  answered: 'answerText',
  filed: 'ground',
}

/** Why the typed day cannot be the day of the notice; null: it can, or it is no day yet. */
export function dayProblem(
  { toldOn }: Pick<Step, 'toldOn'>,
  { registeredOn, countedFrom, legalEndOn }: Omit<Term, 'extension'>,
  today: string,
): DayFault | null {
  const day = readDay(toldOn)
  if (day === null) return null
  if (day > legalEndOn) return 'toldTooLate'
  if (day > today) return 'toldAhead'
  if (day >= countedFrom) return null
  return countedFrom === registeredOn ? 'toldBefore' : 'toldBeforeReopening'
}

/** The fields that the server would refuse; `today` is the city's day. */
export function faultsOf(step: Step, term: Term, today: string): StepFaults {
  const { kind, days, toldBy, toldOn, authority, to, note } = step
  const faults: StepFaults = {}
  if (kind === '') return { kind: 'missing' }
  if (kind === 'extended') {
    const late = dayProblem(step, term, today)
    if (days === null || !Number.isInteger(days) || days < 1) faults.days = 'missing'
    else if (days > term.extension.daysMax) faults.days = 'tooManyDays'
    if (toldBy === '') faults.toldBy = 'missing'
    if (readDay(toldOn) === null) faults.toldOn = 'missing'
    else if (late !== null) faults.toldOn = late
  }
  if (kind === 'redirected' && authority.trim().length < 2) faults.authority = 'missing'
  if (kind === 'joined' && to.trim() === '') faults.to = 'missing'
  if (noteOf[kind] !== undefined && note.trim() === '') faults.note = 'missing'
  return faults
}

const fieldCodes: Readonly<Record<string, StepField>> = {
  'extension-too-long': 'days',
  'extension-untold': 'toldBy',
  'told-too-late': 'toldOn',
  'wrong-day-told': 'toldOn',
  'joined-to-none': 'to',
}

/** The field that a refusal is about; null: none of them. */
export const fieldOf = (error: unknown): StepField | null =>
  error instanceof Problem ? (fieldCodes[error.code] ?? null) : null

/** A step without faults, as the server takes it. */
export function bodyOf(kind: StepKind, step: Step): AddStatus {
  return { ...partsOf(kind, step), note: step.note }
}

function partsOf(kind: StepKind, { days, toldBy, toldOn, department, authority, to }: Step): AddStatus {
  switch (kind) {
    case 'extended': {
      const on = readDay(toldOn)
      return {
        kind,
        ...(days !== null && { days }),
        ...(toldBy !== '' && on !== null && { told: { by: toldBy, on } }),
      }
    }
    case 'redirected':
      return { kind, authority: authority.trim() }
    case 'joined':
      return { kind, to: to.trim() }
    case 'in progress':
      return department === '' ? { kind } : { kind, department }
    case 'answered':
    case 'filed':
    case 'reopened':
      return { kind }
  }
}
