/** Begins the form of a request for the caller on the desk. */
import { holdTyping } from '../work/held-typing.ts'
import { beginDraft, type Draft } from './drafts.ts'
import type { Served } from './petitioner.ts'
import { shown } from './shown-request.ts'

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
export function beginOfCategory({ call, caller }: Served, category: string): void {
  const draft = beginDraft(call, caller)
  draft.form.change({ ...draft.form.store.get().value, category })
  showDraft(draft)
}
