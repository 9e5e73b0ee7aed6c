/**
 * The activation code that the server has just shown, until it is noted: it stays while its page is left and entered
 * again. In memory only.
 */
import type { AccountWithCode } from '../../http/accounts/wire.ts'
import { createStore, useStore } from '../shared/store.ts'
import { secretNoted, secretShown } from '../shared/unsaved/shown-once.ts'

const issued = createStore<AccountWithCode | null>(null)

export const useIssuedCode = (): AccountWithCode | null => useStore(issued)

export function showCode(code: AccountWithCode): void {
  issued.set(code)
  secretShown()
}

export function codeNoted(): void {
  issued.set(null)
  secretNoted()
}
