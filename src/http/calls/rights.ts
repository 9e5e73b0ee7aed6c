/** Who may add to a call's record, and look at things in a call. */
import { CallId } from '../../core/ids.ts'
import { callById } from '../../ledger/calls/calls.ts'
import type { Account } from '../../people/accounts.ts'
import type { RouteContext } from '../route-context.ts'
import { Refused } from '../shell/problem.ts'
import { mayUse } from '../session/session.ts'

/** The call's own agent, and supervisors. The line knows a call before the ledger does. */
export async function assertOwnCall(
  { deps, hub }: RouteContext,
  account: Account,
  call: CallId,
): Promise<void> {
  if (hub.line.concerns(call, account.id)) return
  const record = await callById(deps.db, call)
  if (record === null) throw new Refused('no-such-call')
  if (record.agent?.id !== account.id && !mayUse(account, ['supervisor'])) throw new Refused('not-your-call')
}

/** The call that somebody says he is in, if it is his; null: none. */
export async function ownCall(
  context: RouteContext,
  account: Account,
  told: string | null | undefined,
): Promise<CallId | null> {
  if (told === null || told === undefined) return null
  const call = CallId(told)
  await assertOwnCall(context, account, call)
  return call
}
