/**
 * Callers who wait when their number closes: served for its grace, and neither let go before its end because it closed, nor
 * kept beyond it. The product's own functions are not asked.
 */
import type { AcdCallEvent } from '../../../src/core/acd-event.ts'
import type { Call } from '../../../src/core/call.ts'
import type { Millis } from '../../../src/core/ids.ts'
import { startOfTime } from '../kernel/schedule.ts'
import { morningGraceMs, morningNumber, type Scenario } from '../scenario.ts'
import { must } from './violation.ts'

/** By another clock nobody here can tell. */
const isJudged = ({ line, direction }: Call, { faults }: Scenario): boolean =>
  line === morningNumber && direction === 'inbound' && faults.every(({ fault }) => fault !== 'clock jumped')

/** The end of the grace for a caller who has been in the queue `since`. */
const graceUntil = ({ morningClosesMs }: Scenario, since: Millis): Millis =>
  Math.max(startOfTime + morningClosesMs, since) + morningGraceMs

/** An event as the ledger receives it. `before`: the call before it. */
export function checkLetGo(
  before: Call,
  { at, after }: AcdCallEvent,
  scenario: Scenario,
  text: () => string,
): void {
  if (before.phase !== 'waiting' || after.phase !== 'dismissing' || !isJudged(before, scenario)) return
  if (after.prompt.say !== 'waited too long') return
  const hasWaitedLongest = at >= before.arrivedAt + scenario.rules.waitMaxMs
  must(
    hasWaitedLongest || at >= graceUntil(scenario, before.arrivedAt),
    'a caller was let go before the grace was over',
    text,
  )
}

/** A caller who has been at the front was with an agent, or is where a supervisor has moved them, and waits anew. */
export const isBeyondGrace = (call: Call, scenario: Scenario, now: Millis): boolean =>
  call.phase === 'waiting' &&
  call.priority > 0 &&
  isJudged(call, scenario) &&
  now > graceUntil(scenario, call.queuedAt)
