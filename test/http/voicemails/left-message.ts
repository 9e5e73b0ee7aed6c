/** Messages that callers have left, in the ledger of a test's server. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CallId, ChannelId, QueueId, type AgentId } from '../../../src/core/ids.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { addRecordings } from '../../../src/ledger/recordings/recordings.ts'
import type { Served } from '../serve.ts'
import { Story } from '../states.ts'

/** When its caller called. */
export const at = Date.UTC(2026, 10, 23, 8)

const segmentOf = (file: string, leg: ChannelId | null, agent: AgentId | null, bytes = 1) => ({
  leg,
  agent,
  file,
  manifest: {
    durationMs: 8_000,
    bytes,
    sha256: 'ab'.repeat(32),
    tracks: leg === null ? ['caller' as const] : ['caller' as const, 'agent' as const],
    spans: [{ offsetMs: 0, startedAt: at + 50_000, durationMs: 8_000 }],
    gaps: [],
  },
  waveform: { caller: [50], agent: [0] },
})

interface Left {
  readonly sound?: 'voice' | 'silence' | 'lost'
  /** Default: the one that agents 01 and 02 serve. */
  readonly queue?: QueueId
  /** Who talked with the caller in the same call. */
  readonly talked?: AgentId
  /** Kept as a file; default: there is none. */
  readonly audio?: Buffer
}

/** A message of a caller who hung up a minute after they called. */
export async function left(
  { db, recordings }: Served,
  id: string,
  { sound = 'voice', queue = QueueId('general'), talked, audio }: Left = {},
): Promise<CallId> {
  const story = new Story(id, at)
  await writeEvents(db, [story.arrives(), story.ends(at + 60_000, 'voicemail')])
  if (audio !== undefined) {
    mkdirSync(join(recordings, '2026'), { recursive: true })
    writeFileSync(join(recordings, `2026/${id}.wav`), audio)
    if (talked !== undefined) writeFileSync(join(recordings, `2026/${id}-leg.wav`), audio.toReversed())
  }
  const message = sound === 'lost' ? [] : [segmentOf(`2026/${id}.wav`, null, null, audio?.length)]
  const conversation =
    talked === undefined
      ? []
      : [segmentOf(`2026/${id}-leg.wav`, ChannelId(`leg-${id}`), talked, audio?.length)]
  const losses = sound === 'lost' ? [{ leg: null, why: 'there are no files' }] : []
  await addRecordings(db, CallId(id), [...message, ...conversation], losses, { queue, sound })
  return CallId(id)
}
