/** The right to callers who left a queue without an answer (docs/rules/access.md, 13). */
import type { CallId, Millis } from '../../core/ids.ts'
import { abandonedCalls, type AbandonedCall } from '../../ledger/calls/abandoned-calls.ts'
import type { Account } from '../../people/accounts.ts'
import type { RouteContext } from '../route-context.ts'
import { mayUse } from '../session/session.ts'
import { queuesServedBy } from './voicemail-rights.ts'

/** The callers of an evening are called back in the morning; after that the matter is another. */
const listedMs: Millis = 24 * 3_600_000

/** A supervisor's are those of all queues, an agent's those of the queues that they serve. One who waits again is not among them. */
export async function abandonedFor(
  context: RouteContext,
  account: Account,
  { limit, call }: { readonly limit: number; readonly call?: CallId },
): Promise<AbandonedCall[]> {
  const { db, now, settings } = context.deps
  const queues = mayUse(account, ['supervisor']) ? undefined : queuesServedBy(context, account.id)
  const { shortAbandonMs } = settings
  const found = await abandonedCalls(db, { from: now() - listedMs, shortAbandonMs, queues, call, limit })
  const onTheLine = new Set(
    context.hub.state
      .calls({ all: true, own: null, signed: false })
      .flatMap(({ direction, caller }) => (direction === 'inbound' && caller !== null ? [caller] : [])),
  )
  return found.filter(({ caller }) => !onTheLine.has(caller))
}
