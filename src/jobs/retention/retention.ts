/**
 * Each night what is past its time ends: the keys of old recordings, so that no copy of them can be heard,
 * and the personal values of old rows. The registers and the journal stay, and still hold.
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
  /** The login that may delete; null: personal values are kept (another system deletes them). */
  readonly retentionUrl: string | null
  readonly redisUrl: string
  readonly prefix: string
  readonly recordings: string
  readonly recordingKeys: string
  readonly audioDays: number
  readonly detailsDays: number
  /** After a request was closed. */
  readonly requestsDays: number
  readonly log: Logger
  readonly now: () => Millis
}

const dayMs = 24 * 3_600_000
/** Further than this beyond the run before it, a run only announces itself. */
const leapMaxMs = 7 * dayMs
const planEveryMs = 600_000
const statementTimeoutMs = 60_000

/**
 * One run. What it will do is in the journal first; done again after a crash it does the rest. What cannot be undone
 * is not done by a clock that is wrong for an hour: where much more is past its time than at the run before (the
 * clock, or a setting, has leapt), it ends with the next run, a night later.
 */
export async function endWhatIsPast(options: RetentionOptions): Promise<RetentionRun> {
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
    log.warn({ run: announced }, 'far more is past its time than at the last run: it ends with the next one')
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
  // Without the key it is noise, which needs no room. Asked anew: a run that was cut short has left some, and what was
  // recorded before recordings had keys has none.
  const done = path.join(recordings, doneFolder)
  for (const day of await daysBefore(done, lastDay))
    await rm(path.join(done, day), { recursive: true, force: true })
  if (retentionUrl !== null) await withRetention(retentionUrl, (login) => deletePastDetails(login, limits))
  log.info({ run }, 'what was past its time has ended')
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

/** After the journal's own check, which has read everything as it was. */
export function startRetention(options: RetentionOptions): RetentionJob {
  const { redisUrl, prefix, log } = options
  const nightly = new Nightly({
    name: 'retention',
    pattern: '0 30 3 * * *',
    redisUrl,
    prefix,
    log,
    work: async () => {
      await endWhatIsPast(options)
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
