/**
 * What this node has told the line and the ledger has not yet acknowledged, in append-only files: when
 * Redis loses its last second, the events are still here. Appending is synchronous, so that an event is
 * in the file before anything else happens; a process that dies loses none, a machine at most what was
 * added since the last `flush`.
 *
 * Files rotate; one whose events are all acknowledged is deleted. A line cut short by a crash is skipped.
 * The folder belongs to one process.
 */
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import type { Logger } from 'pino'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import type { AcdEvent } from '../../core/acd-event.ts'
import { upcastAcdEvent, versioned, type Stored } from '../../core/versions.ts'
import type { LastRecorded } from '../../acd/ports.ts'
import { unlessMissing } from '../../missing-file.ts'

export interface SpoolOptions {
  readonly folder: string
  readonly log: Logger
  readonly now: () => Millis
  /** A file is closed and the next begun when it is this long. */
  readonly fileBytesMax?: number
  /** All files together; beyond it events are refused, counted and told. */
  readonly bytesMax?: number
}

interface File {
  readonly name: string
  bytes: number
  outstanding: number
  /** Has bytes that may not be on the disk yet. */
  dirty: boolean
}
interface Place {
  readonly file: File
  readonly addedAt: Millis
  readonly event: Pick<AcdEvent, 'subject' | 'id' | 'seq'>
  /** With it the call is over. */
  readonly ends: boolean
}

const batchMax = 200
const warnEveryMs = 60_000

export class Spool {
  readonly #options: Required<SpoolOptions>
  readonly #places = new Map<string, Place>()
  readonly #files: File[] = []
  #current: { readonly file: File; readonly descriptor: number } | null = null
  #refused = 0
  #warnedAt = -Infinity

  /** Opens the folder and takes over what an earlier run left in it. Throws if it cannot be read, or is of a newer version. */
  constructor(options: SpoolOptions) {
    this.#options = { fileBytesMax: 256 * 1024, bytesMax: 256 * 1024 * 1024, ...options }
    mkdirSync(options.folder, { recursive: true })
    const names = readdirSync(options.folder).filter((name) => name.endsWith('.ndjson'))
    for (const name of names.sort()) {
      const file: File = { name, bytes: 0, outstanding: 0, dirty: false }
      for (const { event, bytes } of this.#lines(name)) {
        file.bytes += bytes
        this.#place(event, file, 0)
      }
      this.#files.push(file)
    }
    this.#tidy()
  }

  /** Events not yet acknowledged. */
  get outstanding(): number {
    return this.#places.size
  }

  /** Events that could not be kept (disk full, bound reached). */
  get refused(): number {
    return this.#refused
  }

  /** Never throws: a full disk must not stop a call. */
  add(events: readonly AcdEvent[]): void {
    try {
      this.#write(events.filter((event) => !this.#places.has(keyOf(event))))
    } catch (err) {
      this.#refused += events.length
      this.#warn(err)
      // Whatever was half written must not run into the next line: a new file begins.
      this.#leaveCurrent()
    }
  }

  acknowledged(events: readonly AcdEvent[]): void {
    for (const event of events) {
      const key = keyOf(event)
      const place = this.#places.get(key)
      if (place === undefined) continue
      this.#places.delete(key)
      place.file.outstanding -= 1
      if (place.file.outstanding === 0) this.#tidy()
    }
  }

