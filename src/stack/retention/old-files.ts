/**
 * Ends the files that programs write beside the database: logs, and Asterisk’s CEL. The supervisor does it, because the server
 * may not write to the CEL, which is the witness against it.
 *
 * Once a day each log is copied and emptied (programs keep it open), and the CEL is renamed (Asterisk opens it for each
 * row). Copies are deleted after `RETENTION_LOGS_DAYS`, the CEL after `RETENTION_DETAILS_DAYS`. Deletion cannot be undone,
 * and a copy is named by its day: while the clock is not believed, nothing is done (`src/ledger/retention/clock.ts`).
 */
import { copyFile, open, readdir, rename, rm, stat, truncate } from 'node:fs/promises'
import path from 'node:path'
import type { Paths } from '../../config.ts'
import type { Millis } from '../../core/ids.ts'
import { closedAt } from '../../ledger/cel/files.ts'
import { rowsOf } from '../../ledger/cel/rows.ts'
import { ClockDoubtful, doubtOf } from '../../ledger/retention/clock.ts'
import { celColumns } from '../../asterisk/config/cel-columns.ts'
import { requireMark } from '../../ledger/volumes/volume.ts'
import { unlessMissing } from '../../missing-file.ts'
import { readUpkeep, upkeepFile, type Upkeep } from '../../upkeep.ts'
import { writePrivate } from '../files.ts'

export interface OldFilesOptions {
  readonly paths: Pick<Paths, 'upkeep' | 'log' | 'asterisk' | 'cel'>
  readonly logsDays: number
  readonly detailsDays: number
  /** False for a given Asterisk: its CEL is rotated on its own machine (docs/guides/retention.md). */
  readonly ownAsterisk: boolean
  readonly now: () => Millis
}

const dayMs = 24 * 3_600_000
const chunkBytes = 64 * 1024
const lineEnd = 0x0a

/** Idempotent within a day. @throws {ClockDoubtful}, or what went wrong with single files, after all others. */
export async function endOldFiles(options: OldFilesOptions): Promise<void> {
  const { paths, now } = options
  const last = lastTry(paths.upkeep)
  const today = dayOf(now())
  if (last !== null && (last.days.at(-1) ?? dayOf(Date.parse(last.believedAt))) === today) return
  const keep = (state: Upkeep['logs']) =>
    writePrivate(upkeepFile(paths.upkeep, 'logs'), `${JSON.stringify(state)}\n`)
  const at = new Date(now()).toISOString()
  // The first run has nothing to compare the clock with.
  if (last === null) return keep({ at, believedAt: at, days: [], bad: null })
  const days = [...last.days.filter((day) => day !== today), today]
  const doubt = doubtOf({ at: Date.parse(last.believedAt), days: days.length }, now())
  if (doubt !== null) {
    await keep({ ...last, days, bad: doubt })
    throw new ClockDoubtful(doubt)
  }
  const failures: unknown[] = []
  const attempt: Attempt = (work) =>
    work.catch((error: unknown) => {
      failures.push(error)
      return null
    })
  const logsBefore = now() - options.logsDays * dayMs
  for (const { folder, isLog, isOld } of foldersOf(options)) {
    const logs = (await attempt(filesIn(folder, isLog))) ?? []
    for (const file of logs) await attempt(rotateLog(file, now()))
    const old = (await attempt(closedFiles(folder, isOld, attempt))) ?? []
    for (const file of old) if (file.closedAt < logsBefore) await attempt(rm(file.path))
  }
  // Below an absent mount lies an empty folder, in which there seems to be nothing to end.
  const hasCel = async () => {
    await requireMark(path.dirname(paths.cel), 'cel')
    return true
  }
  if (options.ownAsterisk && (await attempt(hasCel())) === true) {
    await attempt(rotateCel(paths.cel, now()))
    await attempt(endCel(paths.cel, now() - options.detailsDays * dayMs, attempt))
  }
  const bad = failures.length === 0 ? null : failures.map(String).join('; ')
  await attempt(keep({ at: bad === null ? at : last.at, believedAt: at, days: [], bad }))
  if (failures.length > 0) throw new AggregateError(failures, 'old logs could not be ended')
}

/** A person has confirmed the clock (`linia retention clock`). */
export async function confirmClockOfFiles(upkeep: string, now: Millis): Promise<void> {
  const last = lastTry(upkeep)
  if (last === null) return
  const yesterday = new Date(now - dayMs).toISOString()
  const state: Upkeep['logs'] = { ...last, believedAt: yesterday, days: [], bad: null }
  await writePrivate(upkeepFile(upkeep, 'logs'), `${JSON.stringify(state)}\n`)
}

/** Null: never, or not readable. */
function lastTry(folder: string): Upkeep['logs'] | null {
  const last = readUpkeep(folder, 'logs')
  return Array.isArray(last?.days) && !Number.isNaN(Date.parse(last.believedAt)) ? last : null
}

