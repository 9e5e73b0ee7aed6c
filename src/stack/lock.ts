/** One `make run` at a time for one folder, and finding what a killed one left running. */
import { link, readFile, rm, unlink } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { join } from 'node:path'
import { writePrivate } from './files.ts'
import { signalGroup } from './service.ts'

/** A process, told apart from a later one with the same number by when it started. */
export interface ProcessMark {
  readonly pid: number
  readonly startedAt: string
}

interface Holder extends ProcessMark {
  readonly url: string
}

/** Null when the lock is ours; else who holds it. */
export async function takeLock(varDir: string, url: string): Promise<Holder | null> {
  const path = lockPath(varDir)
  const own = `${path}.${process.pid}`
  await writePrivate(own, JSON.stringify({ ...markOf(process.pid), url }))
  try {
    for (;;) {
      try {
        // Appears whole or not at all, and only for one of two that try.
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

/** Who runs now, or null; a lock whose owner has died counts as none. */
export async function lockHolder(varDir: string): Promise<Holder | null> {
  const path = lockPath(varDir)
  if (!existsSync(path)) return null
  const holder = JSON.parse(await readFile(path, 'utf8')) as Holder
  return isAlive(holder) ? holder : null
}

export async function releaseLock(varDir: string): Promise<void> {
  await rm(lockPath(varDir), { force: true })
}

export function isAlive(mark: ProcessMark): boolean {
  return markOf(mark.pid)?.startedAt === mark.startedAt
}

export function markOf(pid: number): ProcessMark | null {
  try {
    // Field 22, counted after the name, which may contain anything but ends at the last bracket.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return fields[0] === 'Z' ? null : { pid, startedAt: fields[19] ?? '' }
  } catch {
    // No such process.
    return null
  }
}

/** Remembers the processes that we start, in a file, so that the next start can end leftovers. */
export class Processes {
  readonly #file: string
  readonly #marks = new Map<number, ProcessMark>()
  #writing: Promise<void> = Promise.resolve()

  constructor(varDir: string) {
    this.#file = join(varDir, 'run', 'processes.json')
  }

  started(pid: number): void {
    const mark = markOf(pid)
    if (mark === null) return
    for (const known of this.#marks.values()) if (!isAlive(known)) this.#marks.delete(known.pid)
    this.#marks.set(pid, mark)
    const text = JSON.stringify([...this.#marks.values()])
    this.#writing = this.#writing.then(() => writePrivate(this.#file, text))
  }

  /** All started processes have ended. */
  async clear(): Promise<void> {
    await this.#writing
    await rm(this.#file, { force: true })
  }

  /** Ends what an earlier, killed run left; resolves with how many there were. */
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
