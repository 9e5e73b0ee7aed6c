/**
 * Nightly retention: destroys the keys of old recordings, so that no copy of them is readable, ends raw audio that nobody
 * has sealed, and deletes personal values of old rows. Registers and journal stay and remain verifiable.
 * Logs and Asterisk's CEL, which the server may not write, are ended by the supervisor (`src/stack/retention/`).
 */
import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { Logger } from 'pino'
import type { Millis } from '../../core/ids.ts'
import { withDatabaseAt, type Database } from '../../ledger/database.ts'
import { daysBefore, destroyKeysOf, keysBefore } from '../../ledger/recordings/keys.ts'
import { begunAt } from '../../ledger/journal/last-check.ts'
import { requireMark } from '../../ledger/volumes/volume.ts'
import { ClockDoubtful, leapMaxMs, whyClockIsDoubtful } from '../../ledger/retention/clock.ts'
import { deletePastDetails, pastDetails } from '../../ledger/retention/retention.ts'
import {
  recordFailure,
  recordRun,
  retentionRuns,
  retentionState,
  type RecordedRun,
  type RetentionRun,
  type RetentionState,
} from '../../ledger/retention/runs.ts'
import { repeat } from '../../repeat.ts'
import { doneFolder } from '../recordings/folder-name.ts'
import { compactRedis } from './compact-redis.ts'
import { endRawAudio, pastRawAudio, type RawAudio } from './raw-audio.ts'
import { endRefusedEvents } from './refused-events.ts'
import { Nightly } from '../nightly.ts'

export interface RetentionOptions {
  readonly db: Database
  /** URL of the login that may delete; null: personal values are not deleted (another system does it). */
  readonly retentionUrl: string | null
  readonly redisUrl: string
  readonly prefix: string
  readonly recordings: string
  readonly recordingKeys: string
  /** Folder of the journal's signed heads: time stamps from outside confirm the clock. */
  readonly anchor: string
  /** Folder of the events that PostgreSQL refused. */
  readonly spool: string
  readonly audioDays: number
  readonly detailsDays: number
  /** Days after a request was closed. */
  readonly requestsDays: number
  /** Traces of use: networks of tries, abandoned drafts. */
  readonly logsDays: number
  readonly log: Logger
  readonly now: () => Millis
}

const dayMs = 24 * 3_600_000
const planEveryMs = 600_000
/** A day, also the one of 25 hours, and the time of a run. */
const missedAfterMs = 26 * 3_600_000
/** Raw audio without a call in the ledger: the CEL brings a missing call within minutes, a restore within days. */
const unclaimedDays = 30
const statementTimeoutMs = 60_000
/** Runs that were refused, or failed, may stand before the last one that has limits to compare with. */
const runsLooked = 400

/**
 * One run. It is journalled before it deletes; after a crash the next run completes it. Deletion cannot be undone, so a
 * wrong clock or setting must not cause it at once: when the limits leap beyond those of the last run, this run is only
 * announced, and the next one, a night later, deletes. A run whose clock is far from what was recorded last is refused
 * (`src/ledger/retention/clock.ts`), however many nights it goes on.
 *
 * A folder that is absent, read-only or full stops its own part alone. @throws {ClockDoubtful}, or what stopped a part, after all others.
 */
export async function runRetention(options: RetentionOptions): Promise<RetentionRun> {
  const { db, retentionUrl, recordings, recordingKeys, log, now } = options
  const { lastDay, limits, limitsOfRun } = limitsOf(options)
  const announced = {
    audio: { before: lastDay, recordings: 0, raw: 0 },
    details: { ...limitsOfRun, rows: {} },
  }
  const doubt = await whyClockIsDoubtful(db, options.anchor, now())
  if (doubt !== null) {
    await recordRun(db, announced, now(), 'refused', doubt)
    throw new ClockDoubtful(doubt)
  }
  const latest = latestOf(await retentionRuns(db, runsLooked))
  if (latest !== undefined && leaps(latest, lastDay, limitsOfRun)) {
    await recordRun(db, announced, now(), 'announced')
    log.warn({ run: announced }, 'the retention limits have leapt since the last run: the next run deletes')
    return announced
  }
  const failures: unknown[] = []
  const attempt = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      failures.push(error)
      return otherwise
    }
  }
  // Below an absent mount lies an empty folder, in which there seems to be nothing to end.
  const days = await attempt(async () => {
    await requireMark(recordingKeys, 'keys')
    return keysBefore(recordingKeys, lastDay)
  }, [])
  const raw = await attempt(() => pastRaw(options, lastDay), [])
  const rows = await attempt(
    async () =>
      retentionUrl === null ? {} : withRetention(retentionUrl, (login) => pastDetails(login, limits)),
    {},
  )
  const run: RetentionRun = {
    audio: {
      before: lastDay,
      recordings: days.reduce((sum, { keys }) => sum + keys, 0),
      raw: raw.length,
    },
    details: { ...limitsOfRun, rows },
  }
  await recordRun(db, run, now())
  for (const { day } of days) await attempt(() => destroyKeysOf(recordingKeys, day), undefined)
  // Files without a key are useless. They are listed again from the disk: an interrupted run may have left some, and
  // recordings older than the keys have none.
  const done = path.join(recordings, doneFolder)
  for (const day of await attempt(() => daysBefore(done, lastDay), []))
    await attempt(() => rm(path.join(done, day), { recursive: true, force: true }), undefined)
  for (const one of raw) await attempt(() => endRawAudio(db, recordings, one), undefined)
  await attempt(() => endRefusedEvents(options.spool, limits.recordedBefore), undefined)
  if (retentionUrl !== null)
    await attempt(() => withRetention(retentionUrl, (login) => deletePastDetails(login, limits)), undefined)
  if (failures.length > 0) {
    await recordRun(db, announced, now(), 'failed', failures.map(String).join('; '))
    throw new AggregateError(failures, 'retention could not end everything')
  }
  log.info({ run }, 'retention run finished')
  return run
}