interface LogFolder {
  readonly folder: string
  readonly isLog: (name: string) => boolean
  /** Files that nothing writes to any more. */
  readonly isOld: (name: string) => boolean
}

/** The logs of all parts, and those of a private Asterisk and its standby. */
function foldersOf({ paths, ownAsterisk }: OldFilesOptions): readonly LogFolder[] {
  const own: LogFolder = {
    folder: paths.log,
    isLog: (name) => name.endsWith('.log'),
    isOld: (name) => /\.log(-\d{8}|\.\d+)$/.test(name),
  }
  if (!ownAsterisk) return [own]
  return [
    own,
    ...[paths.asterisk, `${paths.asterisk}-second`].map((dir) => ({
      folder: path.join(dir, 'log'),
      isLog: (name: string) => name === 'messages.log',
      // `queue_log` was written by earlier versions.
      isOld: (name: string) => /^(messages\.log.+|queue_log.*)$/.test(name),
    })),
  ]
}

/** Keeps a failure for the report, so that one bad file does not keep the others. Null: it failed. */
type Attempt = <Value>(work: Promise<Value>) => Promise<Value | null>

async function rotateLog(file: string, now: Millis): Promise<void> {
  if ((await stat(file)).size === 0) return
  const target = copyName(file, now)
  // A second copy of a day, after the clock was set back, waits for the next one.
  if ((await stat(target).catch(unlessMissing)) !== undefined) return
  try {
    await copyFile(file, target)
  } catch (error) {
    // On a full disk: half a copy is none, and the log goes on.
    await rm(target, { force: true })
    throw error
  }
  // The lines of the moment between copy and emptying are lost.
  await truncate(file)
}

async function rotateCel(cel: string, now: Millis): Promise<void> {
  const facts = await stat(cel).catch(unlessMissing)
  if (facts === undefined || facts.size === 0) return
  const target = copyName(cel, now)
  if ((await stat(target).catch(unlessMissing)) === undefined) await rename(cel, target)
}

/** Whole files first; then the past rows of the oldest one, which may hold years of an earlier version. */
async function endCel(cel: string, before: Millis, attempt: Attempt): Promise<void> {
  const name = path.basename(cel)
  const isOld = (one: string) => one !== name && one.startsWith(name)
  const files = await closedFiles(path.dirname(cel), isOld, attempt)
  for (const file of files) if (file.closedAt < before) await attempt(rm(file.path))
  for (const file of files) if (file.closedAt >= before) await attempt(blankRows(file.path, before))
}

/**
 * Overwrites the rows before the first one that is young enough with empty lines. Rows are in the order of their writing.
 * The file stays what it is: its reader (`src/ledger/cel/files.ts`) holds a place by inode and offset, which a shorter file,
 * or another one in its stead, would move; and it needs no room on a full disk.
 */
async function blankRows(file: string, before: Millis): Promise<void> {
  if (/\.(gz|xz|zst|bz2)$/.test(file)) return
  await using handle = await open(file, 'r+')
  const { atime, mtime } = await handle.stat()
  let blanked = false
  for (let position = 0; ;) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(chunkBytes), 0, chunkBytes, position)
    const chunk = buffer.subarray(0, bytesRead)
    const { rows, bytes } = rowsOf(chunk, celColumns)
    const young = rows.find(({ row }) => row.at >= before)
    const past = chunk.subarray(0, young?.offset ?? (bytes === 0 ? bytesRead : bytes))
    if (past.some((byte) => byte !== lineEnd)) {
      blanked = true
      await handle.write(Buffer.alloc(past.length, lineEnd), 0, past.length, position)
    }
    position += past.length
    if (young !== undefined || bytesRead === 0) break
  }
  if (!blanked) return
  await handle.utimes(atime, mtime)
  await handle.sync()
}

interface ClosedFile {
  readonly path: string
  readonly closedAt: Millis
}

async function closedFiles(
  folder: string,
  isOld: LogFolder['isOld'],
  attempt: Attempt,
): Promise<readonly ClosedFile[]> {
  const found = await Promise.all((await filesIn(folder, isOld)).map((file) => attempt(closedFile(file))))
  return found.filter((file) => file !== null)
}

async function closedFile(file: string): Promise<ClosedFile> {
  return { path: file, closedAt: closedAt(path.basename(file), (await stat(file)).mtimeMs) }
}

async function filesIn(folder: string, isWanted: (name: string) => boolean): Promise<readonly string[]> {
  const names = (await readdir(folder).catch(unlessMissing)) ?? []
  return names.filter(isWanted).map((name) => path.join(folder, name))
}

const dayOf = (at: Millis): string => new Date(at).toISOString().slice(0, 10)
const copyName = (file: string, now: Millis): string => `${file}-${dayOf(now).replaceAll('-', '')}`
