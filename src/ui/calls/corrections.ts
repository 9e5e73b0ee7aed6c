/** Corrections of wrap-up forms that are not saved yet, by call. They outlast the form: a call may come meanwhile. */
import type { WrapUpForm, WrapUpVersion } from '../../http/calls/wire.ts'
import { api } from '../shared/server/api.ts'
import { useKept, type KeptForm } from '../shared/unsaved/use-kept.ts'

export interface Correction {
  readonly form: WrapUpForm
  /** One more note; empty: none. */
  readonly note: string
}

const blank: WrapUpForm = {
  subject: '',
  code: null,
  motivated: 'unstated',
  reason: null,
  resolution: 'unstated',
}

interface OwnForm {
  /** A call's. */
  readonly id: string
  readonly wrapUp: WrapUpVersion | null
}

/** The correction as far as it is typed, otherwise the form on record. */
export function useCorrection({ id, wrapUp }: OwnForm): KeptForm<Correction> {
  return useKept<Correction>({
    name: `correction ${id}`,
    basis: '',
    initial: { form: recorded(wrapUp), note: '' },
    accept: acceptCorrection,
    // The note may name a citizen.
    where: 'tab',
  })
}

/** Null for another shape: a form of an earlier release. The server knows which choices there are. */
export function acceptCorrection(stored: unknown): Correction | null {
  const { form, note } = asRecord(stored)
  const { subject, code = null, motivated, reason, resolution } = asRecord(form)
  const isWhole =
    [note, subject, motivated, resolution].every((text) => typeof text === 'string') &&
    [reason, code].every((choice) => choice === null || typeof choice === 'string')
  return isWhole ? (stored as Correction) : null
}

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

/** Saves what differs from the record. A retry after a failure sends only what is not on record yet. */
export async function saveCorrection(call: OwnForm, typed: Correction): Promise<void> {
  const path = `/calls/${encodeURIComponent(call.id)}`
  if (!isSame(typed.form, recorded(call.wrapUp))) await api('POST', `${path}/wrap-up/corrections`, typed.form)
  if (typed.note.trim() !== '') await api('POST', `${path}/notes`, { text: typed.note })
}

export function isSame(a: WrapUpForm, b: WrapUpForm): boolean {
  return (
    a.subject.trim() === b.subject.trim() &&
    (a.code ?? null) === (b.code ?? null) &&
    a.motivated === b.motivated &&
    a.reason === b.reason &&
    a.resolution === b.resolution
  )
}

export function recorded(wrapUp: WrapUpVersion | null): WrapUpForm {
  if (wrapUp === null) return blank
  const { subject, code, motivated, reason, resolution } = wrapUp
  return { subject, code: code && code.id, motivated, reason, resolution }
}
