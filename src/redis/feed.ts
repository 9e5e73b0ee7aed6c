/** `AcdFeed` from Redis, for any node: a snapshot of the states, then every event. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Agent } from '../core/agent.ts'
import type { LiveCall } from '../core/call.ts'
import type { AcdEvent, StreamPosition } from '../core/acd-event.ts'
import { upcastAcdEvent, upcastAgent, upcastCall, type Stored } from '../core/versions.ts'
import { FeedTooOld, type AcdFeed } from '../acd/ports.ts'
import type { AcdKeys } from './keys.ts'
import { whenReady, type AcdRedis } from './connection.ts'

const blockMs = 1_000
const batch = 200

/** `reader` opens a connection for each blocking read, without a command timeout. */
export function redisAcdFeed(redis: AcdRedis, reader: () => AcdRedis, keys: AcdKeys): AcdFeed {
  return {
    async snapshot() {
      const [position = '0-0', ...states] = await redis.snapshotStates(keys.states, keys.events)
      const calls: LiveCall[] = []
      const agents: Agent[] = []
      for (let at = 0; at + 1 < states.length; at += 2) {
        const json = states[at + 1] ?? ''
        const stored: unknown = JSON.parse(json)
        if (states[at]?.startsWith('call:') === true) calls.push(upcastCall(stored as Stored<LiveCall>))
        else agents.push(upcastAgent(stored as Stored<Agent>))
      }
      return { position, calls, agents }
    },

    async *changes(after, signal) {
      if (signal.aborted) return
      const own = reader()
      const stop = () => own.disconnect()
      signal.addEventListener('abort', stop, { once: true })
      try {
        await whenReady(own)
        await assertReaches(own, keys.events, after)
        let position = after
        while (!signal.aborted) {
          const entries = await readAfter(own, keys.events, position)
          // The owner's commit reply arrives in the same turn of the event loop. It goes first: the phone rings
          // before the screens are updated.
          await nextTurn()
          for (const entry of entries) {
            position = entry.position
            yield entry
          }
        }
      } catch (error) {
        if (!signal.aborted) throw error
      } finally {
        signal.removeEventListener('abort', stop)
        own.disconnect()
      }
    },
  }
}

async function readAfter(
  redis: Redis,
  stream: string,
  position: StreamPosition,
): Promise<{ position: StreamPosition; event: AcdEvent }[]> {
  const answer = await redis.xread('COUNT', batch, 'BLOCK', blockMs, 'STREAMS', stream, position)
  return (answer ?? []).flatMap(([, entries]) => entries.map(([id, fields]) => decode(id, fields)))
}

export function decode(id: string, fields: readonly string[]): { position: StreamPosition; event: AcdEvent } {
  return { position: id, event: upcastAcdEvent(JSON.parse(fields[1] ?? '') as Stored<AcdEvent>) }
}

/** Throws when events after the position were trimmed, or when the stream is older than the position. */
async function assertReaches(redis: Redis, stream: string, after: StreamPosition): Promise<void> {
  if ((await redis.exists(stream)) === 0) {
    if (after === '0-0') return
    throw new FeedTooOld('the event stream is empty')
  }
  const raw = (await redis.xinfo('STREAM', stream)) as unknown[]
  const info = new Map<unknown, unknown>()
  for (let at = 0; at < raw.length; at += 2) info.set(raw[at], raw[at + 1])
  const last = String(info.get('last-generated-id'))
  const first = (info.get('first-entry') as [StreamPosition, unknown] | null)?.[0] ?? last
  // Trimming shows only in the counts: more entries were added than are left. `max-deleted-entry-id` is set by XDEL alone.
  const wasTrimmed = info.get('entries-added') !== info.get('length')
  if ((wasTrimmed && compareIds(first, after) > 0) || compareIds(after, last) > 0) {
    throw new FeedTooOld(`events after ${after} are gone`)
  }
}

export function compareIds(a: StreamPosition, b: StreamPosition): number {
  const [aTime = 0, aSeq = 0] = a.split('-').map(Number)
  const [bTime = 0, bSeq = 0] = b.split('-').map(Number)
  return aTime - bTime || aSeq - bSeq
}
