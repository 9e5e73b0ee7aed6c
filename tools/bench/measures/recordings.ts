/** Completeness of the recordings of all conversations, for benchmark, soak and chaos tests. */
import { sql, type RawBuilder } from 'kysely'
import type { Millis } from '../../../src/core/ids.ts'
import { time, type Database } from '../../../src/ledger/database.ts'

export interface RecordingAudit {
  readonly conversations: number
  /** Conversations with neither a recording nor a recorded loss (yet). */
  readonly withoutRecording: number
  /** Conversations with a recorded loss. */
  readonly lost: number
  /** Calls whose recordings are shorter than the talk by more than the tolerance. */
  readonly tooShort: number
  /** The largest difference between talk time and recording. */
  readonly lacksMs: number
}

/** Tolerance at the beginning and the end, for the time that bridging takes. */
const cutMaxMs = 1_000
const lacksMs = sql<number>`calls.talk_ms - calls.held_ms - recordings.duration_ms`

/**
 * Audits the recordings of the calls that arrived in this span. `apartMs`: the time for which the parties may have been
 * disconnected, which is not recorded.
 */
export async function auditRecordings(
  db: Database,
  from: number,
  to: number,
  apartMs = 0,
): Promise<RecordingAudit> {
  const count = (condition: RawBuilder<boolean>) => sql<number>`count(*) filter (where ${condition})`
  const unrecorded = sql`recordings.call is null`
  return db
    .selectFrom('calls')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('recordings as r')
          .select([sql<string | null>`min(r.call)`.as('call'), sql`sum(r.duration_ms)`.as('duration_ms')])
          .whereRef('r.call', '=', 'calls.id')
          .as('recordings'),
      (join) => join.onTrue(),
    )
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('recording_losses as l')
          .select(sql<string | null>`min(l.call)`.as('call'))
          .whereRef('l.call', '=', 'calls.id')
          .as('recording_losses'),
      (join) => join.onTrue(),
    )
    .where('calls.outcome', '=', 'answered')
    .where('calls.arrived_at', '>=', time(from))
    .where('calls.arrived_at', '<=', time(to))
    .select([
      sql<number>`count(*)`.as('conversations'),
      count(sql`${unrecorded} and recording_losses.call is null`).as('withoutRecording'),
      // A recording found later does not delete its loss row.
      count(sql`${unrecorded} and recording_losses.call is not null`).as('lost'),
      count(sql`${lacksMs} > ${cutMaxMs + Math.ceil(apartMs)}::bigint`).as('tooShort'),
      sql<number>`greatest(0, max(${lacksMs}))`.as('lacksMs'),
    ])
    .executeTakeFirstOrThrow()
}

export interface LackingRecording {
  readonly call: string
  readonly arrivedAt: Millis
  readonly answeredAt: Millis | null
  readonly endedAt: Millis
  readonly recordedMs: number
  readonly lacksMs: number
}

/** The recordings of the five calls that lack most, for diagnosis. */
export function mostLacking(db: Database, from: number, to: number): Promise<readonly LackingRecording[]> {
  return db
    .selectFrom('calls')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('recordings as r')
          .select(sql<number>`sum(r.duration_ms)`.as('duration_ms'))
          .whereRef('r.call', '=', 'calls.id')
          .as('recordings'),
      (join) => join.on('recordings.duration_ms', 'is not', null),
    )
    .where('calls.outcome', '=', 'answered')
    .where('calls.arrived_at', '>=', time(from))
    .where('calls.arrived_at', '<=', time(to))
    .select([
      'calls.id as call',
      'calls.arrived_at as arrivedAt',
      'calls.answered_at as answeredAt',
      'calls.ended_at as endedAt',
      'recordings.duration_ms as recordedMs',
      lacksMs.as('lacksMs'),
    ])
    .orderBy(lacksMs, 'desc')
    .limit(5)
    .execute()
}

/** Failures as sentences; empty when every conversation is completely recorded. */
export function missingRecordings({ withoutRecording, lost, tooShort, lacksMs }: RecordingAudit): string[] {
  return [
    ...(withoutRecording > 0
      ? [`${withoutRecording} conversations have neither a recording nor a recorded loss`]
      : []),
    ...(lost > 0 ? [`the recordings of ${lost} conversations are lost`] : []),
    ...(tooShort > 0
      ? [
          `${tooShort} recordings are more than a second shorter than the talk, by up to ${(lacksMs / 1000).toFixed(1)} s`,
        ]
      : []),
  ]
}
