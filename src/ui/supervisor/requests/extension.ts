/** The form of an extension: by how many days, and how and when the petitioner was told. */
import type { AddStatus } from '../../../http/requests/wire.ts'
import { readDay } from '../../shared/time/typed-day.ts'

type Told = NonNullable<AddStatus['told']>

export interface Extension {
  readonly days: number
  readonly by: Told['by'] | ''
  /** As typed. */
  readonly on: string
}

interface Term {
  readonly registeredOn: string
  readonly legalEndOn: string
}

/** Why the typed day cannot be the day of the notice; null: it can, or it is no day yet. */
export function dayProblem(
  { on }: Extension,
  { registeredOn, legalEndOn }: Term,
  today: string,
): 'toldTooLate' | 'toldAhead' | 'toldBefore' | null {
  const day = readDay(on)
  if (day === null) return null
  if (day > legalEndOn) return 'toldTooLate'
  if (day > today) return 'toldAhead'
  return day < registeredOn ? 'toldBefore' : null
}

/** The notice as the server takes it; null while it is not whole. */
export function toldOf(extension: Extension, term: Term, today: string): Told | null {
  const on = readDay(extension.on)
  if (extension.by === '' || on === null || dayProblem(extension, term, today) !== null) return null
  return { by: extension.by, on }
}
