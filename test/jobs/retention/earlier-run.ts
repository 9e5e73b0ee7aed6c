/** The run of the night before, without which retention does not believe a clock that a test has moved. */
import type { RetentionOptions } from '../../../src/jobs/retention/retention.ts'
import { recordRun } from '../../../src/ledger/retention/runs.ts'

const dayMs = 86_400_000

/** `limitsAt`: the time whose limits that run had; earlier than a week before `now`, the next run is only announced. */
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
