/** The reference of a filed document, as the agent types it from the caller's dictation. */

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

/** `24.11.2026`, `24/11/2026`, `24 11 2026` or `24112026`; null for a day that does not exist. */
export function readDay(text: string): string | null {
  const parts =
    /^(\d{1,2})[ ./-]+(\d{1,2})[ ./-]+(\d{4})$/.exec(text.trim()) ??
    /^(\d{2})(\d{2})(\d{4})$/.exec(text.trim())
  if (parts === null) return null
  const [, day = '', month = '', year = ''] = parts
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const at = Date.parse(`${written}T00:00:00Z`)
  // `Date.parse` turns the 30th of February into a day of March.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== written ? null : written
}

export interface LateDocument extends DocumentReference {
  /** Whether the document system has confirmed number, date and name. */
  readonly verified: boolean
}
