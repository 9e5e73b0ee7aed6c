/** What the ledger holds of a run: every call with its outcome, every recording and when it could be played. */
import { setTimeout as delay } from 'node:timers/promises'
import { time, openDatabase, type Database } from '../../../src/ledger/database.ts'
import { auditRecordings, type RecordingAudit } from './recordings.ts'

export interface Recorded {
  readonly calls: number
  readonly answered: number
  /** Of what was said in them. */
  readonly sound: RecordingAudit
  /** From each conversation's end until its recording could be played. */
  readonly playable: readonly number[]
}

/** Recording jobs of a load are done by then, or they are late. */
const recordedWithinMs = 120_000
const againMs = 500

/** So many calls that arrived in this span; waits for them and for their recordings. */
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
    .leftJoin('recordings', 'recordings.call', 'calls.id')
    .where('calls.arrived_at', '>=', time(from))
    .where('calls.arrived_at', '<=', time(to))
    .select(['calls.outcome', 'calls.ended_at as endedAt', 'recordings.recorded_at as playableAt'])
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
