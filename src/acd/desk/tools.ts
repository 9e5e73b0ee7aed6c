/** Shared by the handlers of the desks' commands. */
import type { Agent } from '../../core/agent.ts'
import type { CallEvent } from '../../core/call-event.ts'
import type { LiveCall } from '../../core/call.ts'
import type { DeskAnswer, DeskCommandName, DeskCommandOf, DeskRefusal } from '../../core/desk-command.ts'
import type { AgentId, OfferId, PbxName } from '../../core/ids.ts'
import type { Rules } from '../../core/rules.ts'
import type { AcdState } from '../acd-state.ts'
import type { Conductor } from '../conductor.ts'
import type { Clock, Directory } from '../ports.ts'

export interface DeskDeps {
  readonly conductor: Conductor
  readonly acdState: AcdState
  readonly directory: Directory
  readonly clock: Clock
  readonly rules: Rules
  readonly pbx: PbxName
  /** Whether this node owns a line that it can act on. */
  readonly lineIsHere: () => boolean
  /** Whether agents can be rung now. */
  readonly mayOffer: () => boolean
}

/** A call that is offered to an agent, or served by one. */
export type InOffer = LiveCall & { readonly offer: { readonly id: OfferId; readonly agent: AgentId } }
export interface OnCall {
  readonly agent: AgentId
  readonly offer?: OfferId
}

/** A handler for each of these commands, complete by type. */
export type HandlersOf<Do extends DeskCommandName> = {
  readonly [Name in Do]: (command: DeskCommandOf<Name>) => Promise<DeskAnswer>
}

/** Used by the handlers of all commands. */
export interface DeskTools extends DeskDeps {
  readonly agentNow: (id: AgentId) => Agent
  /** The agent as they are then. */
  readonly done: (id: AgentId) => DeskAnswer
  /** Whether one of the agent's phones can be rung; a page that has just been loaded registers its phone. */
  readonly becomesReachable: (id: AgentId) => Promise<boolean>
  /** The call that the agent serves or is offered. */
  readonly callOf: (command: OnCall) => InOffer | null
  readonly applyToCall: (command: OnCall, event: (offer: OfferId) => CallEvent) => Promise<DeskAnswer>
}

export const refuse = (refusal: DeskRefusal): DeskAnswer => ({ ok: false, refusal })
