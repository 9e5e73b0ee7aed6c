/** Whether an account may sign in with what Linia itself keeps, a password or a passkey, beside the identity provider. */
import type { SignInSettings } from '../../config.ts'
import type { Account } from '../../people/accounts.ts'

export function maySignInHere({ provider, local }: SignInSettings, { username }: Account): boolean {
  return provider === null || local === 'all' || local.includes(username)
}
