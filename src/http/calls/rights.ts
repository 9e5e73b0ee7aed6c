/** The right to add to a call's record, and to act within a call. */
import { CallId } from '../../core/ids.ts'
import { callById } from '../../ledger/calls/calls.ts'
import type { Account } from '../../people/accounts.ts'
import type { RouteContext } from '../route-context.ts'
import { Refused } from '../shell/problem.ts'
import { mayUse } from '../session/session.ts'

/**
 * For the call's own agent and for supervisors. The live feed is asked first, because it has a call before the ledger
 * does. @throws {Refused} `no-such-call`, `not-your-call`
 */
export async function assertOwnCall(
  { deps, hub }: RouteContext,
  account: Account,
  call: CallId,
): Promise<void> {
  if (hub.state.concerns(call, account.id)) return
  const record = await callById(deps.db, call)
  if (record === null) throw new Refused('no-such-call')
  if (record.agent?.id !== account.id && !mayUse(account, ['supervisor'])) throw new Refused('not-your-call')
}

/** The call that a request names, checked against the account. Null: the request names none. */
export async function ownCall(
  context: RouteContext,
  account: Account,
  named: string | null | undefined,
): Promise<CallId | null> {
  if (named === null || named === undefined) return null
  const call = CallId(named)
  await assertOwnCall(context, account, call)
  return call
}
