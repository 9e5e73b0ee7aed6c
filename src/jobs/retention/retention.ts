/**
 * Nightly retention: destroys the keys of old recordings, so that no copy of them is readable, and deletes personal
 * values of old rows. Registers and journal stay and remain verifiable.
 */
import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { Logger } from 'pino'
import type { Millis } from '../../core/ids.ts'
import { openDatabase, type Database } from '../../ledger/database.ts'
import { daysBefore, destroyKeysOf, keysBefore } from '../../ledger/recordings/keys.ts'
import {
  deletePastDetails,
  pastDetails,
  recordRun,
  retentionRuns,
  type RetentionRun,
} from '../../ledger/retention/retention.ts'
import { pause } from '../../repeat.ts'
import { doneFolder } from '../recordings/finish-recording.ts'
import { Nightly } from '../nightly.ts'

export interface RetentionOptions {
  readonly db: Database
  /** URL of the login that may delete; null: personal values are not deleted (another system does it). */
  readonly retentionUrl: string | null
  readonly redisUrl: string
  readonly prefix: string
  readonly recordings: string
  readonly recordingKeys: string
  readonly audioDays: number
  readonly detailsDays: number
  /** Days after a request was closed. */
  readonly requestsDays: number
  readonly log: Logger
  readonly now: () => Millis
}

const dayMs = 24 * 3_600_000
/** A run whose limits are more than this beyond those of the last run is only announced. */
const leapMaxMs = 7 * dayMs
const planEveryMs = 600_000
const statementTimeoutMs = 60_000

/**
 * One run. It is journalled before it deletes; after a crash the next run completes it. Deletion cannot be undone, so a
 * wrong clock or setting must not cause it at once: when the limits leap beyond those of the last run, this run is only
 * announced, and the next one, a night later, deletes.
 */
export async function runRetention(options: RetentionOptions): Promise<RetentionRun> {
  const { db, retentionUrl, recordings, recordingKeys, audioDays, detailsDays, requestsDays, log, now } =
    options
  const lastDay = new Date(now() - audioDays * dayMs).toISOString().slice(0, 10)
  const limits = { recordedBefore: now() - detailsDays * dayMs, closedBefore: now() - requestsDays * dayMs }
  const limitsOfRun = {
    before: new Date(limits.recordedBefore).toISOString(),
    closedBefore: new Date(limits.closedBefore).toISOString(),
  }
  const [latest] = await retentionRuns(db, 1)
  if (latest !== undefined && leaps(latest, lastDay, limitsOfRun)) {
    const announced = { audio: { before: lastDay, recordings: 0 }, details: { ...limitsOfRun, rows: {} } }
    await recordRun(db, { ...announced, announced: true })
    log.warn({ run: announced }, 'the retention limits have leapt since the last run: the next run deletes')
    return announced
  }
  const days = await keysBefore(recordingKeys, lastDay)
  const rows = retentionUrl === null ? {} : await pastDetails(db, limits)
  const run: RetentionRun = {
    audio: { before: lastDay, recordings: days.reduce((sum, { keys }) => sum + keys, 0) },
    details: { ...limitsOfRun, rows },
  }
  await recordRun(db, run)
  for (const { day } of days) await destroyKeysOf(recordingKeys, day)
  // Files without a key are useless. They are listed again from the disk: an interrupted run may have left some, and
  // recordings older than the keys have none.
  const done = path.join(recordings, doneFolder)
  for (const day of await daysBefore(done, lastDay))
    await rm(path.join(done, day), { recursive: true, force: true })
  if (retentionUrl !== null) await withRetention(retentionUrl, (login) => deletePastDetails(login, limits))
  log.info({ run }, 'retention run finished')
  return run
}

const further = (to: string, from = to): boolean => Date.parse(to) - Date.parse(from) > leapMaxMs

function leaps(
  { audio, details }: RetentionRun,
  lastDay: string,
  limits: { readonly before: string; readonly closedBefore: string },
): boolean {
  return (
    further(lastDay, audio.before) ||
    further(limits.before, details.before) ||
    further(limits.closedBefore, details.closedBefore)
  )
}

async function withRetention(url: string, work: (db: Database) => Promise<void>): Promise<void> {
  const db = openDatabase({ url, connectionsMax: 1, statementTimeoutMs })
  try {
    await work(db)
  } finally {
    await db.destroy()
  }
}

export interface RetentionJob {
  stop(): Promise<void>
}

/** Runs after the nightly journal check, which reads the values before they are deleted. */
export function startRetention(options: RetentionOptions): RetentionJob {
  const { redisUrl, prefix, log } = options
  const nightly = new Nightly({
    name: 'retention',
    pattern: '0 30 3 * * *',
    redisUrl,
    prefix,
    log,
    work: async () => {
      await runRetention(options)
    },
  })
  nightly.start()
  const stopping = new AbortController()
  const planning = planForEver(nightly, stopping.signal)
  return {
    async stop() {
      stopping.abort()
      await planning
      await nightly.stop()
    },
  }
}

async function planForEver(nightly: Nightly, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await nightly.plan()
    await pause(planEveryMs, signal)
  }
}
