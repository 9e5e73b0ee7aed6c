import type { CallDetail } from '../../http/calls/wire.ts'
import type { LiveCallView } from '../../http/live/wire.ts'

/** A call that ended before this page was opened, as the desk would have seen it: for its wrap-up. */
export function endedCall(record: CallDetail, queue: string | null): LiveCallView {
  return {
    id: record.id,
    caller: record.caller,
    callerName: null,
    line: record.line,
    queue: { id: record.queue ?? '', name: queue ?? '' },
    phase: 'talking',
    since: record.answeredAt ?? record.arrivedAt,
    arrivedAt: record.arrivedAt,
    queuedAt: record.queuedAt,
    answeredAt: record.answeredAt,
    agent: record.agent,
    muted: false,
    autoAnswer: false,
  }
}
