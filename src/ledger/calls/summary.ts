/** A finished call in one row, from which lists, figures and exports are made. */
import type { Survey } from '../../core/announcements/survey.ts'
import type { Caller, Direction, Ended, EndedBy, Leg, OtherLeg, Outcome } from '../../core/call.ts'
import type { AgentId, CallId, Millis, PbxName, QueueId } from '../../core/ids.ts'
import { waitStart } from '../../core/reports/wait.ts'

export interface CallSummary {
  readonly id: CallId
  readonly direction: Direction
  readonly pbx: PbxName
  readonly line: string
  readonly caller: Caller
  /** Null when the call never entered one. */
  readonly queue: QueueId | null
  readonly arrivedAt: Millis
  readonly queuedAt: Millis | null
  readonly offeredAt: Millis | null
  readonly answeredAt: Millis | null
  readonly endedAt: Millis
  readonly heldMs: number
  /** The last agent who talked with the caller; of a citizen who was not reached, the one who called. */
  readonly agent: AgentId | null
  /** Null: not known. */
  readonly legs: readonly Leg[] | null
  /** Colleagues who were consulted, external parties, and supervisors. Null: nobody, as far as is known. */
  readonly others: readonly OtherLeg[] | null
  readonly outcome: Outcome
  readonly endedBy: EndedBy
  /** From entering the queue to the first answer, or to the end without one; null before a queue. */
  readonly waitMs: number | null
  /** From the first answer to the end, holds included and a survey not; null when no agent answered. */
  readonly talkMs: number | null
  /** Null: the caller was not asked. */
  readonly survey: Survey | null
}

export function summary(call: Ended): CallSummary {
  const { id, direction, pbx, line, caller, answeredAt, endedAt } = call
  // A citizen who is called waits for nobody, and counts in no figure of those who call.
  const queuedAt = direction === 'outbound' ? null : waitStart(call)
  return {
    id,
    direction,
    pbx,
    line,
    caller,
    queue: queuedAt === null ? null : call.queue,
    arrivedAt: call.arrivedAt,
    queuedAt,
    offeredAt: call.offeredAt,
    answeredAt,
    endedAt,
    heldMs: call.heldMs,
    agent: call.lastAgent,
    // An event of an older release, which kept the agent's name alone.
    legs: call.legs.length === 0 && call.lastAgent !== null && direction === 'inbound' ? null : call.legs,
    others: listOrNull(call.others),
    outcome: call.outcome,
    endedBy: call.endedBy,
    ...durations(queuedAt, answeredAt, call.survey?.askedAt ?? endedAt),
    survey: call.survey,
  }
}

export const listOrNull = (legs: readonly OtherLeg[]): readonly OtherLeg[] | null =>
  legs.length === 0 ? null : legs

/** `endedAt`: of the conversation. Never negative, even where the wall clock was set back during the call. */
export function durations(
  queuedAt: Millis | null,
  answeredAt: Millis | null,
  endedAt: Millis,
): Pick<CallSummary, 'waitMs' | 'talkMs'> {
  return {
    waitMs: queuedAt === null ? null : Math.max(0, (answeredAt ?? endedAt) - queuedAt),
    talkMs: answeredAt === null ? null : Math.max(0, endedAt - answeredAt),
  }
}
