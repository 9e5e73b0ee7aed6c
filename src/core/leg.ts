/** The record of an agent's part in a call: written by each step, read when the call is over. */
import type { Call, Leg, LiveCall } from './call.ts'
import type { Millis } from './ids.ts'

/** The call with its legs as they are after a change: one that serves is there and up, every other one is over. */
export function legged(call: Call, now: Millis): Call {
  const legs = legsOf(call, now)
  return legs === call.legs ? call : { ...call, legs }
}

function legsOf(call: Call, now: Millis): readonly Leg[] {
  const serving = servingOf(call)
  const isOver = (leg: Leg): boolean => leg.until === null && leg.id !== serving?.id
  const closed = call.legs.some(isOver)
    ? call.legs.map((leg) => (isOver(leg) ? { ...leg, until: now } : leg))
    : call.legs
  if (serving === null || closed.some(({ id }) => id === serving.id)) return closed
  const { id, agent, device } = serving
  return [...closed, { id, role: 'agent', agent, device, from: now, until: null }]
}

/** A call that is quarantined may have been read in part, without its legs; the ledger keeps a list. */
export const withLegs = (call: LiveCall): LiveCall =>
  Array.isArray(call.legs) ? call : { ...call, legs: [] }

/** As they are when the call has ended. */
export const closedLegs = (legs: readonly Leg[], endedAt: Millis): readonly Leg[] =>
  legs.map((leg) => ({ ...leg, until: leg.until ?? endedAt }))

function servingOf(call: Call) {
  return call.phase === 'talking' || call.phase === 'held' ? call.offer : null
}
