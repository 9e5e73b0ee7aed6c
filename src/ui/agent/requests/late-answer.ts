/** A complaint about a document filed at the counter, with the number and day that the caller reads out. */
import type { RequestForm } from '../../../http/requests/wire.ts'
import type { LateDocument } from '../documents/document-form.ts'
import { beginDraft, type Draft } from './drafts.ts'
import type { Served } from './petitioner.ts'
import { writtenDay } from '../../requests/spoken.ts'

export const lateAnswer = 'late-answer'
/** Stored among the draft's own fields until it is registered. */
export const documentNumber = 'paper-number'
export const documentDay = 'paper-day'
export const documentName = 'paper-name'
/** Whether the look-up has found it, for the form only: at registration the server looks it up again. */
export const documentFound = 'paper-found'

/** `paper`: the reference of the caller's document, its day as `YYYY-MM-DD`. */
export function beginLateAnswer({ call, caller }: Served, paper: LateDocument): Draft {
  const draft = beginDraft(call, caller)
  const before = draft.form.store.get().value
  draft.form.change({
    ...before,
    person: before.person === null ? null : { ...before.person, name: paper.name },
    fields: {
      [documentNumber]: paper.number,
      [documentDay]: writtenDay(paper.date),
      [documentName]: paper.name,
      [documentFound]: paper.verified ? 'yes' : '',
    },
    kind: 'complaint',
    category: lateAnswer,
    // Texts on record are in Romanian.
    text: 'Petentul reclamă că nu a primit răspuns în termen. Solicită răspuns și comunicarea motivului întârzierii.',
  })
  return draft
}

/** Null: the complaint is not about a document filed at the counter. */
export function documentOf(
  form: RequestForm,
): { readonly number: string; readonly day: string; readonly name?: string } | null {
  const number = form.fields[documentNumber]?.trim() ?? ''
  if (form.category !== lateAnswer || number === '') return null
  const name = form.fields[documentName]?.trim() ?? ''
  return { number, day: form.fields[documentDay] ?? '', ...(name === '' ? {} : { name }) }
}
