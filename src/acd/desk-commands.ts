/** The agent's desk, as the voice half serves it. */
import type { Agent } from '../core/agent.ts'
import type { AgentId, OfferId } from '../core/ids.ts'
import type { Device } from '../core/offer.ts'

/** A command's answer: expected refusals are values with a code that the screens have a sentence for. */
export type Command<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal }
export type Refusal =
  | 'no reachable phone'
  | 'not signed in'
  | 'not in a call'
  | 'in a call'
  | 'not in wrap-up'
  | 'line is away'
  | 'unknown agent'

/**
 * What the desk can ask of the voice half. Answers once the change is saved. `offer` names what the agent saw
 * when he asked: a press that comes late is refused as `not in a call` and does not hit the next caller.
 */
export interface DeskCommands {
  signIn(agent: AgentId): Promise<Command<Agent>>
  signOut(agent: AgentId): Promise<Command<Agent>>
  ready(agent: AgentId): Promise<Command<Agent>>
  pause(agent: AgentId, reason: Extract<Agent, { state: 'paused' }>['reason']): Promise<Command<Agent>>
  chooseDevice(agent: AgentId, device: Device | null): Promise<Command<Agent>>
  hangUp(agent: AgentId, offer?: OfferId): Promise<Command<Agent>>
  hold(agent: AgentId, offer?: OfferId): Promise<Command<Agent>>
  resume(agent: AgentId, offer?: OfferId): Promise<Command<Agent>>
  mute(agent: AgentId, muted: boolean, offer?: OfferId): Promise<Command<Agent>>
  /** Declines the ringing offer: the caller goes back to the front of the line. */
  decline(agent: AgentId, offer?: OfferId): Promise<Command<Agent>>
  extendWrapUp(agent: AgentId, byMs: number): Promise<Command<Agent>>
  endWrapUp(agent: AgentId): Promise<Command<Agent>>
  /**
   * A page says who it is. The same instance back keeps its leg; a new one while talking on the
   * browser phone gets the old leg removed and is rung anew.
   */
  pageOpened(agent: AgentId, instance: string): Promise<void>
  /** The page's feed closed; nobody back within 10 s and no audio → front of the line. */
  pageClosed(agent: AgentId, instance: string): void
}
