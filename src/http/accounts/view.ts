/** An account as the wire has it. */
import type { ListedAccount } from '../../people/account-list.ts'
import { isoOrNull } from '../shell/iso-time.ts'
import type { AccountItem } from './wire.ts'

export function accountView(account: ListedAccount): AccountItem {
  const { id, username, name, employer, roles, closedAt, signedAt } = account
  return {
    id,
    username,
    name,
    employer,
    roles,
    closedAt: isoOrNull(closedAt),
    signedAt: isoOrNull(signedAt),
  }
}
