/** `ActiveCall` and `AskedAbout` of the city half, on any node: read from the ACD's state in Redis. */
import { isExternal } from '../core/contact.ts'
import type { Agent } from '../core/agent.ts'
import type { LiveCall } from '../core/call.ts'
import type { AgentId, CallId } from '../core/ids.ts'
import { upcastAgent, upcastCall, type Stored } from '../core/versions.ts'
import { StoreUnavailable } from '../acd/ports.ts'
import type { AcdKeys } from './keys.ts'

/** The one command of Redis that is used. */
export interface StateReader {
  hget(key: string, field: string): Promise<string | null>
}

interface AgentInCall {
  readonly state: 'talking' | 'offered'
  readonly call: LiveCall
}

/** Rejects with `StoreUnavailable` while Redis does not answer. */
export function redisActiveCall(
  redis: StateReader,
  keys: AcdKeys,
): (agent: AgentId) => Promise<CallId | null> {
  return async (id) => {
    const present = await callOf(redis, keys, id)
    return present !== null && isConversationOf(present.call, id) ? present.call.id : null
  }
}

/** Rejects with `StoreUnavailable` while Redis does not answer. */
export function redisAskedAbout(
  redis: StateReader,
  keys: AcdKeys,
): (agent: AgentId) => Promise<{ readonly call: CallId; readonly by: AgentId } | null> {
  return async (id) => {
    const present = await callOf(redis, keys, id)
    if (present?.state !== 'talking' || !('offer' in present.call)) return null
    const { id: call, consult, offer } = present.call
    if (consult === null || isExternal(consult.offer)) return null
    return consult.offer.agent === id && consult.seat !== 'ringing' ? { call, by: offer.agent } : null
  }
}

/** The call that an agent's state names, as it is now; null: there is none. */
async function callOf(redis: StateReader, keys: AcdKeys, id: AgentId): Promise<AgentInCall | null> {
  async function state<State>(subject: string): Promise<Stored<State> | null> {
    const json = await redis.hget(keys.states, subject).catch((error: unknown) => {
      throw new StoreUnavailable('Redis did not answer', { cause: error })
    })
    return json === null ? null : (JSON.parse(json) as Stored<State>)
  }
  const storedAgent = await state<Agent>(`agent:${id}`)
  const agent = storedAgent === null ? null : upcastAgent(storedAgent)
  // `offered` too: after a lost leg the agent is rung again for the conversation that they are in.
  if (agent?.state !== 'talking' && agent?.state !== 'offered') return null
  // Between the two reads the caller may have hung up, or been given to another agent: both states must agree.
  const call = await state<LiveCall>(`call:${agent.call}`)
  return call === null ? null : { state: agent.state, call: upcastCall(call) }
}

function isConversationOf(call: LiveCall, agent: AgentId): boolean {
  switch (call.phase) {
    case 'talking':
    case 'held':
    case 'reconnecting':
      return call.offer.agent === agent
    case 'greeting':
    case 'menu':
    case 'promised':
    case 'summoning':
    case 'dialling':
    case 'waiting':
    case 'ringing':
    case 'connecting':
    case 'transferring':
    case 'transferred':
    case 'survey':
    case 'closed':
    case 'voicemail':
    case 'dismissing':
      return false
  }
}
