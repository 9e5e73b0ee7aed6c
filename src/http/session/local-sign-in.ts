/**
 * Sign-ins with a password or passkey of Linia's own, beside the identity provider. People who are linked with the
 * provider have their roles from there, and an old password of the account must not lead to them.
 */
import type { Millis } from '../../core/ids.ts'
import type { Account } from '../../people/accounts.ts'
import { linkedSince, linkEndedAt } from '../../people/sign-in/subjects.ts'
import type { RouteContext } from '../route-context.ts'
import { Refused } from '../shell/problem.ts'

/** `keptSince`: of the password or passkey. @throws {Refused} */
export async function refuseElsewhere(
  { deps: { db, settings } }: RouteContext,
  { id, username }: Account,
  keptSince: Millis,
): Promise<void> {
  const { provider, local } = settings.signIn
  if (local !== 'all' && local.includes(username)) return
  const linked = await linkedSince(db, id)
  if (provider !== null && (linked !== null || (local !== 'all' && !(await wasReset(keptSince)))))
    throw new Refused('use-provider')
  // The provider was given up: its people start with a new password.
  if (linked !== null && keptSince <= linked) throw new Refused('older-than-link')

  /** The reset has ended the link. Only its activation code leads to a newer password, with which the owner links again. */
  async function wasReset(since: Millis): Promise<boolean> {
    const ended = await linkEndedAt(db, id)
    return ended !== null && since > ended
  }
}
