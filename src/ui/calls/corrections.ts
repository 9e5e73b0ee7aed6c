/** Corrections of wrap-up forms that are not saved yet, by call. They outlast the form: a call may come meanwhile. */
import type { WrapUpForm } from '../../http/calls/wire.ts'
import { api } from '../shared/server/api.ts'
import { createStore, useStore } from '../shared/store.ts'
import { keepUnsaved } from '../shared/unsaved/unsaved.ts'
import type { Detail } from './use-calls.ts'

export interface Correction {
  readonly form: WrapUpForm
  /** One more note; empty: none. */
  readonly note: string
}

const corrections = createStore<Readonly<Record<string, Correction>>>({})
keepUnsaved({ all: () => [], forget: () => corrections.set({}) })

const blank: WrapUpForm = { subject: '', motivated: 'unstated', reason: null, resolution: 'unstated' }

/** The correction as far as it is typed, otherwise the form on record. */
export function useCorrection({ id, wrapUp }: Pick<Detail, 'id' | 'wrapUp'>): Correction {
  const typed = useStore(corrections, (all) => all[id])
  return typed ?? { form: recorded(wrapUp), note: '' }
}

export function keepCorrection(call: string, correction: Correction): void {
  corrections.set({ ...corrections.get(), [call]: correction })
}

export function dropCorrection(call: string): void {
  const { [call]: _, ...others } = corrections.get()
  corrections.set(others)
}

/** Saves what differs from the record. A retry after a failure sends only what is not on record yet. */
export async function saveCorrection(call: Pick<Detail, 'id' | 'wrapUp'>, typed: Correction): Promise<void> {
  const path = `/calls/${encodeURIComponent(call.id)}`
  if (!isSame(typed.form, recorded(call.wrapUp))) await api('POST', `${path}/wrap-up/corrections`, typed.form)
  if (typed.note.trim() !== '') await api('POST', `${path}/notes`, { text: typed.note })
  dropCorrection(call.id)
}

export function isSame(a: WrapUpForm, b: WrapUpForm): boolean {
  return (
    a.subject.trim() === b.subject.trim() &&
    a.motivated === b.motivated &&
    a.reason === b.reason &&
    a.resolution === b.resolution
  )
}

export function recorded(wrapUp: Detail['wrapUp']): WrapUpForm {
  if (wrapUp === null) return blank
  const { subject, motivated, reason, resolution } = wrapUp
  return { subject, motivated, reason, resolution }
}
