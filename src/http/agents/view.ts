/** An agent's state as the wire has it. */
import { reachableDevice } from '../../core/agent.ts'
import type { AfterCall, Agent, InCall, Offered, WrapUp } from '../../core/agent.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import type { Names } from '../shell/names.ts'
import type { AgentView } from './wire.ts'

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
    emergencyAt: isoOrNull(agent.emergencyAt),
    after: busy === null ? null : afterOf(busy),
    imposed:
      agent.imposed === null ? null : { by: agent.imposed.by?.name ?? null, since: iso(agent.imposed.since) },
  }
}

/** A supervisor's pause comes before the agent's own wish to stay. */
const afterOf = ({ after, imposed }: Offered | InCall | WrapUp): AfterCall['state'] =>
  imposed !== null && after.state === 'ready' ? 'paused' : after.state
