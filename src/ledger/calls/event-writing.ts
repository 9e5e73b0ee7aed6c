/**
 * Writes ACD events to the registers: all of them or none. An event that is already stored with
 * the same content is skipped. The same key with other content is a fault elsewhere: it is reported, never overwritten.
 */
import { isDeepStrictEqual } from 'node:util'
import { sql, type RawBuilder } from 'kysely'
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
import { callColumns, callRecord, callRow, callerDigest, callerRow, writeCalls } from './call-writing.ts'
import { summary, type CallSummary } from './summary.ts'
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

/**
 * Throws PostgreSQL's error when an event is not acceptable; nothing is written then.
 *
 * One statement with one parameter writes a batch whose events are all new, without a transaction around it: at load
 * that takes a third of the processor time of a statement per table (docs/measurements/2026-11-29-ledger-writer.md).
 */
export async function writeEvents(db: Database, events: readonly AcdEvent[]): Promise<Written> {
  if (events.length === 0) return { added: 0, conflicts: [] }
  const ends = new Map<string, CallSummary>()
  for (const { subject, id, seq, event, after } of events)
    if (subject === 'call' && after.phase === 'ended' && !isUnwitnessed(event) && !ends.has(keyOf(id, seq)))
      ends.set(keyOf(id, seq), summary(after))
  const { added, called } = await insertAll(db, events, ends)
  const old = events.filter(({ subject, id, seq }) => !added.has(`${subject} ${keyOf(id, seq)}`))
  const conflicts = await conflictsAmong(db, old)
  // A rejected end must not become the call's row: register and row would contradict each other.
  const rejected = new Set(
    conflicts.map(({ subject, id, seq }) => (subject === 'call' ? keyOf(id, seq) : '')),
  )
  const left = [...ends].flatMap(([key, end]) => (called.has(end.id) || rejected.has(key) ? [] : [end]))
  await writeCalls(db, left, 'line')
  return { added: added.size, conflicts }
}

/**
 * Returns the keys of the events that were added and the calls whose rows were. The row of a call is added with the
 * event that ends it, if its caller's row is of this statement or was committed before it began.
 */
async function insertAll(
  db: Database,
  events: readonly AcdEvent[],
  ends: ReadonlyMap<string, CallSummary>,
): Promise<{ added: Set<string>; called: Set<string> }> {
  const ofCalls = events.filter((event) => event.subject === 'call')
  const callers = new Map<CallId, Caller>(ofCalls.map(({ id, after }) => [id, after.caller]))
  const given = JSON.stringify({
    callers: Array.from(callers, callerRow),
    call: ofCalls.map(eventRow),
    agent: events.filter(({ subject }) => subject === 'agent').map(eventRow),
    ends: Array.from(ends, ([key, end]) => ({ key, ...callRow(end) })),
  })
  const { rows } = await sql<{ kind: AcdEvent['subject'] | 'ended'; key: string }>`
    with given as materialized (select ${given}::jsonb as of),
    added_callers as (
      insert into callers (call, number, name, salt)
      select call, number, name, decode(salt, 'hex')
      from given, jsonb_to_recordset(of -> 'callers') as e(call text, number text, name text, salt text)
      on conflict (call) do nothing
      returning call, number, name, salt
    ),
    ${addedEvents('call')},
    ${addedEvents('agent')},
    added_calls as (
      insert into calls (${callColumns}, caller_digest, source)
      select ${callColumns}, digest, 'line'
      from given, jsonb_to_recordset(of -> 'ends') as e(key text, ${callRecord}),
        lateral (select coalesce((${callerDigest(sql.table('added_callers'))}),
                                 (${callerDigest(sql.table('callers'))})) as digest) as d
      where key in (select key from added_call) and digest is not null
      on conflict (id) do nothing
      returning id
    )
    select 'call' as kind, key from added_call union all select 'agent', key from added_agent
    union all select 'ended', id from added_calls`.execute(db)
  const added = rows.flatMap(({ kind, key }) => (kind === 'ended' ? [] : [`${kind} ${key}`]))
  return {
    added: new Set(added),
    called: new Set(rows.flatMap(({ kind, key }) => (kind === 'ended' ? [key] : []))),
  }
}

/** Adds events to their register, in their order. */
function addedEvents(subject: AcdEvent['subject']): RawBuilder<unknown> {
  const [table, id] = [sql.table(`${subject}_events`), sql.ref(subject)]
  return sql`${sql.table(`added_${subject}`)} as (
      insert into ${table} (${id}, seq, at, type, event, after)
      select id, seq, at, type, event, after
      from given, rows from (jsonb_to_recordset(of -> ${sql.lit(subject)})
        as (id text, seq bigint, at timestamptz, type text, event jsonb, after jsonb)) with ordinality
      order by ordinality
      on conflict (${id}, seq) do nothing
      returning seq || ' ' || ${id} as key
    )`
}

function eventRow(event: AcdEvent) {
  const { at, type, event: own, after } = contentOf(event)
  return {
    id: event.id,
    seq: event.seq,
    at: new Date(at),
    type,
    event: versioned(own),
    after: versioned(after),
  }
}

/** Those of these stored events whose stored content is another. */
async function conflictsAmong(db: Database, old: readonly AcdEvent[]): Promise<Conflict[]> {
  const conflicts = [
    await conflictsIn(
      db,
      'call',
      old.filter(({ subject }) => subject === 'call'),
    ),
    await conflictsIn(
      db,
      'agent',
      old.filter(({ subject }) => subject === 'agent'),
    ),
  ]
  return conflicts.flat()
}

async function conflictsIn(
  db: Database,
  subject: AcdEvent['subject'],
  old: readonly AcdEvent[],
): Promise<Conflict[]> {
  if (old.length === 0) return []
  const table = sql.table(`${subject}_events`)
  const idColumn = sql.ref(subject)
  const { rows: stored } = await sql<StoredContent & { id: string; seq: number }>`
    select ${idColumn} as id, seq, at, type, event, after from ${table}
    where (${idColumn}, seq) in (${sql.join(old.map(({ id, seq }) => sql`(${id}, ${seq}::bigint)`))})`.execute(
    db,
  )
  const known = new Map(stored.map(({ id, seq, ...content }) => [keyOf(id, seq), upcast(subject, content)]))
  return old
    .filter((event) => !isSame(contentOf(event), known.get(keyOf(event.id, event.seq))))
    .map(({ id, seq }) => ({ subject, id, seq }))
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
