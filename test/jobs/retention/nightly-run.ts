/** What a run of retention needs in a test: its options, and a run of the night before. */
import path from 'node:path'
import { pino } from 'pino'
import type { RetentionOptions } from '../../../src/jobs/retention/retention.ts'
import { recordRun } from '../../../src/ledger/retention/runs.ts'
import type { TestDatabase } from '../../support/postgres.ts'

const dayMs = 86_400_000

/** The default terms, with every folder below one; no Redis. */
export const retentionIn = (
  { db, retentionUrl }: Pick<TestDatabase, 'db' | 'retentionUrl'>,
  folder: string,
): RetentionOptions => ({
  db,
  retentionUrl,
  redisUrl: '',
  prefix: '',
  recordings: path.join(folder, 'recordings'),
  recordingKeys: path.join(folder, 'keys'),
  spool: path.join(folder, 'spool'),
  anchor: path.join(folder, 'anchor'),
  audioDays: 183,
  detailsDays: 1_095,
  requestsDays: 1_825,
  logsDays: 183,
  log: pino({ level: 'silent' }),
  now: () => Date.now(),
})

/**
 * The run of the night before, without which retention does not believe a clock that a test has moved. `limitsAt`: the time
 * whose limits that run had; earlier than a week before `now`, the next run is only announced.
 */
export async function ranBefore(
  options: RetentionOptions,
  now: number,
  limitsAt = now - dayMs,
): Promise<void> {
  const { db, audioDays, detailsDays, requestsDays, logsDays } = options
  const before = (days: number) => new Date(limitsAt - days * dayMs).toISOString()
  const details = {
    before: before(detailsDays),
    closedBefore: before(requestsDays),
    tracedBefore: before(logsDays),
    rows: {},
  }
  await recordRun(
    db,
    { audio: { before: before(audioDays).slice(0, 10), recordings: 0 }, details },
    now - dayMs,
  )
}
