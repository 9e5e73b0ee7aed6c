/**
 * Alerts for supervisors (docs/rules/identity.md, rule 4): an agent with many failed checks, and a calling number with many failed
 * checks. Either can be an attempt to guess.
 */
import type { AgentId } from '../../core/ids.ts'

export const alertWindowMs = 24 * 3_600_000
/** An agent's failure rate is meaningful only from this number of verdicts. */
export const agentVerdictsMin = 8
export const agentFailedShare = 0.5
/** Thresholds for one calling number: failed checks, and persons concerned. */
export const numberFailedMin = 3
export const numberPersonsMin = 2
/** Searches without a match from one number: more than mistyped ones of a day. */
export const numberFruitlessMin = 6

export interface AgentTally {
  readonly agent: AgentId
  readonly verdicts: number
  readonly failed: number
}

export interface NumberTally {
  /** The calling number; null: all withheld numbers. */
  readonly number: string | null
  readonly failed: number
  /** Persons about whom an answer was wrong. */
  readonly persons: number
  /** Searches without a match. */
  readonly fruitless: number
}

export const isAgentAlarming = ({ verdicts, failed }: AgentTally): boolean =>
  verdicts >= agentVerdictsMin && failed / verdicts >= agentFailedShare

export const isNumberAlarming = ({ failed, persons, fruitless }: NumberTally): boolean =>
  failed >= numberFailedMin || persons >= numberPersonsMin || fruitless >= numberFruitlessMin
