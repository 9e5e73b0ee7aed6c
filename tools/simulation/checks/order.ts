/**
 * The order in which callers are offered: nobody who waits, or is to be called back, is passed over by a later one of their queue, or
 * by one of another queue whose priority, less the steps that they have waited, is worse. The product's own comparison is not asked.
 */
import type { Call, LiveCall, Queued } from '../../../src/core/call.ts'
import { callerLegOf, type CallId, type Millis, type QueueId } from '../../../src/core/ids.ts'
import { levelFor, type Why } from '../../../src/core/routing.ts'
import type { Scenario } from '../scenario.ts'
import type { World } from '../world/world.ts'
import type { Callbacks } from './callbacks.ts'
import { isSender } from './record.ts'
import { must } from './violation.ts'

/** `latest`: each call as of its latest event in the stream, which memory is ahead of. */
export function checkOrder(
  world: World,
  latest: ReadonlyMap<CallId, Call>,
  callbacks: Pick<Callbacks, 'isDue'>,
  { call: id, agent, waitedMs }: Why,
  at: Millis,
): void {
  const calls: readonly LiveCall[] = world.owner?.owner.line.calls().map(({ value }) => value) ?? []
  const served = calls.find((call) => call.id === id)
  if (served === undefined || !world.faultState.isHealthy) return
  const queuedAt = at - waitedMs
  // A caller may be sent to a colleague who serves nobody else of the queue.
  const profile = world.agents.find((one) => one.id === agent)
  const { queues } = world.scenario
  const serves = (id: QueueId): boolean => {
    const queue = queues.find((one) => one.id === id)
    return profile !== undefined && queue !== undefined && levelFor(profile, queue) !== null
  }
  if (!serves(served.queue)) return
  const isThere = (call: LiveCall): boolean =>
    world.asterisk.channels.get(callerLegOf(call.id))?.here === true
  const passed = calls.find(
    (call) =>
      ((call.phase === 'waiting' && call.reservedFor === null && call.since < at && isThere(call)) ||
        callbacks.isDue(call, at)) &&
      !isSender(agent, call) &&
      serves(call.queue) &&
      isAhead(latest, world.scenario, call as Queued, served, queuedAt, at),
  )
  must(passed === undefined, 'a caller was passed over', () => `${passed?.id} by ${id}`)
}

/** Also before the latest changes in memory: a supervisor may have moved the call since, or it has overflowed. */
function isAhead(
  latest: ReadonlyMap<CallId, Call>,
  { queues, rules }: Scenario,
  call: Queued,
  served: Call,
  servedSince: Millis,
  at: Millis,
): boolean {
  const before = latest.get(call.id)
  if (before !== undefined && before.queue !== call.queue) return false
  const wasAtFront = before === undefined || before.priority === 0
  if (served.priority === 0) return call.priority === 0 && wasAtFront && call.queuedAt < servedSince
  if (call.priority === 0 && wasAtFront) return true
  if (call.queue === served.queue) return call.queuedAt < servedSince
  const aged = (id: QueueId, since: Millis): number => {
    const { priority = 0, ageingSeconds = Infinity } = queues.find((one) => one.id === id) ?? {}
    return priority - Math.min(at - since, rules.waitMaxMs) / 1_000 / ageingSeconds
  }
  return aged(call.queue, call.queuedAt) < aged(served.queue, servedSince) - 1e-9
}
