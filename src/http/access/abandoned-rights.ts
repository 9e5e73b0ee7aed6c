/** The right to callers who left a queue without an answer (docs/rules/access.md, 13). */
import type { CallId, Millis } from '../../core/ids.ts'
import { windowsFrom } from '../../core/opening-hours.ts'
import { abandonedCalls, type AbandonedCall } from '../../ledger/calls/abandoned-calls.ts'
import type { Account } from '../../people/accounts.ts'
import type { RouteContext } from '../route-context.ts'
import { mayUse } from '../session/session.ts'
import { queuesServedBy } from './voicemail-rights.ts'

const dayMs: Millis = 24 * 3_600_000
/** More days in a row on which no number is open are a line that is never open. */
const closedDaysMax = 14

/** A supervisor's are those of all queues, an agent's those of the queues that they serve. One who waits again is not among them. */
export async function abandonedFor(
  context: RouteContext,
  account: Account,
  { limit, call }: { readonly limit: number; readonly call?: CallId },
): Promise<AbandonedCall[]> {
  const { db, settings } = context.deps
  const queues = mayUse(account, ['supervisor']) ? undefined : queuesServedBy(context, account.id)
  const { shortAbandonMs } = settings
  const found = await abandonedCalls(db, { from: dayBefore(context), shortAbandonMs, queues, call, limit })
  const onTheLine = new Set(
    context.hub.state
      .calls({ all: true, own: null, signed: false })
      .flatMap(({ direction, caller }) => (direction === 'inbound' && caller !== null ? [caller] : [])),
  )
  return found.filter(({ caller }) => !onTheLine.has(caller))
}

/**
 * 24 hours ago; where no number was open on that day, the same time on the last day before on which one was. The callers of an
 * evening are called back in the morning, those of a Friday on Monday; after that the matter is another.
 */
function dayBefore({ deps: { directory, dryRun, now } }: RouteContext): Millis {
  const { lineHours, closedOn } = dryRun
  const isClosedOn = (at: Millis): boolean =>
    directory.numbers().every(({ hours }) => {
      const own = hours ?? lineHours
      return own.kind !== 'always' && windowsFrom(own, closedOn(at), at, 1).length === 0
    })
  const day = now() - dayMs
  const back = Array.from({ length: closedDaysMax }, (_, days) => day - days * dayMs)
  return back.find((at) => !isClosedOn(at)) ?? day
}
