/**
 * What a supervisor is told of (cityhall.md 4.4): an agent with whom many checks fail, and a number from which many
 * fail. Either may be somebody who tries.
 */
import type { AgentId } from '../../core/ids.ts'

export const alertWindowMs = 24 * 3_600_000
/** An agent's rate says something only after so many verdicts. */
export const agentVerdictsMin = 8
export const agentFailedShare = 0.5
/** From one number: so many failed, or about so many persons. */
export const numberFailedMin = 3
export const numberPersonsMin = 2

export interface AgentTally {
  readonly agent: AgentId
  readonly verdicts: number
  readonly failed: number
}

export interface NumberTally {
  /** The calling number. */
  readonly number: string
  readonly failed: number
  /** About how many persons something was wrong. */
  readonly persons: number
}

export const isAgentAlarming = ({ verdicts, failed }: AgentTally): boolean =>
  verdicts >= agentVerdictsMin && failed / verdicts >= agentFailedShare

export const isNumberAlarming = ({ failed, persons }: NumberTally): boolean =>
  failed >= numberFailedMin || persons >= numberPersonsMin
