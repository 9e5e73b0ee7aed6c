/** Folds the sets drawn in one call, as registered, into the standing of one person's check. */
import type { AgentId, Millis } from '../../core/ids.ts'
import { beginning, step, type CheckEvent, type CheckId, type Standing } from './standing.ts'

export type Verdict = 'passed' | 'failed' | 'void'

/** One set of questions in a call. */
export interface AskedSet {
  readonly check: CheckId
  readonly person: string
  readonly askedAt: Millis
  /** Null while unanswered. */
  readonly verdict: Verdict | null
  /** The agent who typed the answers, and the time; set with the verdict. */
  readonly judge: AgentId | null
  readonly judgedAt: Millis | null
  /** Agents who received the call afterwards and confirmed, oldest first. */
  readonly confirmedBy: readonly AgentId[]
}

/** `sets`: all sets of the call, in the order of drawing. */
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
