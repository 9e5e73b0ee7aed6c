/**
 * Recordings: a call's are its segments, one for each agent's leg, each a file with its manifest, which lists what the file
 * holds and what it lacks. A call from before legs were recorded has one without a leg.
 */
import { sql } from 'kysely'
import type { RecordingGap, RecordingSpan, Track, Waveform } from './tables.ts'
import type { AgentId, CallId, ChannelId, Millis } from '../../core/ids.ts'
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
  /** The channel of the agent's phone; null: the file holds the whole call. */
  readonly leg: ChannelId | null
  /** Whose leg it is; null: the agent of the call. */
  readonly agent: AgentId | null
  /** Path below the recordings' folder. */
  readonly file: string
  readonly manifest: RecordingManifest
  readonly waveform: Waveform
}

export interface KeptRecording extends Recording {
  /** Null: no account of this id. */
  readonly agentName: string | null
}

/** A leg whose audio was lost; without a leg, all audio of the call. */
export interface RecordingLoss {
  readonly leg: ChannelId | null
  readonly why: string
}

/**
 * All segments of a call at once, with those that were lost. The first ones are kept: once a call has any, later ones change
 * nothing.
 */
export async function addRecordings(
  db: Database,
  call: CallId,
  segments: readonly Omit<Recording, 'call'>[],
  losses: readonly RecordingLoss[] = [],
): Promise<'added' | 'was there'> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`recording ${call}`}, 0))`.execute(trx)
    const known = await trx
      .selectFrom('recordings')
      .select('file')
      .where('call', '=', call)
      .executeTakeFirst()
    if (known !== undefined) return 'was there'
    if (segments.length > 0)
      await trx
        .insertInto('recordings')
        .values(segments.map((segment) => rowOf(call, segment)))
        .execute()
    for (const { leg, why } of losses) await recordingLost(trx, call, why, leg)
    return 'added'
  })
}

const rowOf = (call: CallId, { leg, agent, file, manifest, waveform }: Omit<Recording, 'call'>) => ({
  call,
  leg,
  agent,
  file,
  bytes: manifest.bytes,
  sha256: manifest.sha256,
  duration_ms: manifest.durationMs,
  tracks: manifest.tracks,
  spans: JSON.stringify(manifest.spans),
  gaps: JSON.stringify(manifest.gaps),
  waveform: JSON.stringify(waveform),
})

/** A call's segments in the order in which they were spoken. */
export async function recordingsOf(db: Database, call: CallId): Promise<KeptRecording[]> {
  const rows = await db
    .selectFrom('recordings as r')
    .leftJoin('current_accounts as a', 'a.id', 'r.agent')
    .selectAll('r')
    .select('a.name as agentName')
    .where('call', '=', call)
    .execute()
  const segments = rows.map((row): KeptRecording => ({
    call,
    leg: row.leg,
    agent: row.agent,
    agentName: row.agentName,
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
  }))
  return segments.sort((one, other) => startOf(one) - startOf(other))
}

const startOf = ({ manifest }: Recording): Millis => manifest.spans[0]?.startedAt ?? 0

/** Records that the audio of a conversation, or of one leg of it, was lost, and why. */
export async function recordingLost(
  db: Database,
  call: CallId,
  why: string,
  leg: ChannelId | null = null,
): Promise<void> {
  await db
    .insertInto('recording_losses')
    .values({ call, leg, why })
    .onConflict((conflict) => conflict.columns(['call', 'leg']).doNothing())
    .execute()
}

/** The legs of a call whose audio was lost. */
export async function recordingLossesOf(db: Database, call: CallId): Promise<RecordingLoss[]> {
  return db.selectFrom('recording_losses').select(['leg', 'why']).where('call', '=', call).execute()
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
