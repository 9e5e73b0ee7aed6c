/** The stretches of a recording that are silent because the agent paused it. */
import type { RecordingPauseStretch } from '../../ledger/calls/call-story.ts'
import type { RecordingSpan } from '../../ledger/recordings/tables.ts'

export interface Paused extends Pick<RecordingPauseStretch, 'reason'> {
  readonly offsetMs: number
  readonly durationMs: number
}

/** In file order, one for each pause and span that it touches. */
export const pausedIn = (
  spans: readonly RecordingSpan[],
  pauses: readonly RecordingPauseStretch[],
): readonly Paused[] =>
  spans.flatMap(({ offsetMs, startedAt, durationMs }) =>
    pauses.flatMap(({ reason, startedAt: pausedAt, endedAt }) => {
      const from = Math.max(0, pausedAt - startedAt)
      const to = Math.min(durationMs, (endedAt ?? Infinity) - startedAt)
      return from < to ? [{ reason, offsetMs: offsetMs + from, durationMs: to - from }] : []
    }),
  )
