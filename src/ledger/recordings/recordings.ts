/**
 * Recordings: a call's are its segments, one for each agent's leg, each a file with its manifest, which lists what the file
 * holds and what it lacks. Once a segment was compressed, the compressed file is its file. A call from before legs were recorded has one without a leg.
 */
import { sql } from 'kysely'
import type { RecordingGap, RecordingSpan, Track, Waveform } from './tables.ts'
import type { AgentId, CallId, ChannelId, Millis, QueueId } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'
import { addVoicemail } from '../voicemails/voicemails.ts'
import type { VoicemailSound } from '../../core/voicemails/voicemail.ts'

export interface RecordingManifest {
  readonly durationMs: number
  readonly bytes: number
  /** Hex, of the file before it was sealed. */
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
  /** The agents whose conversations it holds; of the file of a whole call, all who talked in it. Empty: not known. */
  readonly holds: readonly AgentId[]
  /** `consulted`: the leg of a colleague who was asked and did not serve the caller. */
  readonly role: 'agent' | 'consulted'
}

/**
 * A leg whose audio was lost. Without a leg: all audio of the call, or beside segments that of a leg which no event of the
 * call names.
 */
export interface RecordingLoss {
  readonly leg: ChannelId | null
  readonly why: string
}

export interface KeptLoss extends RecordingLoss {
  /** Whose leg it was; null: not known. */
  readonly agent: { readonly id: AgentId; readonly name: string } | null
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
  voicemail: { readonly queue: QueueId; readonly sound: VoicemailSound } | null = null,
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
    if (voicemail !== null) await addVoicemail(trx, { call, ...voicemail })
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
    .leftJoin('recording_compressions as c', (join) =>
      join.onRef('c.call', '=', 'r.call').on(sql<boolean>`c.leg is not distinct from r.leg`),
    )
    .selectAll('r')
    .select([
      'a.name as agentName',
      'c.file as laterFile',
      'c.bytes as laterBytes',
      'c.sha256 as laterSha256',
      sql<
        boolean | null
      >`(select bool_and(l.role = 'consulted') from call_legs l where l.call = r.call and l.leg = r.leg)`.as(
        'isConsulted',
      ),
    ])
    .where('r.call', '=', call)
    .execute()
  const all = rows.some(({ leg }) => leg === null) ? await agentsOf(db, call) : []
  const segments = rows.map((row): KeptRecording => ({
    call,
    leg: row.leg,
    agent: row.agent,
    agentName: row.agentName,
    holds: row.leg === null ? all : row.agent === null ? [] : [row.agent],
    role: row.isConsulted === true ? 'consulted' : 'agent',
    file: row.laterFile ?? row.file,
    manifest: {
      durationMs: row.duration_ms,
      bytes: row.laterBytes ?? row.bytes,
      sha256: row.laterSha256 ?? row.sha256,
      tracks: row.tracks,
      spans: row.spans,
      gaps: row.gaps,
    },
    waveform: row.waveform,
  }))
  return segments.sort((one, other) => startOf(one) - startOf(other))
}

/** All who talked in a call: by its events, which older releases recorded without legs, and by its row. */
async function agentsOf(db: Database, call: CallId): Promise<AgentId[]> {
  const { rows } = await sql<{ agent: AgentId }>`
    select after -> 'offer' ->> 'agent' as agent from call_events
    where call = ${call} and after ->> 'phase' in ('talking', 'held') and after -> 'offer' ->> 'agent' is not null
    union
    select agent from calls where id = ${call} and agent is not null`.execute(db)
  return rows.map(({ agent }) => agent)
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
export async function recordingLossesOf(db: Database, call: CallId): Promise<KeptLoss[]> {
  const rows = await db
    .selectFrom('recording_losses as r')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('call_legs')
          .select('agent')
          .whereRef('call', '=', 'r.call')
          .where(sql<boolean>`leg = r.leg`)
          // Consulted first, and then the one who served.
          .limit(1)
          .as('l'),
      (join) => join.onTrue(),
    )
    .leftJoin('current_accounts as a', 'a.id', 'l.agent')
    .select(['r.leg', 'r.why', 'l.agent', 'a.name'])
    .where('r.call', '=', call)
    .execute()
  return rows.map(({ leg, why, agent, name }) => ({
    leg,
    why,
    agent: agent === null ? null : { id: agent, name: name ?? agent },
  }))
}

/** Conversations, and messages, of a period with neither a recording nor a recorded loss, oldest first. */
export async function callsWithoutRecording(
  db: Database,
  period: { readonly from: Millis; readonly endedBefore: Millis },
  limit: number,
): Promise<CallId[]> {
  const rows = await db
    .selectFrom('calls')
    .select('id')
    .where((eb) =>
      eb.or([
        eb('answered_at', 'is not', null),
        eb.and([
          eb('outcome', '=', 'voicemail'),
          eb.not(
            eb.exists(
              eb.selectFrom('voicemails').select('call').whereRef('voicemails.call', '=', 'calls.id'),
            ),
          ),
        ]),
      ]),
    )
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
