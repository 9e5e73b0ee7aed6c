/** How far the record goes: an owner whose Redis has forgotten something counts on from there. */
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { AgentId, CallId } from '../../core/ids.ts'
import type { LastRecorded } from '../../acd/ports.ts'
import type { Database } from '../database.ts'
import type { Spool } from './spool.ts'

/** A takeover waits no longer for PostgreSQL, which may hang; numbers then begin where Redis has them. */
const answerMs = 700

/** The last number of each agent, and of each call of today without an end. */
export async function lastInLedger(db: Database): Promise<LastRecorded> {
  const agents = await sql<{ id: AgentId; seq: number }>`
    select a.id, last.seq
    from accounts a
    cross join lateral (select seq from agent_events where agent = a.id order by seq desc limit 1) last
  `.execute(db)
  // As in the view `call_rows`: what the line may still have. An ended call goes on for nobody.
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

/** What the ledger has or this node's disk keeps for it, whichever goes further. */
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
    log.warn('the ledger was not asked how far it goes: it does not answer')
  } catch (err) {
    log.warn({ err }, 'the ledger was not asked how far it goes')
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
