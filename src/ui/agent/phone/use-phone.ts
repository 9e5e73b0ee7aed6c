import { useStore } from '../../shared/store.ts'
import { phone } from './phone.ts'
import type { PhoneState } from './phone-state.ts'

/** `select` must return a field, not a new object. */
export function usePhone<Part>(select: (state: PhoneState) => Part): Part {
  return useStore(phone, select)
}
