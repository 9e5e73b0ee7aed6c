/** Where the stretches of a call are in a file: pauses of the recording, talks aside. */
import type { CallStretch } from '../../ledger/calls/call-story.ts'
import type { RecordingSpan } from '../../ledger/recordings/tables.ts'

export interface Within {
  readonly offsetMs: number
  readonly durationMs: number
}

/** In file order, one for each stretch and span that it touches. */
export const within = <Of extends CallStretch>(
  spans: readonly RecordingSpan[],
  stretches: readonly Of[],
): readonly (Omit<Of, keyof CallStretch> & Within)[] =>
  spans.flatMap(({ offsetMs, startedAt: spanAt, durationMs }) =>
    stretches.flatMap(({ startedAt, endedAt, ...of }) => {
      const from = Math.max(0, startedAt - spanAt)
      const to = Math.min(durationMs, (endedAt ?? Infinity) - spanAt)
      return from < to ? [{ ...of, offsetMs: offsetMs + from, durationMs: to - from }] : []
    }),
  )
