import type { AcdRedis } from '../../src/redis/connection.ts'
import { newAgent } from '../../src/core/agent-step.ts'
import type { Agent } from '../../src/core/agent.ts'
import { arrive } from '../../src/core/call-arrival.ts'
import { end } from '../../src/core/steps/next.ts'
import type { Ended, LiveCall } from '../../src/core/call.ts'
import type { Effect } from '../../src/core/effect.ts'
import { AgentId, CallId, callerLegOf, PbxName } from '../../src/core/ids.ts'
import { invariant } from '../../src/core/invariant.ts'
import type { AcdEvent } from '../../src/core/acd-event.ts'
import type { Commit } from '../../src/acd/ports.ts'
import { arrival, open, rules, t0 } from '../core/samples.ts'

export const pbx = PbxName('pbx1')

export function callNamed(id: string): LiveCall {
  const { call } = arrive(arrival({ id: CallId(id) }), open, t0, { ...rules, greeting: false })
  invariant(call.phase === 'waiting', 'a caller without a greeting waits')
  return call
}

export function endedNamed(id: string): Ended {
  const { call } = end(callNamed(id), 'abandoned', 'caller', t0 + 5_000)
  invariant(call.phase === 'ended', 'an end ends')
  return call
}

export const agentNamed = (id: string): Agent => newAgent(AgentId(id), t0)

export const eventOf = (id: string, seq: number): AcdEvent => ({
  subject: 'call',
  id: CallId(id),
  seq,
  at: t0 + seq,
  event: { type: 'CallArrived' },
  after: callNamed(id),
})

export const music = (id: string): Effect => ({ do: 'StartMusic', channel: callerLegOf(CallId(id)) })

/** A commit that writes this call on top of a version, with its event and an effect. */
export function commitOf(
  name: string,
  id: string,
  from: number,
  effects: readonly Effect[] = [music(id)],
): Commit {
  return {
    id: name,
    writes: [{ entity: { kind: 'call', call: callNamed(id) }, from, to: from + 1 }],
    events: [eventOf(id, from + 1)],
    effects,
  }
}

/** Does this before each reply to the command arrives. */
export function replies(connection: AcdRedis, command: 'takeLease' | 'renewLease', before: () => void): void {
  const send = connection[command].bind(connection) as (...args: unknown[]) => Promise<never>
  connection[command] = async (...args: unknown[]) => {
    const reply = await send(...args)
    before()
    return reply
  }
}
