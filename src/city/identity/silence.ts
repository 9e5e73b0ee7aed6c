/**
 * Which part of a recording is silenced (cityhall.md 4.6): who hears how somebody proves who he is could do it himself.
 */
import type { Millis } from '../../core/ids.ts'

export interface Stretch {
  readonly startedAt: Millis
  readonly endedAt: Millis
}

/** A piece of the file and the wall time that it holds, as the manifest has it. */
interface Span {
  readonly offsetMs: number
  readonly startedAt: Millis
  readonly durationMs: number
}

export interface Silence {
  readonly offsetMs: number
  readonly durationMs: number
}

/** Bridging takes a moment that the file does not have, so that its times are right to about a second. */
export const marginMs = 1_500
/** A shorter pause between two parts of a check is one of its own: the caller may go on repeating his CNP. */
export const joinMs = 15_000
/** Questions that nobody has answered hide what is said after them for so long at most. */
export const openCheckMs = 5 * 60_000

/** In the order of the file, apart from one another. */
export function silencesOf(spans: readonly Span[], stretches: readonly Stretch[]): readonly Silence[] {
  const pieces = stretches.flatMap((stretch) => spans.flatMap((span) => pieceOf(span, stretch)))
  const sorted = pieces.sort((one, other) => one.from - other.from)
  const merged: { from: number; to: number }[] = []
  for (const { from, to } of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last.to + joinMs) last.to = Math.max(last.to, to)
    else merged.push({ from, to })
  }
  return merged.map(({ from, to }) => ({ offsetMs: from, durationMs: to - from }))
}

function pieceOf(
  { offsetMs, startedAt, durationMs }: Span,
  stretch: Stretch,
): { from: number; to: number }[] {
  const from = Math.max(0, stretch.startedAt - marginMs - startedAt)
  const to = Math.min(durationMs, stretch.endedAt + marginMs - startedAt)
  return from < to ? [{ from: offsetMs + from, to: offsetMs + to }] : []
}
