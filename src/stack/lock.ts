/** Allows one `make run` at a time per folder, and finds processes left by a killed run. */
import { link, readFile, rm, stat, unlink } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { join } from 'node:path'
import { runCommand } from './command.ts'
import { writePrivate } from './files.ts'
import { stateOf } from './privileges/process-state.ts'
import { UserError } from './terminal.ts'
import type { Say } from './terminal.ts'
import { signalGroup } from './services/service.ts'

/** Identifies a process by id and start time, because ids are reused. */
export interface ProcessMark {
  readonly pid: number
  readonly startedAt: string
}

/** Facts about the running system for other commands. */
export interface Running {
  readonly url: string
  /** `given`: the database of DATABASE_URL; other commands need that setting too. */
  readonly ledger: 'private' | 'given'
  /** Of the dialplan with which it was started (`dialplanDigest`); absent: another command, or an older release. */
  readonly dialplan?: string
}

export interface Holder extends ProcessMark, Running {}

/** Null when the lock was taken; otherwise its holder. */
export async function takeLock(varDir: string, running: Running): Promise<Holder | null> {
  const path = lockPath(varDir)
  const own = `${path}.${process.pid}`
  await writePrivate(own, JSON.stringify({ ...markOf(process.pid), ...running }))
  try {
    for (;;) {
      try {
        // link(2) is atomic: the lock appears complete, and for one contender only.
        await link(own, path)
        return null
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error
      }
      const holder = await lockHolder(varDir)
      if (holder !== null) return holder
      await rm(path, { force: true })
    }
  } finally {
    await unlink(own)
  }
}

/**
 * The present holder, or null; a lock of a dead process does not count.
 * @throws {UserError} when this user may not read the lock.
 */
export async function lockHolder(varDir: string): Promise<Holder | null> {
  const text = await readFile(lockPath(varDir), 'utf8').catch(async (error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    if (codeOf(error) === 'EACCES') throw new UserError(await whoseFolder(varDir), { cause: error })
    throw error
  })
  if (text === null) return null
  const holder = JSON.parse(text) as Holder
  return isAlive(holder) ? holder : null
}

/** @throws {UserError} when another `make run` holds the folder. */
export function refuseSecond(holder: Holder | null): void {
  if (holder !== null)
    throw new UserError(
      `Linia is already running at ${holder.url} (process ${holder.pid}). Stop it with: make stop`,
    )
}

/** The owner of the folder, for the error text: after a start by root it is the user `linia`. */
async function whoseFolder(varDir: string): Promise<string> {
  const { uid } = await stat(varDir)
  const { code, stdout } = await runCommand('id', ['-un', String(uid)])
  const owner = code === 0 ? stdout.trim() : `with the number ${uid}`
  return `Linia here belongs to the user ${owner}, and this user may not look into ${varDir}. Use sudo, or be that user.`
}

export async function releaseLock(varDir: string): Promise<void> {
  await rm(lockPath(varDir), { force: true })
}

export function isAlive(mark: ProcessMark): boolean {
  return markOf(mark.pid)?.startedAt === mark.startedAt
}

export function markOf(pid: number): ProcessMark | null {
  const state = stateOf(pid)
  // Field 22 of proc_pid_stat(5).
  return state === null || state[0] === 'Z' ? null : { pid, startedAt: state[19] ?? '' }
}

/** Records started processes in a file, so that the next start can end leftovers. */
export class Processes {
  readonly #file: string
  readonly #marks = new Map<number, ProcessMark>()
  readonly #tell: Say
  #writing: Promise<void> = Promise.resolve()

  constructor(varDir: string, tell: Say) {
    this.#file = join(varDir, 'run', 'processes.json')
    this.#tell = tell
  }

  started(pid: number): void {
    const mark = markOf(pid)
    if (mark === null) return
    for (const known of this.#marks.values()) if (!isAlive(known)) this.#marks.delete(known.pid)
    this.#marks.set(pid, mark)
    const text = JSON.stringify([...this.#marks.values()])
    // A write error (full disk) is ignored: only the next start could miss a leftover.
    this.#writing = this.#writing
      .then(() => writePrivate(this.#file, text))
      .catch((error: unknown) => {
        this.#tell(`${this.#file} could not be written: ${String(error)}`)
      })
  }

  /** All started processes have ended. */
  async clear(): Promise<void> {
    await this.#writing
    await rm(this.#file, { force: true })
  }

  /** Ends processes left by an earlier, killed run; resolves with their number. */
  async endLeftovers(): Promise<number> {
    if (!existsSync(this.#file)) return 0
    const marks = JSON.parse(await readFile(this.#file, 'utf8')) as ProcessMark[]
    const left = marks.filter(isAlive)
    for (const { pid } of left) {
      signalGroup(pid, 'SIGINT', null)
      signalGroup(pid, 'SIGTERM', null)
      signalGroup(pid, 'SIGCONT', null)
    }
    for (let waitedMs = 0; waitedMs < 5_000 && left.some(isAlive); waitedMs += 100) await setTimeout(100)
    for (const mark of left) if (isAlive(mark)) signalGroup(mark.pid, 'SIGKILL', null)
    return left.length
  }
}

function lockPath(varDir: string): string {
  return join(varDir, 'run', 'linia.lock')
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