  /** These never happened, so they leave the disk, too: a crash must not bring them back. Never throws. */
  withdraw(events: readonly AcdEvent[]): void {
    const files = new Set(events.flatMap((event) => this.#places.get(keyOf(event))?.file ?? []))
    if (files.size === 0) return
    // What gets these numbers next begins a new file, and is not taken for what was withdrawn.
    this.#leaveCurrent()
    this.acknowledged(events)
    try {
      for (const file of files) if (file.outstanding > 0) this.#rewrite(file)
    } catch (err) {
      this.#options.log.error({ err }, 'withdrawn events stay in the spool')
    }
  }

  /** The last number that is kept here of each agent, and of each call whose end is not. */
  lastRecorded(): LastRecorded {
    const told = { call: new Map<string, number>(), agent: new Map<string, number>() }
    const ended = new Set<string>()
    for (const { event, ends } of this.#places.values()) {
      const { subject, id, seq } = event
      told[subject].set(id, Math.max(seq, told[subject].get(id) ?? 0))
      if (ends) ended.add(id)
    }
    for (const id of ended) told.call.delete(id)
    return { calls: told.call as Map<CallId, number>, agents: told.agent as Map<AgentId, number> }
  }

  /** In order, in batches: what was added at least `olderThanMs` ago and is not acknowledged. */
  *replay(olderThanMs = 0): Generator<AcdEvent[]> {
    const before = this.#options.now() - olderThanMs
    const dueFiles = new Set<File>()
    for (const { file, addedAt } of this.#places.values()) if (addedAt <= before) dueFiles.add(file)
    // Only these are read: a busy line always has something outstanding, and calls wait meanwhile.
    for (const file of this.#files.filter((file) => dueFiles.has(file))) {
      // All of it was acknowledged meanwhile, and it may be gone.
      if (file.outstanding === 0) continue
      const due: AcdEvent[] = []
      for (const { event } of this.#lines(file.name)) {
        const place = this.#places.get(keyOf(event))
        if (place?.file === file && place.addedAt <= before) due.push(event)
      }
      for (let from = 0; from < due.length; from += batchMax) yield due.slice(from, from + batchMax)
    }
  }

  /** Forces what was added onto the disk. Call about once a second. */
  async flush(): Promise<void> {
    for (const file of this.#files.filter((file) => file.dirty)) {
      if (file.outstanding === 0) continue
      file.dirty = false
      // The last of its events may be acknowledged meanwhile.
      try {
        await using handle = await open(path.join(this.#options.folder, file.name), 'r+').catch(unlessMissing)
        await handle?.datasync()
      } catch (err) {
        file.dirty = true
        throw err
      }
    }
  }

  close(): void {
    this.#leaveCurrent()
    this.#tidy()
  }

  #write(events: readonly AcdEvent[]): void {
    if (events.length === 0) return
    const { bytesMax, fileBytesMax, now } = this.#options
    const text = Buffer.from(linesOf(events))
    const held = this.#files.reduce((sum, file) => sum + file.bytes, 0)
    if (held + text.length > bytesMax) throw new Error(`the spool holds its most, ${bytesMax} bytes`)
    if (this.#current !== null && this.#current.file.bytes >= fileBytesMax) this.#leaveCurrent()
    const { file, descriptor } = (this.#current ??= this.#begin())
    file.bytes += text.length
    file.dirty = true
    writeSync(descriptor, text)
    for (const event of events) this.#place(event, file, now())
  }

  #begin(): { file: File; descriptor: number } {
    const last = this.#files.at(-1)
    const number = last === undefined ? 1 : Number.parseInt(last.name, 10) + 1
    const file = { name: `${String(number).padStart(12, '0')}.ndjson`, bytes: 0, outstanding: 0, dirty: true }
    // wx: two processes in one folder would lose each other's events.
    const descriptor = openSync(path.join(this.#options.folder, file.name), 'wx', 0o600)
    this.#files.push(file)
    return { file, descriptor }
  }

  #leaveCurrent(): void {
    if (this.#current === null) return
    closeSync(this.#current.descriptor)
    this.#current = null
  }

  #place(event: AcdEvent, file: File, addedAt: Millis): void {
    const key = keyOf(event)
    if (this.#places.has(key)) return
    const { subject, id, seq } = event
    const ends = event.subject === 'call' && event.after.phase === 'ended'
    this.#places.set(key, { file, addedAt, event: { subject, id, seq }, ends })
    file.outstanding += 1
  }

  /** Only what is outstanding stays of it. */
  #rewrite(file: File): void {
    const target = path.join(this.#options.folder, file.name)
    const kept = Array.from(this.#lines(file.name), ({ event }) => event).filter(
      (event) => this.#places.get(keyOf(event))?.file === file,
    )
    const text = linesOf(kept)
    writeFileSync(`${target}.part`, text, { mode: 0o600, flush: true })
    renameSync(`${target}.part`, target)
    file.bytes = Buffer.byteLength(text)
  }

  /** Deletes finished files, except the one being written. */
  #tidy(): void {
    const done = this.#files.filter((file) => file !== this.#current?.file && file.outstanding === 0)
    for (const file of done) {
      rmSync(path.join(this.#options.folder, file.name), { force: true })
      this.#files.splice(this.#files.indexOf(file), 1)
    }
  }

  *#lines(name: string): Generator<{ event: AcdEvent; bytes: number }> {
    for (const line of readFileSync(path.join(this.#options.folder, name), 'utf8').split('\n')) {
      if (line === '') continue
      const event = parseLine(line)
      if (event !== null) yield { event, bytes: Buffer.byteLength(line) + 1 }
      else this.#options.log.warn({ file: name }, 'a line of the spool was cut short and is skipped')
    }
  }

  /** Once a minute: a full disk is not helped by a log line per event. */
  #warn(err: unknown): void {
    const { log, now } = this.#options
    if (now() - this.#warnedAt < warnEveryMs) return
    this.#warnedAt = now()
    log.error({ err, refused: this.#refused }, 'events are not kept in the spool')
  }
}

const linesOf = (events: readonly AcdEvent[]): string =>
  events.map((event) => `${JSON.stringify(versioned(event))}\n`).join('')

/** Null for a line cut short by a crash. Throws `NewerVersion`. */
function parseLine(line: string): AcdEvent | null {
  let stored: Stored<AcdEvent>
  try {
    stored = JSON.parse(line) as Stored<AcdEvent>
  } catch {
    return null
  }
  return upcastAcdEvent(stored)
}

function keyOf(event: AcdEvent): string {
  return `${event.subject} ${event.seq} ${event.id}`
}
