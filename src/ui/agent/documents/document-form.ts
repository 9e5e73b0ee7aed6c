/** The reference of a filed document, as the agent types it from the caller's dictation. */

import { readDay } from '../../shared/time/typed-day.ts'

export interface DocumentForm {
  readonly number: string
  readonly date: string
  readonly name: string
}

export interface DocumentReference {
  readonly number: string
  /** `YYYY-MM-DD`. */
  readonly date: string
  readonly name: string
}

export type FieldProblem = 'missing' | 'badDate'
export type FieldProblems = Partial<Record<keyof DocumentForm, FieldProblem>>

export const emptyForm: DocumentForm = { number: '', date: '', name: '' }

/** Parses the form: the reference, or the problem of each wrong field. */
export function readForm(
  form: DocumentForm,
): { readonly reference: DocumentReference } | { readonly problems: FieldProblems } {
  const number = form.number.trim()
  const name = form.name.trim()
  const date = readDay(form.date)
  const problems: FieldProblems = {
    ...(number === '' ? { number: 'missing' } : {}),
    ...(form.date.trim() === '' ? { date: 'missing' } : date === null ? { date: 'badDate' } : {}),
    ...(name === '' ? { name: 'missing' } : {}),
  }
  return date === null || number === '' || name === '' ? { problems } : { reference: { number, date, name } }
}

/** Whether both ask for the same document; the day may be written in another way. */
export function asksTheSame(one: DocumentForm, other: DocumentForm): boolean {
  const [first, second] = [readForm(one), readForm(other)]
  return (
    'reference' in first &&
    'reference' in second &&
    first.reference.number === second.reference.number &&
    first.reference.date === second.reference.date &&
    first.reference.name === second.reference.name
  )
}

export interface LateDocument extends DocumentReference {
  /** Whether the document system has confirmed number, date and name. */
  readonly verified: boolean
}
