/** Callers who left a queue without an answer and have not been served since, and the calls by which they were called back. */
import { sql, type RawBuilder, type Selectable } from 'kysely'
import type { Outcome } from '../../core/call.ts'
import { CallId, type AgentId, type Millis, type QueueId } from '../../core/ids.ts'
import type { UnservedReason } from '../../core/reports/unserved-call.ts'
import { bounds } from '../../core/rules.ts'
import { time, type Database } from '../database.ts'
import type { Tables } from '../tables.ts'

/** A call that was placed because of an earlier one. */
export interface ReturnCall {
  readonly call: CallId
  /** Null: a callback that was promised. */
  readonly by: { readonly id: AgentId; readonly name: string } | null
  readonly at: Millis
  /** Null while it goes on. */
  readonly outcome: Outcome | null
}

export interface AbandonedCall {
  readonly call: CallId
  /** In which the caller waited, or was promised to be called back. */
  readonly queue: QueueId
  /** E.164. */
  readonly caller: string
  readonly reason: UnservedReason
  readonly abandonedAt: Millis
  /** Null: a caller of a closed number, to whom a callback was promised. */
  readonly waitMs: number | null
  /** The last try to call them back: it has reached nobody, or goes on. */
  readonly lastTry: ReturnCall | null
}

export interface AbandonedQuestion {
  /** Arrived at or after; of a callback in vain: ended at or after. */
  readonly from: Millis
  /** A caller who hangs up within this time is a short abandon (docs/rules/figures.md). */
  readonly shortAbandonMs: number
  /** In these alone. */
  readonly queues?: readonly QueueId[] | undefined
  /** This one alone. */
  readonly call?: CallId | undefined
  readonly limit: number
}

type Found = Omit<AbandonedCall, 'lastTry'> & {
  readonly arrivedAt: Millis
  /** The last attempt of the callback that was promised. */
  readonly attempt: ReturnCall | null
}

/**
 * Newest first: those whom the figures count as abandoned, without those whom a supervisor has ended; those who said nothing in the message that they could leave; and those to whom a callback was
 * promised, in a call or on the public page, once it has ended without them. A caller leaves the list once they were reached, by a return of the call or otherwise, and when a later call of theirs takes its place: one that was
 * answered or is in the list itself, or ended with a callback or a message that is not silent.
 */
export async function abandonedCalls(db: Database, question: AbandonedQuestion): Promise<AbandonedCall[]> {
  const found = [...(await unserved(db, question)), ...(await calledInVain(db, question))]
    .sort((a, b) => b.arrivedAt - a.arrivedAt)
    .slice(0, question.limit)
  const tries = await returnsOf(
    db,
    found.map(({ call }) => call),
  )
  return found.map(({ arrivedAt: _arrivedAt, attempt, ...row }) => {
    const lastReturn = tries.get(row.call)?.findLast(({ by }) => by !== null) ?? null
    return { ...row, lastTry: later(attempt, lastReturn) }
  })
}

const later = (one: ReturnCall | null, other: ReturnCall | null): ReturnCall | null =>
  one === null || (other !== null && other.at > one.at) ? other : one

/** Whether the caller of `call`, a row of `calls`, left a queue without an answer, as the figures count it; or said nothing in a message. */
const isUnserved = (call: string, shortAbandonMs: number): RawBuilder<boolean> => {
  const of = (column: string) => sql.ref(`${call}.${column}`)
  return sql<boolean>`(${of('queued_at')} is not null and ${of('ended_by')} <> 'supervisor' and (
    ${of('outcome')} in ('rejected', 'failed', 'closed')
    or (${of('wait_ms')} > ${shortAbandonMs} and (
      ${of('outcome')} = 'abandoned' or (${of('outcome')} = 'voicemail' and ${isSilent(of('id'))})))))`
}

/** Whether nobody has spoken in the message of this call. */
const isSilent = (call: RawBuilder<unknown>) =>
  sql`exists (select from voicemails v where v.call = ${call} and v.sound = 'silence')`

async function unserved(db: Database, { from, shortAbandonMs, ...question }: AbandonedQuestion) {
  const rows = await callers(db, { shortAbandonMs, ...question })
    .select(['c.queue', sql<boolean>`c.outcome in ('rejected', 'failed', 'closed')`.as('isSentAway')])
    .where(isUnserved('c', shortAbandonMs))
    .where('c.arrived_at', '>=', time(from))
    .$if(question.queues !== undefined, (found) => found.where(isAmong(sql.ref('c.queue'), question.queues)))
    .execute()
  return rows.flatMap(({ isSentAway, queue, caller, ...row }): Found[] => {
    const reason = isSentAway ? 'sent away' : 'hung up'
    return queue === null || caller === null ? [] : [{ ...row, queue, caller, reason, attempt: null }]
  })
}

