/** The sets that were drawn in one call, as the register has them, folded into how the check of one person stands. */
import type { AgentId, Millis } from '../../core/ids.ts'
import { beginning, step, type CheckEvent, type CheckId, type Standing } from './standing.ts'

export type Verdict = 'passed' | 'failed' | 'void'

/** One set of questions in a call. */
export interface AskedSet {
  readonly check: CheckId
  readonly person: string
  readonly askedAt: Millis
  /** Null while nobody has answered. */
  readonly verdict: Verdict | null
  /** Who typed the answers, and when; with the verdict. */
  readonly judge: AgentId | null
  readonly judgedAt: Millis | null
  /** Agents who received the call afterwards and confirmed, oldest first. */
  readonly confirmedBy: readonly AgentId[]
}

/** `sets`: all of the call, in the order in which they were drawn. */
export function standingFrom(sets: readonly AskedSet[], person: string): Standing {
  return sets.flatMap((set) => eventsOf(set, person)).reduce(step, beginning)
}

function eventsOf(set: AskedSet, person: string): readonly CheckEvent[] {
  const { check } = set
  if (set.person !== person) return set.verdict === 'failed' ? [{ type: 'FailedElsewhere' }] : []
  const asked: CheckEvent = { type: 'Asked', check, at: set.askedAt }
  return [
    asked,
    ...verdictOf(set),
    ...set.confirmedBy.map((agent) => ({ type: 'Confirmed', check, agent }) as const),
  ]
}

function verdictOf({ check, verdict, judge, judgedAt }: AskedSet): readonly CheckEvent[] {
  switch (verdict) {
    case null:
      return []
    case 'failed':
      return [{ type: 'Failed', check }]
    case 'void':
      return [{ type: 'Voided', check }]
    case 'passed':
      return judge === null || judgedAt === null
        ? []
        : [{ type: 'Passed', check, agent: judge, at: judgedAt }]
  }
}
