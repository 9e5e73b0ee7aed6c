/**
 * The silenced parts of a recording (docs/rules/identity.md, rule 6). A listener who heard the answers of an identity check could pass
 * it themselves.
 */
import type { Millis } from '../../core/ids.ts'

export interface Stretch {
  readonly startedAt: Millis
  readonly endedAt: Millis
}

/** A piece of the file and its wall time, from the manifest. */
interface Span {
  readonly offsetMs: number
  readonly startedAt: Millis
  readonly durationMs: number
}

export interface Silence {
  readonly offsetMs: number
  readonly durationMs: number
}

/** The file lacks the moment of bridging, so its times are accurate to about a second. */
export const marginMs = 1_500
/** A pause between two parts of a check that is shorter than this is silenced too: the caller may still be repeating the CNP. */
export const joinMs = 15_000
/** Longest silenced time after questions without an answer. */
export const openCheckMs = 5 * 60_000

/** In file order, without overlaps. */
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
