/** A recording's manifest as the wire has it. */
import { silencesOf, type Stretch } from '../../city/identity/silence.ts'
import type { RecordingManifest as Manifest } from '../../ledger/recordings/recordings.ts'
import { iso } from '../shell/iso-time.ts'
import type { RecordingManifest } from './wire.ts'

/** `checks`: the stretches of identity checks, which are silenced for most listeners. */
export function manifestView(manifest: Manifest, checks: readonly Stretch[]): RecordingManifest {
  return {
    ...manifest,
    spans: manifest.spans.map((span) => ({ ...span, startedAt: iso(span.startedAt) })),
    gaps: manifest.gaps.map((gap) => ({
      ...gap,
      startedAt: iso(gap.startedAt),
      endedAt: iso(gap.endedAt),
    })),
    silenced: silencesOf(manifest.spans, checks).map(({ offsetMs, durationMs }) => ({
      offsetMs: Math.round(offsetMs),
      durationMs: Math.round(durationMs),
    })),
  }
}
