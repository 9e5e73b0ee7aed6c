/**
 * Compresses recordings while the line is quiet: nobody waits for it, and it costs more than all else that is done with a
 * recording (decision 0042). The sealed original ends some hours later, so that a listener or a backup that has begun with
 * it gets it whole.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Logger } from 'pino'
import type { CallId, Millis } from '../../core/ids.ts'
import { alawEnd } from '../../ledger/recordings/alaw-wav.ts'
import {
  addCompressions,
  isQuiet,
  replacedFiles,
  uncompressedCalls,
  type Compression,
} from '../../ledger/recordings/compressions.ts'
import type { Database } from '../../ledger/database.ts'
import { keyOf } from '../../ledger/recordings/keys.ts'
import { recordingsOf } from '../../ledger/recordings/recordings.ts'
import { sealedEnd } from '../../ledger/recordings/sealed-file.ts'
import { requireMark } from '../../ledger/volumes/volume.ts'
import { unlessMissing } from '../../missing-file.ts'
import type { Compress } from './encoder.ts'
import { keepSealed, removeSealed, type Place } from './keep-sealed.ts'

export interface CompressOptions extends Place {
  readonly db: Database
  readonly compress: Compress
  readonly log: Logger
  readonly now: () => Millis
  /** So long after the call, or after the last hearing. */
  readonly restMs?: number
  /** Recordings that are older do not wait for quiet. */
  readonly lateMs?: number
  /** Age of a compressed file at which the original ends. */
  readonly keepMs?: number
  /** Calls in progress at which the line counts as quiet. */
  readonly quietCallsMax?: number
  /** Calls of one question to the ledger. */
  readonly callsMax?: number
}

const hourMs = 3_600_000
/** Age from which a recording is no longer tried: it stays as it is. */
const giveUpMs = 7 * 24 * hourMs
const compressTimeoutMs = 10 * 60_000
const mp3End = '.mp3'
/** No name of a call, so that nothing else that cleans up finds it; emptied by the next run after a crash. */
const workFolder = '.compressing'
const originalEnd = `${alawEnd}${sealedEnd}`

/** Pause after a failure. */
const againMs = 6 * hourMs

export class IdleCompression {
  readonly #options: CompressOptions
  /** Calls that failed, until they may be tried again. */
  readonly #notBefore = new Map<CallId, Millis>()

  constructor(options: CompressOptions) {
    this.#options = options
  }

  /** The calls that rest after a failure. */
  get postponed(): ReadonlySet<CallId> {
    return new Set(this.#notBefore.keys())
  }

  /**
   * One run, until nothing is left, the line is not quiet any more, or the signal aborts. Returns the number of calls whose
   * recordings were compressed. @throws {VolumeAbsent} when a volume is not mounted.
   */
  async run(signal: AbortSignal): Promise<number> {
    const { db, recordings, now } = this.#options
    const { restMs = hourMs, lateMs = 24 * hourMs, quietCallsMax = 2, callsMax = 200 } = this.#options
    await requireMark(recordings, 'recordings')
    await rm(path.join(recordings, workFolder), { recursive: true, force: true })
    const span = { sealedSince: now() - giveUpMs, restedSince: now() - restMs, end: originalEnd }
    // Also what is given up or no longer exists, which is never tried again.
    for (const [call, until] of this.#notBefore) if (until <= now()) this.#notBefore.delete(call)
    let compressed = 0
    for (;;) {
      const todo = await uncompressedCalls(db, span, [...this.#notBefore.keys()], callsMax)
      if (todo.length === 0) return compressed
      for (const { call, sealedAt } of todo) {
        if (signal.aborted) return compressed
        if (sealedAt > now() - lateMs && !(await isQuiet(db, quietCallsMax))) return compressed
        if (await this.#try(call)) compressed += 1
      }
    }
  }

  async #try(call: CallId): Promise<boolean> {
    const { log, now } = this.#options
    try {
      await compressCall(this.#options, call)
      return true
    } catch (err) {
      this.#notBefore.set(call, now() + againMs)
      log.warn({ call, err }, 'a recording was not compressed; it is tried again in some hours')
      return false
    }
  }
}

async function compressCall(options: CompressOptions, call: CallId): Promise<void> {
  const { db, recordings, recordingKeys, compress } = options
  const folder = path.join(recordings, workFolder)
  const done: Compression[] = []
  const undo = async (files: readonly { readonly file: string }[]): Promise<void> => {
    for (const { file } of files) await removeSealed(options, file)
  }
  try {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { mode: 0o750 })
    for (const { leg, file } of await recordingsOf(db, call)) {
      if (!file.endsWith(originalEnd)) continue
      const key = await keyOf(recordingKeys, file)
      if (key === null) throw new Error('its key was destroyed')
      const unfinished = path.join(folder, `${randomUUID()}.part`)
      await compress(path.join(recordings, file), key.toString('hex'), unfinished, compressTimeoutMs)
      const day = path.basename(path.dirname(file))
      done.push({ call, leg, ...(await keepSealed(options, { call, day, end: mp3End }, unfinished)) })
    }
  } catch (error) {
    await undo(done)
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  if (done.length === 0) return
  // Where this throws, the ledger may have the rows all the same: the files stay.
  const added = await addCompressions(db, done)
  // Another node was first.
  await undo(done.filter(({ file }) => !added.includes(file)))
}

/** Removes originals that were compressed some hours ago, with their keys. Returns their number. */
export async function endOriginals(options: CompressOptions): Promise<number> {
  const { db, recordings, now, keepMs = 6 * hourMs } = options
  await requireMark(recordings, 'recordings')
  const replaced = await replacedFiles(db, now() - giveUpMs, now() - keepMs)
  const days = new Map<string, ReadonlySet<string>>()
  let ended = 0
  for (const file of replaced) {
    const day = path.dirname(file)
    const present =
      days.get(day) ?? new Set((await readdir(path.join(recordings, day)).catch(unlessMissing)) ?? [])
    days.set(day, present)
    if (!present.has(path.basename(file)) || !file.endsWith(originalEnd)) continue
    await removeSealed(options, file)
    ended += 1
  }
  return ended
}
