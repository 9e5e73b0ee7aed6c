/**
 * Writes ACD events to the registers in one transaction: all of them or none. An event that is already stored with
 * the same content is skipped. The same key with other content is a fault elsewhere: it is reported, never overwritten.
 */
import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import type { AcdEvent } from '../../core/acd-event.ts'
import type { Caller } from '../../core/call.ts'
import type { CallId } from '../../core/ids.ts'
import {
  upcastAgent,
  upcastAgentEvent,
  upcastCall,
  upcastCallEvent,
  versioned,
  type Stored,
} from '../../core/versions.ts'
import type { Database } from '../database.ts'
import { writeCallers, writeCalls } from './call-writing.ts'
import { summary } from './summary.ts'
import { isUnwitnessed } from './unrecorded-calls.ts'

export interface Conflict {
  readonly subject: AcdEvent['subject']
  readonly id: string
  readonly seq: number
}

interface Written {
  /** Rows that were not stored before. */
  readonly added: number
  readonly conflicts: readonly Conflict[]
}

/** Throws PostgreSQL's error when an event is not acceptable; nothing is written then. */
export async function writeEvents(db: Database, events: readonly AcdEvent[]): Promise<Written> {
  const ofCalls = events.filter((event) => event.subject === 'call')
  const ofAgents = events.filter((event) => event.subject === 'agent')
  return db.transaction().execute(async (trx) => {
    const callers = new Map<CallId, Caller>(ofCalls.map((event) => [event.id, event.after.caller]))
    await writeCallers(trx, callers)
    const calls = await writeRegister(trx, 'call', ofCalls)
    const agents = await writeRegister(trx, 'agent', ofAgents)
    // A rejected end must not become the call's row: register and row would contradict each other.
    const rejected = new Set(calls.conflicts.map(({ id, seq }) => keyOf(id, seq)))
    const ends = ofCalls.flatMap(({ id, seq, event, after }) =>
      after.phase === 'ended' && !isUnwitnessed(event) && !rejected.has(keyOf(id, seq))
        ? [summary(after)]
        : [],
    )
    await writeCalls(trx, ends, 'line')
    return { added: calls.added + agents.added, conflicts: [...calls.conflicts, ...agents.conflicts] }
  })
}

async function writeRegister(
  db: Database,
  subject: AcdEvent['subject'],
  events: readonly AcdEvent[],
): Promise<Written> {
  if (events.length === 0) return { added: 0, conflicts: [] }
  const table = sql.table(`${subject}_events`)
  const idColumn = sql.ref(subject)
  const rows = events.map((event) => {
    const { at, type, event: own, after } = contentOf(event)
    const json = [own, after].map((content) => JSON.stringify(versioned(content)))
    return sql`(${event.id}, ${event.seq}, ${new Date(at)}, ${type}, ${sql.join(json)})`
  })
  const { rows: added } = await sql<{ id: string; seq: number }>`
    insert into ${table} (${idColumn}, seq, at, type, event, after) values ${sql.join(rows)}
    on conflict (${idColumn}, seq) do nothing
    returning ${idColumn} as id, seq`.execute(db)
  const isNew = new Set(added.map(({ id, seq }) => keyOf(id, seq)))
  const old = events.filter(({ id, seq }) => !isNew.has(keyOf(id, seq)))
  if (old.length === 0) return { added: added.length, conflicts: [] }
  const { rows: stored } = await sql<StoredContent & { id: string; seq: number }>`
    select ${idColumn} as id, seq, at, type, event, after from ${table}
    where (${idColumn}, seq) in (${sql.join(old.map(({ id, seq }) => sql`(${id}, ${seq}::bigint)`))})`.execute(
    db,
  )
  const known = new Map(stored.map(({ id, seq, ...content }) => [keyOf(id, seq), upcast(subject, content)]))
  const conflicts = old
    .filter((event) => !isSame(contentOf(event), known.get(keyOf(event.id, event.seq))))
    .map(({ id, seq }) => ({ subject, id, seq }))
  return { added: added.length, conflicts }
}

interface Content {
  readonly at: number
  readonly type: string
  readonly event: object
  readonly after: object
}

type StoredContent = Omit<Content, 'event' | 'after'> & {
  readonly event: Stored<never>
  readonly after: Stored<never>
}

function upcast(subject: AcdEvent['subject'], { event, after, ...content }: StoredContent): Content {
  return subject === 'call'
    ? { ...content, event: upcastCallEvent(event), after: upcastCall(after) }
    : { ...content, event: upcastAgentEvent(event), after: upcastAgent(after) }
}

/** The caller's number and name are stored in `callers` alone, where retention can remove them. */
function contentOf({ subject, at, event, after }: AcdEvent): Content {
  const stored = subject === 'call' ? { ...after, caller: undefined } : after
  return { at: Math.round(at), type: event.type, event, after: stored }
}

/** Compares as JSON: without undefined fields, as the stored content is. */
function isSame(content: Content, stored: Content | undefined): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(content)), stored)
}

function keyOf(id: string, seq: number): string {
  return `${seq} ${id}`
}
