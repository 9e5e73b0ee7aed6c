/**
 * Writes events of the line, in one transaction: all of them or none. The same event again is nothing
 * new; the same key with other content is a fault somewhere, reported and never overwritten.
 */
import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import type { Caller } from '../../core/call.ts'
import type { CallId } from '../../core/ids.ts'
import type { AcdAgentEvent, AcdCallEvent, AcdEvent } from '../../core/acd-event.ts'
import { writeCallers, writeCalls } from './call-writing.ts'
import type { Database } from '../database.ts'
import { isUnwitnessed } from './unrecorded-calls.ts'
import { summary } from './summary.ts'

export interface Conflict {
  readonly subject: 'call' | 'agent'
  readonly id: string
  readonly seq: number
}

/** Throws what PostgreSQL says; nothing is written then. */
export async function writeEvents(
  db: Database,
  events: readonly AcdEvent[],
): Promise<{ readonly added: number; readonly conflicts: readonly Conflict[] }> {
  const ofCalls = events.filter((event) => event.subject === 'call')
  const ofAgents = events.filter((event) => event.subject === 'agent')
  return db.transaction().execute(async (trx) => {
    const callers = new Map<CallId, Caller>(ofCalls.map((event) => [event.id, event.after.caller]))
    await writeCallers(trx, callers)
    const calls = await writeCallEvents(trx, ofCalls)
    const agents = await writeAgentEvents(trx, ofAgents)
    // An end that is not on record must not be the call's end either: the two would contradict each other.
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

interface Content {
  readonly at: number
  readonly type: string
  readonly event: unknown
  readonly after: unknown
}
type Written = { added: number; conflicts: Conflict[] }

async function writeCallEvents(db: Database, events: readonly AcdCallEvent[]): Promise<Written> {
  if (events.length === 0) return { added: 0, conflicts: [] }
  const added = await db
    .insertInto('call_events')
    .values(
      events.map((event) => {
        const { at, type, event: own, after } = contentOfCall(event)
        const json = { event: JSON.stringify(own), after: JSON.stringify(after) }
        return { call: event.id, seq: event.seq, at: new Date(at), type, ...json }
      }),
    )
    .onConflict((conflict) => conflict.columns(['call', 'seq']).doNothing())
    .returning(['call', 'seq'])
    .execute()
  const isNew = new Set(added.map((row) => keyOf(row.call, row.seq)))
  const old = events.filter((event) => !isNew.has(keyOf(event.id, event.seq)))
  if (old.length === 0) return { added: added.length, conflicts: [] }
  const stored = await db
    .selectFrom('call_events')
    .select(['call', 'seq', 'at', 'type', 'event', 'after'])
    .where(
      sql<boolean>`(call, seq) in (${sql.join(old.map((event) => sql`(${event.id}, ${event.seq}::bigint)`))})`,
    )
    .execute()
  const known = new Map(stored.map(({ call, seq, ...content }) => [keyOf(call, seq), content]))
  return { added: added.length, conflicts: conflictsOf(old, contentOfCall, known) }
}

async function writeAgentEvents(db: Database, events: readonly AcdAgentEvent[]): Promise<Written> {
  if (events.length === 0) return { added: 0, conflicts: [] }
  const added = await db
    .insertInto('agent_events')
    .values(
      events.map((event) => {
        const { at, type, event: own, after } = contentOfAgent(event)
        const json = { event: JSON.stringify(own), after: JSON.stringify(after) }
        return { agent: event.id, seq: event.seq, at: new Date(at), type, ...json }
      }),
    )
    .onConflict((conflict) => conflict.columns(['agent', 'seq']).doNothing())
    .returning(['agent', 'seq'])
    .execute()
  const isNew = new Set(added.map((row) => keyOf(row.agent, row.seq)))
  const old = events.filter((event) => !isNew.has(keyOf(event.id, event.seq)))
  if (old.length === 0) return { added: added.length, conflicts: [] }
  const stored = await db
    .selectFrom('agent_events')
    .select(['agent', 'seq', 'at', 'type', 'event', 'after'])
    .where(
      sql<boolean>`(agent, seq) in (${sql.join(old.map((event) => sql`(${event.id}, ${event.seq}::bigint)`))})`,
    )
    .execute()
  const known = new Map(stored.map(({ agent, seq, ...content }) => [keyOf(agent, seq), content]))
  return { added: added.length, conflicts: conflictsOf(old, contentOfAgent, known) }
}

function conflictsOf<Event extends AcdEvent>(
  events: readonly Event[],
  contentOf: (event: Event) => Content,
  known: ReadonlyMap<string, Content>,
): Conflict[] {
  return events.flatMap((event) => {
    const { subject, id, seq } = event
    return isDeepStrictEqual(asJson(contentOf(event)), asJson(known.get(keyOf(id, seq))))
      ? []
      : [{ subject, id, seq }]
  })
}

/** Who called stands in `callers` alone, so that retention can remove it. */
function contentOfCall(event: AcdCallEvent): Content {
  const { caller: _, ...after } = event.after
  return { at: Math.round(event.at), type: event.event.type, event: event.event, after }
}

function contentOfAgent(event: AcdAgentEvent): Content {
  return { at: Math.round(event.at), type: event.event.type, event: event.event, after: event.after }
}

/** As it looks after a journey through JSON: undefined fields gone, no shared references. */
function asJson(content: Content | undefined): unknown {
  return content === undefined ? undefined : JSON.parse(JSON.stringify(content))
}

function keyOf(id: string, seq: number): string {
  return `${seq} ${id}`
}