const iso = (at: Millis): string => new Date(at).toISOString()

function limitsOf({ audioDays, detailsDays, requestsDays, logsDays, now }: RetentionOptions) {
  const before = (days: number) => now() - days * dayMs
  const limits = {
    recordedBefore: before(detailsDays),
    closedBefore: before(requestsDays),
    tracedBefore: before(logsDays),
  }
  return {
    lastDay: iso(before(audioDays)).slice(0, 10),
    limits,
    limitsOfRun: {
      before: iso(limits.recordedBefore),
      closedBefore: iso(limits.closedBefore),
      tracedBefore: iso(limits.tracedBefore),
    },
  }
}

async function pastRaw(options: RetentionOptions, lastDay: string): Promise<readonly RawAudio[]> {
  const { db, recordings, audioDays, now } = options
  await requireMark(recordings, 'recordings')
  const unclaimedBefore = now() - Math.min(unclaimedDays, audioDays) * dayMs
  return pastRawAudio(db, recordings, { lastDay, unclaimedBefore })
}

const further = (to: string, from = to): boolean => Date.parse(to) - Date.parse(from) > leapMaxMs

function leaps(
  { audio, details }: RetentionRun,
  lastDay: string,
  limits: { readonly before: string; readonly closedBefore: string; readonly tracedBefore: string },
): boolean {
  return (
    further(lastDay, audio.before) ||
    further(limits.before, details.before) ||
    further(limits.closedBefore, details.closedBefore) ||
    further(limits.tracedBefore, details.tracedBefore)
  )
}

/** Its queries read whole tables, for which the server's own login has too little time. */
const withRetention = <T>(url: string, work: (login: Database) => Promise<T>): Promise<T> =>
  withDatabaseAt({ url, statementTimeoutMs }, work)

/** The run whose limits the next one is compared with. */
const latestOf = (runs: readonly RecordedRun[]): RecordedRun | undefined =>
  runs.find(({ outcome }) => outcome === 'done' || outcome === 'announced')

/**
 * Whether a night was missed and may be made up for by day, as when the machine is off every night. A run that would only
 * be announced waits for the night, so that there is a night before the next one deletes.
 */
async function mayMakeUp(options: RetentionOptions): Promise<boolean> {
  const { db, anchor, now } = options
  const runs = await retentionRuns(db, runsLooked)
  const lastAt = runs[0]?.at ?? (await begunAt(db))
  if (lastAt === null || now() - lastAt <= missedAfterMs) return false
  if ((await whyClockIsDoubtful(db, anchor, now())) !== null) return false
  const latest = latestOf(runs)
  const { lastDay, limitsOfRun } = limitsOf(options)
  return latest === undefined || !leaps(latest, lastDay, limitsOfRun)
}

export interface RetentionJob {
  /** As the journal had it last; null: not read yet. Any node may have run it. */
  readonly state: RetentionState | null
  stop(): Promise<void>
}

/** Nightly, after the journal's check, which reads the values before they are deleted; a run during a check is no finding of it. */
export function startRetention(options: RetentionOptions): RetentionJob {
  const { db, redisUrl, prefix, log, now } = options
  let state: RetentionState | null = null
  const look = async () => {
    state = await retentionState(db)
  }
  const nightly = new Nightly({
    name: 'retention',
    pattern: '0 30 3 * * *',
    redisUrl,
    prefix,
    log,
    work: async () => {
      const failures: unknown[] = []
      await runRetention(options).catch((error: unknown) => failures.push(error))
      await compactRedis(redisUrl).catch(async (error: unknown) => {
        failures.push(error)
        await recordFailure(db, now(), String(error)).catch((more: unknown) => failures.push(more))
      })
      await look().catch((error: unknown) => failures.push(error))
      if (failures.length === 1) throw failures[0]
      if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '))
    },
  })
  nightly.start()
  const stopping = new AbortController()
  let isMadeUp = false
  const work = async () => {
    // Before planning, which replaces the job of a night that was missed.
    if (!isMadeUp) isMadeUp = !(await mayMakeUp(options)) || (await nightly.runNow())
    await nightly.plan()
    await look()
  }
  const planning = repeat(work, {
    everyMs: planEveryMs,
    signal: stopping.signal,
    failed: (err, inARow) => {
      if (inARow === 1) log.warn({ err }, 'the runs of retention cannot be read')
    },
  })
  return {
    get state() {
      return state
    },
    async stop() {
      stopping.abort()
      await planning
      await nightly.stop()
    },
  }
}
