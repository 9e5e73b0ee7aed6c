/** `ActiveCall` of the city half, on any node: one look at the line in Redis. */
import type { Agent } from '../core/agent.ts'
import type { LiveCall } from '../core/call.ts'
import type { AgentId, CallId } from '../core/ids.ts'
import { StoreUnavailable } from '../acd/ports.ts'
import type { AcdKeys } from './keys.ts'

/** What is asked of Redis: no more than this. */
export interface StateReader {
  hget(key: string, field: string): Promise<string | null>
}

/** Rejects with `StoreUnavailable` while Redis does not answer. */
export function redisActiveCall(
  redis: StateReader,
  keys: AcdKeys,
): (agent: AgentId) => Promise<CallId | null> {
  async function state<State>(subject: string): Promise<State | null> {
    try {
      const json = await redis.hget(keys.states, subject)
      return json === null ? null : (JSON.parse(json) as State)
    } catch (error) {
      throw new StoreUnavailable('Redis did not answer', { cause: error })
    }
  }
  return async (id) => {
    const agent = await state<Agent>(`agent:${id}`)
    // An agent whose leg was lost is rung anew for the conversation that he is in.
    if (agent?.state !== 'talking' && agent?.state !== 'offered') return null
    // Both must say so: between the two looks the caller may have hung up, or been given to somebody else.
    const call = await state<LiveCall>(`call:${agent.call}`)
    return call !== null && isConversationOf(call, id) ? agent.call : null
  }
}

function isConversationOf(call: LiveCall, agent: AgentId): boolean {
  switch (call.phase) {
    case 'talking':
    case 'held':
    case 'reconnecting':
      return call.offer.agent === agent
    case 'greeting':
    case 'waiting':
    case 'ringing':
    case 'connecting':
    case 'dismissing':
      return false
  }
}