/** A citizen who has hung up on the callback, or has been served meanwhile, is not among them; nor is one that a supervisor has cancelled. */
async function calledInVain(db: Database, { from, shortAbandonMs, ...question }: AbandonedQuestion) {
  const longestKeptMs = bounds.callbackOpensMs + bounds.callbackMs
  const queue = sql<QueueId | null>`coalesce(c.queue, last.queue)`
  const rows = await callers(db, { shortAbandonMs, ...question })
    .innerJoinLateral(lastAttempt.as('last'), (join) => join.onTrue())
    .select([queue.as('queue'), 'last.id as attempt', 'last.outcome', 'last.ended_at as at'])
    // Of the calls of weeks few are looked up among the events.
    .where(
      sql<boolean>`(c.outcome = 'callback'
        or (c.direction = 'outbound' and c.outcome <> 'answered' and ${firstFromPage} is not null))`,
    )
    .where('c.arrived_at', '>=', time(from - longestKeptMs))
    .where('last.ended_at', '>=', time(from))
    .where('last.outcome', '<>', 'answered')
    .where(sql<boolean>`not (last.outcome = 'cancelled' and last.ended_by in ('caller', 'supervisor'))`)
    .$if(question.queues !== undefined, (found) => found.where(isAmong(queue, question.queues)))
    .execute()
  return rows.flatMap(({ attempt: id, outcome, at, queue, caller, ...row }): Found[] => {
    const attempt = { call: id, by: null, at, outcome }
    return queue === null || caller === null
      ? []
      : [{ ...row, queue, caller, reason: 'callback in vain', attempt }]
  })
}

const isAmong = (queue: RawBuilder<unknown>, queues: readonly QueueId[] | undefined) =>
  sql<boolean>`${queue} = any(${[...(queues ?? [])]}::text[])`

/** The last attempt whose first event names this call. */
const attemptOf = (call: RawBuilder<unknown>) => sql`(
  select e.call from call_events e
  where e.type = 'CallPlaced' and e.event ->> 'by' is null and e.event -> 'returns' ->> 'call' = ${call}
  order by e.at desc limit 1)`

/** `c` itself, where it is the first attempt of a callback that was asked for on the public page: it stands for the call that there was not. */
const firstFromPage = sql`(
  select e.call from call_events e
  where e.call = c.id and e.seq = 1 and e.type = 'CallPlaced' and e.event ->> 'by' is null
    and e.event -> 'returns' ->> 'request' is not null)`

/**
 * The last attempt, once it has ended, of the callback that was promised in `c`: of one that the number had before the attempts are those of the
 * call in which it was promised first, or follow the one that was asked for on the public page. Limited, so that it is looked up call by call.
 */
const lastAttempt = sql<Pick<Selectable<Tables['calls']>, 'id' | 'outcome' | 'ended_at' | 'queue'>>`(
  select k.id, k.outcome, k.ended_by, k.ended_at, placed.after ->> 'queue' as queue
  from calls k join call_events placed on placed.call = k.id and placed.seq = 1
  where k.id = coalesce(${attemptOf(sql.ref('c.id'))}, (
    select coalesce(${attemptOf(sql`coalesce(first.event -> 'returns' ->> 'call', first.call)`)}, first.call)
    from call_events promise join call_events first on first.call = promise.event ->> 'call' and first.seq = 1
    where promise.call = c.id and promise.type = 'CallbackPromised'
    order by promise.seq desc limit 1), ${firstFromPage})
  limit 1)`

/** The calls of callers who can be called back, and have neither been reached since nor made a call that takes the place of this one. */
function callers(db: Database, { shortAbandonMs, call, limit }: Omit<AbandonedQuestion, 'from'>) {
  return db
    .selectFrom('calls as c')
    .innerJoin('callers as who', 'who.call', 'c.id')
    .select([
      'c.id as call',
      'who.number as caller',
      'c.arrived_at as arrivedAt',
      'c.ended_at as abandonedAt',
    ])
    .select('c.wait_ms as waitMs')
    .where('who.number', 'is not', null)
    .where(
      sql<boolean>`not exists (select from call_events e join calls k on k.id = e.call
        where e.type = 'CallPlaced' and e.event -> 'returns' ->> 'call' = c.id and k.outcome = 'answered')`,
    )
    .where(
      sql<boolean>`not exists (select from callers w join calls k on k.id = w.call
        where w.number = who.number and k.arrived_at > c.arrived_at
          and (k.outcome in ('answered', 'callback')
            or (k.outcome = 'voicemail' and not ${isSilent(sql.ref('k.id'))})
            or ${isUnserved('k', shortAbandonMs)}))`,
    )
    .$if(call !== undefined, (found) => found.where('c.id', '=', call ?? CallId('')))
    .orderBy('c.arrived_at', 'desc')
    .orderBy('c.id', 'desc')
    .limit(limit)
}

/** The calls that were placed because of these, in order. */
export async function returnsOf(
  db: Database,
  calls: readonly CallId[],
): Promise<ReadonlyMap<CallId, readonly ReturnCall[]>> {
  if (calls.length === 0) return new Map()
  const rows = await db
    .selectFrom('call_events as e')
    .leftJoin('calls as k', 'k.id', 'e.call')
    .leftJoin('current_accounts as a', (join) => join.on(sql<boolean>`a.id = e.event ->> 'by'`))
    .select(['e.call', 'e.at', 'k.outcome', 'a.name'])
    .select([
      sql<AgentId | null>`e.event ->> 'by'`.as('by'),
      sql<CallId>`e.event -> 'returns' ->> 'call'`.as('of'),
    ])
    // Written out: the index is of this type alone.
    .where('e.type', '=', sql.lit('CallPlaced'))
    .where(sql<boolean>`e.event -> 'returns' ->> 'call' = any(${[...calls]}::text[])`)
    .orderBy('e.at')
    .execute()
  const returns = new Map<CallId, ReturnCall[]>()
  for (const { call, at, outcome, by, name, of } of rows) {
    const one = { call, at, outcome, by: by === null ? null : { id: by, name: name ?? by } }
    returns.set(of, [...(returns.get(of) ?? []), one])
  }
  return returns
}
