/** Last recorded sequence numbers: an owner whose Redis has lost its newest state continues after them. */
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { AgentId, CallId } from '../../core/ids.ts'
import type { LastRecorded } from '../../acd/ports.ts'
import type { Database } from '../database.ts'
import type { Spool } from './spool.ts'

/** Bound of the query in a takeover: PostgreSQL may hang. Without an answer, numbers continue from Redis and spool. */
const answerMs = 700

/** The last sequence number of each agent, and of each call of the last 12 hours without an end. */
export async function lastInLedger(db: Database): Promise<LastRecorded> {
  const agents = await sql<{ id: AgentId; seq: number }>`
    select a.id, last.seq
    from accounts a
    cross join lateral (select seq from agent_events where agent = a.id order by seq desc limit 1) last
  `.execute(db)
  // The same bound as in the view `call_rows`. Ended calls get no further events.
  const calls = await sql<{ id: CallId; seq: number }>`
    select first.call as id, last.seq
    from call_events first
    cross join lateral (select seq from call_events where call = first.call order by seq desc limit 1) last
    where first.seq = 1 and first.at > now() - interval '12 hours'
      and (select true from calls c where c.id = first.call) is null
  `.execute(db)
  return {
    agents: new Map(agents.rows.map(({ id, seq }) => [id, seq])),
    calls: new Map(calls.rows.map(({ id, seq }) => [id, seq])),
  }
}

/** The last sequence numbers of ledger and spool, whichever is higher. */
export async function lastRecorded(db: Database, spool: Spool, log: Logger): Promise<LastRecorded> {
  const kept = spool.lastRecorded()
  const late = new AbortController()
  try {
    const recorded = await Promise.race([
      lastInLedger(db),
      pause(answerMs, null, { signal: late.signal, ref: false }),
    ])
    if (recorded !== null) {
      return { agents: furthest(recorded.agents, kept.agents), calls: furthest(recorded.calls, kept.calls) }
    }
    log.warn('the last recorded events are not known: the ledger does not answer')
  } catch (err) {
    log.warn({ err }, 'the last recorded events are not known')
  } finally {
    late.abort()
  }
  return kept
}

function furthest<Id>(one: ReadonlyMap<Id, number>, other: ReadonlyMap<Id, number>): Map<Id, number> {
  const all = new Map(one)
  for (const [id, seq] of other) all.set(id, Math.max(seq, all.get(id) ?? 0))
  return all
}
