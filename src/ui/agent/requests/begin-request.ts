/** Begins the form of a request for the caller on the desk. */
import type { LiveCallView } from '../../../http/live/wire.ts'
import { spokenNumber } from '../../shared/phone-number.ts'
import { holdTyping } from '../work/held-typing.ts'
import { beginDraft, type Caller, type Draft } from './drafts.ts'
import { shown } from './shown-request.ts'

/** A withheld number has no name either. */
export const callerOf = (call: LiveCallView | null): Caller =>
  call?.caller == null
    ? { phone: '', name: '' }
    : { phone: spokenNumber(call.caller), name: call.callerName ?? '' }

/**
 * Shows a draft with the focus in its first field; for a complaint about a document, in the document number. The tab
 * of requests must be open.
 */
export function showDraft(draft: Draft): void {
  holdTyping()
  shown.set({ kind: 'draft', id: draft.id, agreed: true })
  // After the next paint.
  requestAnimationFrame(() => {
    const form = document.querySelector('[data-request-form]')
    const field = form?.querySelector('[data-paper=number]') ?? form?.querySelector('input')
    if (field instanceof HTMLInputElement) field.focus()
  })
}

/** A new draft whose category is known already. */
export function beginOfCategory(call: LiveCallView | null, callId: string | null, category: string): void {
  const draft = beginDraft(callId, callerOf(call))
  draft.form.change({ ...draft.form.store.get().value, category })
  showDraft(draft)
}
