/** Whose request a form is. */
import type { LiveCallView } from '../../../http/live/wire.ts'
import type { RequestForm } from '../../../http/requests/wire.ts'
import { spokenNumber } from '../../shared/phone-number.ts'
import type { Autosave } from '../../shared/unsaved/autosave.ts'
import { answeredIdOf, type DeskState } from '../desk-state.ts'

export interface Caller {
  /** As it is spoken; empty: withheld, or no call. */
  readonly phone: string
  readonly name: string
}

/** The call and the caller that a new form is for. */
export interface Served {
  readonly call: string | null
  readonly caller: Caller
}

/** `call`: the one on the desk. A caller who only rings is not served yet; a withheld number has no name either. */
export function servedOf(state: DeskState, call: LiveCallView | null): Served {
  const id = answeredIdOf(state)
  return id === null || call?.caller == null
    ? { call: id, caller: { phone: '', name: '' } }
    : { call: id, caller: { phone: spokenNumber(call.caller), name: call.callerName ?? '' } }
}

type Person = NonNullable<RequestForm['person']>

export const noAddress: Person['address'] = { street: '', number: '', more: '', locality: '' }
export const blankPerson: Person = {
  name: '',
  phone: '',
  email: '',
  address: { ...noAddress, locality: 'Timișoara' },
}

/** The person of a form that was made anonymous, in this page only: the saved draft does not name them. */
const leftOut = new WeakMap<Autosave<RequestForm>, Person>()

/** Leaves the person out of the form, or brings back the one left out. */
export function setNameless(form: Autosave<RequestForm>, nameless: boolean): void {
  const { value } = form.store.get()
  if (nameless && value.person !== null) leftOut.set(form, value.person)
  form.change({ ...value, person: nameless ? null : (leftOut.get(form) ?? blankPerson) })
}
