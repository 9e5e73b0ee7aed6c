/** The ledger's records of a run: calls with their outcomes, recordings with the time when they became playable. */
import { setTimeout as delay } from 'node:timers/promises'
import { time, openDatabase, type Database } from '../../../src/ledger/database.ts'
import { auditRecordings, type RecordingAudit } from './recordings.ts'

export interface Recorded {
  readonly calls: number
  readonly answered: number
  /** Completeness of the recordings. */
  readonly sound: RecordingAudit
  /** Milliseconds from each conversation's end until its recording was playable. */
  readonly playable: readonly number[]
}

/** Bound for the recording jobs of a load. */
const recordedWithinMs = 120_000
const againMs = 500

/** Records of the calls that arrived in this span. Waits for `called` calls and their recordings, within a bound. */
export async function recorded(
  databaseUrl: string,
  from: number,
  to: number,
  called: number,
): Promise<Recorded> {
  const db = openDatabase({ url: databaseUrl, connectionsMax: 1 })
  try {
    const deadline = Date.now() + recordedWithinMs
    for (;;) {
      const found = await look(db, from, to)
      if ((found.calls >= called && found.sound.withoutRecording === 0) || Date.now() > deadline) return found
      await delay(againMs)
    }
  } finally {
    await db.destroy()
  }
}

async function look(db: Database, from: number, to: number): Promise<Recorded> {
  const rows = await db
    .selectFrom('calls')
    .where('calls.arrived_at', '>=', time(from))
    .where('calls.arrived_at', '<=', time(to))
    .select((eb) => [
      'calls.outcome',
      'calls.ended_at as endedAt',
      // A call's segments are recorded at once.
      eb
        .selectFrom('recordings')
        .select('recordings.recorded_at')
        .whereRef('recordings.call', '=', 'calls.id')
        .limit(1)
        .as('playableAt'),
    ])
    .execute()
  const answered = rows.filter(({ outcome }) => outcome === 'answered')
  return {
    calls: rows.length,
    answered: answered.length,
    sound: await auditRecordings(db, from, to),
    playable: answered.flatMap(({ endedAt, playableAt }) =>
      playableAt === null ? [] : [Math.max(0, playableAt - endedAt)],
    ),
  }
}
