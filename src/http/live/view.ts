/** A call in progress as the wire has it. */
import type { Call, LiveCall } from '../../core/call.ts'
import type { AgentId } from '../../core/ids.ts'
import { consultView, recordingPauseView } from '../consult/view.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import type { Names } from '../shell/names.ts'
import { supervisionViews } from '../supervision/view.ts'
import { transferredBy } from '../transfer/view.ts'
import type { LiveCallView } from './wire.ts'

export function callView(call: LiveCall, names: Names): LiveCallView {
  const agent = holderOf(call)
  const placer = placerOf(call)
  return {
    id: call.id,
    caller: call.caller.number,
    callerName: call.caller.name,
    direction: call.direction,
    placedBy: placer === null ? null : names.agent(placer),
    line: call.line,
    queue: names.queue(call.queue),
    phase: call.phase,
    since: iso(call.since),
    arrivedAt: iso(call.arrivedAt),
    queuedAt: isoOrNull(call.queuedAt),
    answeredAt: isoOrNull(call.answeredAt),
    agent: agent === null ? null : names.agent(agent),
    muted: call.phase === 'talking' && call.muted,
    autoAnswer: call.phase === 'reconnecting' || call.phase === 'summoning',
    transferred: transferredBy(call, names),
    consult: consultView(call, names),
    helpSince: isoOrNull(call.helpSince),
    recordingPause: recordingPauseView(call),
    supervisions: supervisionViews(call, names),
  }
}

/** The agent who called the citizen is the first to talk with them. */
const placerOf = ({ direction, legs, lastAgent }: LiveCall): AgentId | null =>
  direction === 'outbound' ? (legs[0]?.agent ?? lastAgent) : null

/** The agent who holds the call now: their phone rings for it, or they are in it. */
export function holderOf(call: Call): AgentId | null {
  switch (call.phase) {
    case 'summoning':
    case 'dialling':
    case 'ringing':
    case 'connecting':
    case 'talking':
    case 'held':
    case 'reconnecting':
      return call.offer.agent
    case 'greeting':
    case 'waiting':
    case 'dismissing':
    case 'ended':
      return null
  }
}

/** The agents whom the call concerns now: the one who holds it, then the colleague who is asked. */
export function concernedBy(call: Call): readonly AgentId[] {
  const holder = holderOf(call)
  const asked = call.phase === 'ended' ? null : (call.consult?.offer.agent ?? null)
  return [holder, asked].filter((agent) => agent !== null)
}
