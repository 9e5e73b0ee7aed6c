/** What became of the sound of every conversation: for the bench, the soak and chaos alike. */
import { sql, type RawBuilder } from 'kysely'
import type { Millis } from '../../../src/core/ids.ts'
import { time, type Database } from '../../../src/ledger/database.ts'

export interface RecordingAudit {
  readonly conversations: number
  /** Neither a recording nor its loss is on record (yet). */
  readonly withoutRecording: number
  /** The loss is on record: that is honest, and the sound is gone all the same. */
  readonly lost: number
  /** The recording lacks more of the talk than its beginning and its end may. */
  readonly tooShort: number
  /** By so much the shortest one lacks it. */
  readonly lacksMs: number
}

/** The first words and the last ones may be cut by the time that bridging itself takes. */
const cutMaxMs = 1_000
const lacksMs = sql<number>`calls.talk_ms - calls.held_ms - recordings.duration_ms`

/**
 * Of the calls that arrived in this span. `apartMs`: for so long the two of a conversation may have been apart, which
 * is no talk and not recorded.
 */
export async function auditRecordings(db: Database, from: number, to: number, apartMs = 0): Promise<RecordingAudit> {
  const count = (condition: RawBuilder<boolean>) => sql<number>`count(*) filter (where ${condition})`
  const unrecorded = sql`recordings.call is null`
  return db
    .selectFrom('calls')
    .leftJoin('recordings', 'recordings.call', 'calls.id')
    .leftJoin('recording_losses', 'recording_losses.call', 'calls.id')
    .where('calls.outcome', '=', 'answered')
    .where('calls.arrived_at', '>=', time(from))
    .where('calls.arrived_at', '<=', time(to))
    .select([
      sql<number>`count(*)`.as('conversations'),
      count(sql`${unrecorded} and recording_losses.call is null`).as('withoutRecording'),
      // One that was found after all stands beside its loss.
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

/** The five that lack most, to look for what happened to them. */
export function mostLacking(db: Database, from: number, to: number): Promise<readonly LackingRecording[]> {
  return db
    .selectFrom('calls')
    .innerJoin('recordings', 'recordings.call', 'calls.id')
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

/** What is wrong, each in a sentence; empty when all that was said is there. */
export function missingRecordings({ withoutRecording, lost, tooShort, lacksMs }: RecordingAudit): string[] {
  return [
    ...(withoutRecording > 0
      ? [`${withoutRecording} conversations have neither a recording nor its loss on record`]
      : []),
    ...(lost > 0 ? [`the sound of ${lost} conversations is lost`] : []),
    ...(tooShort > 0
      ? [
          `${tooShort} recordings are more than a second shorter than the talk, by up to ${(lacksMs / 1000).toFixed(1)} s`,
        ]
      : []),
  ]
}
