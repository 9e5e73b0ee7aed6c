/** Recordings: each file with its manifest, which lists what the file holds and what it lacks. */
import type { RecordingGap, RecordingSpan, Track, Waveform } from './tables.ts'
import type { CallId, Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'

export interface RecordingManifest {
  readonly durationMs: number
  readonly bytes: number
  /** Hex, of the compressed file. */
  readonly sha256: string
  readonly tracks: Track[]
  readonly spans: RecordingSpan[]
  readonly gaps: RecordingGap[]
}

export interface Recording {
  readonly call: CallId
  /** Path below the recordings' folder. */
  readonly file: string
  readonly manifest: RecordingManifest
  readonly waveform: Waveform
}

/** The first manifest of a call is kept; a later one changes nothing. */
export async function addRecording(db: Database, recording: Recording): Promise<'added' | 'was there'> {
  const { manifest } = recording
  const added = await db
    .insertInto('recordings')
    .values({
      call: recording.call,
      file: recording.file,
      bytes: manifest.bytes,
      sha256: manifest.sha256,
      duration_ms: manifest.durationMs,
      tracks: manifest.tracks,
      spans: JSON.stringify(manifest.spans),
      gaps: JSON.stringify(manifest.gaps),
      waveform: JSON.stringify(recording.waveform),
    })
    .onConflict((conflict) => conflict.column('call').doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 1n ? 'added' : 'was there'
}

export async function recordingOf(db: Database, call: CallId): Promise<Recording | null> {
  const row = await db.selectFrom('recordings').selectAll().where('call', '=', call).executeTakeFirst()
  if (row === undefined) return null
  return {
    call,
    file: row.file,
    manifest: {
      durationMs: row.duration_ms,
      bytes: row.bytes,
      sha256: row.sha256,
      tracks: row.tracks,
      spans: row.spans,
      gaps: row.gaps,
    },
    waveform: row.waveform,
  }
}

/** Records that the audio of a conversation was lost, and why. */
export async function recordingLost(db: Database, call: CallId, why: string): Promise<void> {
  await db
    .insertInto('recording_losses')
    .values({ call, why })
    .onConflict((conflict) => conflict.column('call').doNothing())
    .execute()
}

/** Conversations of a period with neither a recording nor a recorded loss, oldest first. */
export async function callsWithoutRecording(
  db: Database,
  period: { readonly from: Millis; readonly endedBefore: Millis },
  limit: number,
): Promise<CallId[]> {
  const rows = await db
    .selectFrom('calls')
    .select('id')
    .where('answered_at', 'is not', null)
    .where('arrived_at', '>=', time(period.from))
    .where('ended_at', '<', time(period.endedBefore))
    .where((eb) =>
      eb.not(
        eb.exists(eb.selectFrom('recordings').select('call').whereRef('recordings.call', '=', 'calls.id')),
      ),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('recording_losses').select('call').whereRef('recording_losses.call', '=', 'calls.id'),
        ),
      ),
    )
    .orderBy('arrived_at')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}
