/**
 * The event stream as the ledger reads it: a consumer group. An event that was read and not acknowledged is
 * delivered again, to any node.
 */
import type { Redis } from 'ioredis'
import type { AcdEvent, StreamPosition } from '../core/acd-event.ts'
import { pause } from '../repeat.ts'
import { decode } from './feed.ts'
import type { AcdKeys } from './keys.ts'
import { whenReady, type AcdRedis } from './connection.ts'

const group = 'ledger'
const batch = 200
const blockMs = 1_000
/** After this time a dead node's unacknowledged events are claimed. */
const abandonedMs = 3_000
const lookEveryMs = 100
/** At load events are delivered at most this often, to be written in one statement (`ledger/calls/event-writing.ts`). */
const gatherMs = 250
/** After a quiet moment events wait only so long: it leaves the processor to the INVITE that they may have caused. */
const leaveMs = 30

type Entry = { readonly position: StreamPosition; readonly event: AcdEvent }

export interface RedisLedgerSource {
  /**
   * Ends when `signal` aborts, or the signal that `owning` returns: only the owner reads, so that a call's events
   * are written in order. `owning` returns null while this node is not the owner.
   */
  read(
    afterAcknowledged: true,
    signal: AbortSignal,
    owning?: () => AbortSignal | null,
  ): AsyncIterable<readonly Entry[]>
  acknowledge(positions: readonly StreamPosition[]): Promise<void>
  /**
   * Removes events that the ledger has and that are older than `keepMs`; live feeds resume from younger ones.
   * Returns how many were removed.
   */
  trim(now: number, keepMs: number): Promise<number>
  /** Events that the ledger has not acknowledged yet. */
  lag(): Promise<number>
}

export function redisLedgerSource(
  redis: AcdRedis,
  reader: () => AcdRedis,
  keys: AcdKeys,
  consumer: string,
): RedisLedgerSource {
  return {
    async *read(_afterAcknowledged, until, owning) {
      const term = owning === undefined ? until : await termOf(owning, until)
      const signal = AbortSignal.any([until, term])
      if (signal.aborted) return
      const own = reader()
      const stop = () => own.disconnect()
      signal.addEventListener('abort', stop, { once: true })
      try {
        await whenReady(own)
        await ensureGroup(own, keys.events)
        yield* entriesOf(own, keys.events, consumer, signal)
      } catch (error) {
        if (!signal.aborted) throw error
      } finally {
        signal.removeEventListener('abort', stop)
        own.disconnect()
      }
    },

    async acknowledge(positions) {
      if (positions.length > 0) await redis.xack(keys.events, group, ...positions)
    },

    async trim(now, keepMs) {
      const oldest = await oldestNeeded(redis, keys.events)
      if (oldest === null) return 0
      const kept = `${now - keepMs}-0`
      const from = Number(oldest.split('-')[0]) < now - keepMs ? oldest : kept
      return redis.xtrim(keys.events, 'MINID', from)
    },

    async lag() {
      const info = await groupInfo(redis, keys.events)
      return info === null ? 0 : Number(info.get('pending')) + Number(info.get('lag') ?? 0)
    },
  }
}

/** Waits for a term in which this node is the owner and returns its signal; `until` when that aborts first. */
async function termOf(owning: () => AbortSignal | null, until: AbortSignal): Promise<AbortSignal> {
  while (!until.aborted) {
    const term = owning()
    if (term !== null && !term.aborted) return term
    await pause(lookEveryMs, until)
  }
  return until
}

async function* entriesOf(
  own: Redis,
  stream: string,
  consumer: string,
  signal: AbortSignal,
): AsyncIterable<readonly Entry[]> {
  // First everything that any node has read and not acknowledged, then new entries. A node that hung may still
  // receive entries for a read that it sent before: these are claimed from time to time.
  await claimAll(own, stream, consumer)
  let from = '0'
  let claimedAt = performance.now()
  let gatherUntil = 0
  while (!signal.aborted) {
    if (from === '>' && performance.now() - claimedAt > abandonedMs) {
      claimedAt = performance.now()
      const claimed = await own.xautoclaim(stream, group, consumer, abandonedMs, '0', 'COUNT', batch)
      const entries = entriesFrom((claimed as [string, [string, string[]][]])[1])
      if (entries.length > 0) yield entries
    }
    const gatherFor = gatherUntil - performance.now()
    if (gatherFor > 0) await pause(gatherFor, signal)
    const read = await readGroup(own, stream, consumer, from)
    if (gatherFor <= 0 && read.length > 0 && read.length < batch) await pause(leaveMs)
    const entries = entriesFrom(read)
    gatherUntil = entries.length === 0 || read.length === batch ? 0 : performance.now() + gatherMs
    // An empty batch shows that Redis answers and nothing is new.
    if (entries.length > 0 || from === '>') yield entries
    if (from !== '>') from = entries.at(-1)?.position ?? '>'
  }
}

type RawEntry = [string, string[] | null]

async function readGroup(
  own: Redis,
  stream: string,
  consumer: string,
  from: string,
): Promise<readonly RawEntry[]> {
  const place = ['STREAMS', stream, from] as const
  const answer = await own.xreadgroup('GROUP', group, consumer, 'COUNT', batch, 'BLOCK', blockMs, ...place)
  return ((answer ?? []) as [string, RawEntry[]][]).flatMap(([, list]) => list)
}

async function claimAll(own: Redis, stream: string, consumer: string): Promise<void> {
  for (let cursor = '0'; ;) {
    const [next] = (await own.xautoclaim(stream, group, consumer, 0, cursor, 'COUNT', batch, 'JUSTID')) as [
      string,
    ]
    if (next === '0-0') return
    cursor = next
  }
}

/** A pending entry that was trimmed has no fields any more; it had been written to the ledger. */
const entriesFrom = (list: readonly RawEntry[]): Entry[] =>
  list.flatMap(([id, fields]) => (fields === null || fields.length === 0 ? [] : [decode(id, fields)]))

async function ensureGroup(redis: Redis, stream: string): Promise<void> {
  try {
    await redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM')
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error
  }
}

async function groupInfo(redis: Redis, stream: string): Promise<Map<unknown, unknown> | null> {
  if ((await redis.exists(stream)) === 0) return null
  for (const raw of (await redis.xinfo('GROUPS', stream)) as unknown[][]) {
    const info = new Map<unknown, unknown>()
    for (let at = 0; at < raw.length; at += 2) info.set(raw[at], raw[at + 1])
    if (info.get('name') === group) return info
  }
  return null
}

/** The first event that the ledger may still read; null when there is no group yet. */
async function oldestNeeded(redis: Redis, stream: string): Promise<string | null> {
  const info = await groupInfo(redis, stream)
  if (info === null) return null
  if (Number(info.get('pending')) === 0) return String(info.get('last-delivered-id'))
  const [, first] = (await redis.xpending(stream, group)) as [number, string, string, unknown]
  return first
}
