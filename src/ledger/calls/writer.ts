/**
 * Drains the line's event stream into PostgreSQL and acknowledges after commit, for ever: while Redis or
 * PostgreSQL is away it waits and tries again. Whatever the stream has lost, the spool still holds: what
 * stays there unacknowledged is written from it.
 */
import { appendFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { AcdEvent } from '../../core/acd-event.ts'
import { versioned } from '../../core/versions.ts'
import { Backoff, pause } from '../../repeat.ts'
import type { Database } from '../database.ts'
import { writeEvents } from './event-writing.ts'
import type { AcdEventSource } from './event-source.ts'
import type { Spool } from './spool.ts'

export interface WriterOptions {
  readonly db: Database
  readonly source: AcdEventSource
  readonly spool: Spool | null
  readonly log: Logger
  /** Events that PostgreSQL will never take are set aside in this file. */
  readonly refusedFile: string
  /** The stream gets so long to deliver an event before the spool's copy is written. */
  readonly spoolGraceMs?: number
  readonly retryMs?: { readonly first: number; readonly max: number }
}

interface Counts {
  written: number
  /** Same key, other content: somewhere two owners wrote one call. Each is an alarm. */
  conflicts: number
  /** Set aside in `refusedFile`. Each is an alarm. */
  refused: number
}

/** For metrics and alarms. */
export interface WriterCounts extends Readonly<Counts> {
  /** Failures in a row to reach PostgreSQL, the stream or the spool, whichever is worse; 0 while all is well. */
  readonly failing: number
}

export interface Writer {
  readonly counts: WriterCounts
  /** Resolves when the batch at hand is written or given back to the stream. */
  stop(): Promise<void>
}

const chunkMax = 500
const flushEveryMs = 1_000

/** What drains the stream, or the spool. */
interface Drain extends WriterOptions {
  readonly counts: Counts
  readonly signal: AbortSignal
  /** In a row, of this drain alone. */
  failures: number
}

export function startWriter(options: WriterOptions): Writer {
  const counts: Counts & WriterCounts = {
    written: 0,
    conflicts: 0,
    refused: 0,
    get failing() {
      return Math.max(stream.failures, spool.failures)
    },
  }
  const stopping = new AbortController()
  const stream: Drain = { ...options, counts, signal: stopping.signal, failures: 0 }
  const spool: Drain = { ...options, counts, signal: stopping.signal, failures: 0 }
  const drained = Promise.all([drainStream(stream), drainSpool(spool), keepFlushed(options, stopping.signal)])
  return {
    counts,
    async stop() {
      stopping.abort()
      await drained
    },
  }
}

async function drainStream(drain: Drain): Promise<void> {
  const { source, spool, signal } = drain
  await forEver(drain, 'the event stream', async (works) => {
    for await (const batch of source.read(true, signal)) {
      if (batch.length > 0) {
        const events = batch.map((entry) => entry.event)
        if (!(await untilWritten(drain, events))) return
        await source.acknowledge(batch.map((entry) => entry.position))
        spool?.acknowledged(events)
      }
      works()
    }
  })
}

/** At start everything that an earlier run left; later only what the stream has not delivered in time. */
async function drainSpool(drain: Drain): Promise<void> {
  const { spool, log, signal, spoolGraceMs = 30_000 } = drain
  if (spool === null) return
  await forEver(drain, 'the spool', async (works) => {
    for (const events of spool.replay(spoolGraceMs)) {
      if (!(await untilWritten(drain, events))) return
      spool.acknowledged(events)
      log.info({ events: events.length }, 'written from the spool')
      works()
    }
    works()
    await pause(Math.min(1_000, spoolGraceMs), signal)
  })
}

/** Also while PostgreSQL is away, and at the end. */
async function keepFlushed({ spool, log }: WriterOptions, signal: AbortSignal): Promise<void> {
  if (spool === null) return
  let failing = false
  do {
    await pause(flushEveryMs, signal)
    try {
      await spool.flush()
      failing = false
    } catch (err) {
      if (!failing) log.warn({ err }, 'the spool is not flushed onto the disk')
      failing = true
    }
  } while (!signal.aborted)
}

/**
 * Repeats the work until the signal aborts; a failure is told once, then retried with growing pauses, until the work
 * says that it works.
 */
async function forEver(
  drain: Drain,
  what: string,
  work: (works: () => void) => Promise<void>,
): Promise<void> {
  const { signal, log } = drain
  const backoff = backoffOf(drain)
  let failures = 0
  const works = () => {
    failures = 0
    drain.failures = 0
    backoff.reset()
  }
  while (!signal.aborted) {
    try {
      await work(works)
    } catch (err) {
      if (signal.aborted) return
      failures += 1
      drain.failures = failures
      if (failures === 1) log.warn({ err }, `${what} cannot be drained; trying again`)
      await backoff.pause(signal)
    }
  }
}

/** False when stopped before the events were written; they come again. */
async function untilWritten(drain: Drain, events: readonly AcdEvent[]): Promise<boolean> {
  for (let from = 0; from < events.length; from += chunkMax) {
    if (!(await untilChunkWritten(drain, events.slice(from, from + chunkMax)))) return false
  }
  return true
}

async function untilChunkWritten(drain: Drain, events: readonly AcdEvent[]): Promise<boolean> {
  const { signal, log } = drain
  const backoff = backoffOf(drain)
  for (let failures = 0; !signal.aborted;) {
    try {
      await writeOnce(drain, events)
      if (failures > 0) log.info({ failures }, 'PostgreSQL takes events again')
      return true
    } catch (err) {
      if (isTheEventsFault(err)) return writeApart(drain, events, err)
      failures += 1
      drain.failures = failures
      if (failures === 1) log.warn({ err }, 'PostgreSQL does not take events; they wait')
      await backoff.pause(signal)
    }
  }
  return false
}

/** One event spoils its batch: the others are written without it, and it is set aside. */
async function writeApart(drain: Drain, events: readonly AcdEvent[], err: unknown): Promise<boolean> {
  const { counts, refusedFile, log } = drain
  if (events.length > 1) {
    for (const event of events) {
      if (!(await untilChunkWritten(drain, [event]))) return false
    }
    return true
  }
  await appendFile(refusedFile, events.map((event) => `${JSON.stringify(versioned(event))}\n`).join(''), {
    mode: 0o600,
  })
  counts.refused += events.length
  const [event] = events
  // Only PostgreSQL's code: its message can repeat what the caller sent.
  const code = err instanceof Error && 'code' in err ? err.code : 'unwritable'
  log.error({ subject: event?.subject, id: event?.id, seq: event?.seq, code }, 'an event was set aside')
  return true
}

async function writeOnce({ db, log, counts }: Drain, events: readonly AcdEvent[]): Promise<void> {
  const { added, conflicts } = await writeEvents(db, events)
  counts.written += added
  counts.conflicts += conflicts.length
  for (const conflict of conflicts) {
    log.error({ ...conflict }, 'an event came again with other content; the first one stands')
  }
}

/** Data that no retry can make acceptable: SQLSTATE classes 22 and 23, or text that is no event at all. */
function isTheEventsFault(err: unknown): boolean {
  if (err instanceof TypeError || err instanceof RangeError) return true
  if (!(err instanceof Error) || !('code' in err) || typeof err.code !== 'string') return false
  return /^2[23]\w{3}$/.test(err.code)
}

function backoffOf({ retryMs = { first: 100, max: 5_000 } }: WriterOptions): Backoff {
  return new Backoff(retryMs.first, retryMs.max)
}
