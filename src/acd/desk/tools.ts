/** Shared by the handlers of the desks' commands. */
import type { Agent } from '../../core/agent.ts'
import type { CallEvent } from '../../core/call-event.ts'
import type { LiveCall } from '../../core/call.ts'
import type { DeskAnswer, DeskCommandName, DeskCommandOf, DeskRefusal } from '../../core/desk-command.ts'
import { formsOf } from '../../core/configuration/line.ts'
import type { Contact } from '../../core/contact.ts'
import type { AgentId, CallId, ContactId, OfferId, PbxName } from '../../core/ids.ts'
import { callableContact, isAmong } from '../../core/phone-number.ts'
import { bounds, type CallOutRules, type Rules } from '../../core/rules.ts'
import type { SurveyDeps } from '../announcements/survey.ts'
import type { AcdState } from '../acd-state.ts'
import type { Conductor } from '../conductor.ts'
import type { Clock, Directory } from '../ports.ts'
import type { DialledLately } from './dialled-lately.ts'

export interface DeskDeps extends Pick<SurveyDeps, 'hasSound'> {
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
  /** Those in force. */
  readonly callOutRules: () => CallOutRules
  /** The contacts that agents have had dialled. */
  readonly contactsDialled: DialledLately
  /** The agent as they are then. */
  readonly done: (id: AgentId) => DeskAnswer
  /** Whether one of the agent's phones can be rung; a page that has just been loaded registers its phone. */
  readonly becomesReachable: (id: AgentId) => Promise<boolean>
  /** The call that the agent serves or is offered. */
  readonly callOf: (command: OnCall) => InOffer | null
  readonly applyToCall: (
    command: OnCall,
    event: (offer: OfferId, call: CallId) => CallEvent,
  ) => Promise<DeskAnswer>
}

/**
 * The contact, or why it is not called for this agent: it may have been removed, its number may never be called, or too many
 * have been.
 */
export function contactOf(
  id: ContactId,
  by: AgentId,
  tools: Pick<DeskTools, 'callOutRules' | 'contactsDialled' | 'directory'>,
):
  | { readonly value: Contact; readonly refusal: null }
  | { readonly value: null; readonly refusal: DeskRefusal } {
  const { callOutRules, contactsDialled, directory } = tools
  const value = directory.contacts().find((contact) => contact.id === id)
  if (value === undefined) return { value: null, refusal: 'unknown contact' }
  if (contactsDialled.count(by).own >= bounds.contactDialsPerHour)
    return { value: null, refusal: 'too many calls' }
  const asked = callableContact(value.number, callOutRules().allowed)
  if (!asked.ok) return { value: null, refusal: asked.refusal }
  if (isAmong(asked.number, formsOf(directory.numbers()))) return { value: null, refusal: 'our own number' }
  return { value: { ...value, number: asked.number }, refusal: null }
}

export const refuse = (refusal: DeskRefusal): DeskAnswer => ({ ok: false, refusal })
