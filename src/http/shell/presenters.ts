/** The core's states as the wire shows them. Times become ISO 8601 with milliseconds, UTC. */
import { reachableDevice } from '../../core/agent.ts'
import type { Agent } from '../../core/agent.ts'
import type { Call, LiveCall } from '../../core/call.ts'
import type { AgentId, Millis, QueueId } from '../../core/ids.ts'
import type { Directory } from '../../acd/ports.ts'
import type { AgentView } from '../agents/wire.ts'
import type { LiveCallView } from '../live/wire.ts'

export const iso = (at: Millis): string => new Date(at).toISOString()
export const isoOrNull = (at: Millis | null): string | null => (at === null ? null : iso(at))

/** Names for ids. An id that the directory no longer knows stands for itself. */
export class Names {
  readonly #directory: Directory
  #agents = new Map<AgentId, string>()
  #queues = new Map<QueueId, string>()

  constructor(directory: Directory) {
    this.#directory = directory
    this.refresh()
  }

  refresh(): void {
    this.#agents = new Map(this.#directory.agents().map(({ id, name }) => [id, name]))
    this.#queues = new Map(this.#directory.queues().map(({ id, name }) => [id, name]))
  }

  agent(id: AgentId): { id: string; name: string } {
    return { id, name: this.#agents.get(id) ?? id }
  }

  queue(id: QueueId): { id: string; name: string } {
    return { id, name: this.#queues.get(id) ?? id }
  }
}

export function agentView(agent: Agent, names: Names): AgentView {
  const { phones } = agent
  const held = agent.state === 'offered' || agent.state === 'talking' ? agent : null
  const busy = agent.state === 'wrap-up' ? agent : held
  return {
    ...names.agent(agent.id),
    state: agent.state,
    since: iso(agent.since),
    reason: agent.state === 'paused' ? agent.reason : null,
    until: agent.state === 'wrap-up' ? iso(agent.until) : null,
    callId: busy?.call ?? null,
    offerId: held?.offer.id ?? null,
    offerDevice: held?.offer.device ?? null,
    phones: {
      desk: phones.desk,
      web: phones.web,
      chosen: phones.chosen,
      active: reachableDevice(phones),
      ownCalls: phones.ownCalls,
    },
    missed: agent.missed,
    callsToday: agent.callsToday,
    after: busy?.after.state ?? null,
  }
}

export function callView(call: LiveCall, names: Names): LiveCallView {
  const agent = holderOf(call)
  return {
    id: call.id,
    caller: call.caller.number,
    callerName: call.caller.name,
    line: call.line,
    queue: names.queue(call.queue),
    phase: call.phase,
    since: iso(call.since),
    arrivedAt: iso(call.arrivedAt),
    queuedAt: isoOrNull(call.queuedAt),
    answeredAt: isoOrNull(call.answeredAt),
    agent: agent === null ? null : names.agent(agent),
    muted: call.phase === 'talking' && call.muted,
    autoAnswer: call.phase === 'reconnecting',
  }
}

/** The agent whose call it is now: rung for it or in it. */
export function holderOf(call: Call): AgentId | null {
  switch (call.phase) {
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
