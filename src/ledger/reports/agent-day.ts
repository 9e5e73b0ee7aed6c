/** One agent's day: the changes of their state since a moment, and their conversations. */
import { sql } from 'kysely'
import type { StateChange } from '../../core/reports/agent-day.ts'
import type { AgentId, Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'

export interface AgentDay {
  /** The first is the state at `fromMs`, of an earlier time, unless the agent had none yet. */
  readonly changes: readonly StateChange[]
  readonly answered: number
  /** Answer → end, holds included. */
  readonly talkMs: number
}

export async function agentDay(db: Database, agent: AgentId, fromMs: Millis): Promise<AgentDay> {
  // By sequence number, which grows with time: the key is read from the agent's newest event back to the day's first.
  const { rows: changes } = await sql<StateChange>`
    select (extract(epoch from at) * 1000)::float8 as at, after ->> 'state' as state, after ->> 'reason' as reason
    from agent_events
    where agent = ${agent} and seq >= coalesce((
      select seq from agent_events where agent = ${agent} and at < ${time(fromMs)} order by seq desc limit 1
    ), 0)
    order by seq
  `.execute(db)
  const conversations = await db
    .selectFrom('calls')
    .select((eb) => [
      eb.fn.countAll<number>().as('answered'),
      sql<number>`coalesce(sum(talk_ms), 0)::float8`.as('talkMs'),
    ])
    .where('agent', '=', agent)
    .where('arrived_at', '>=', time(fromMs))
    .where('answered_at', 'is not', null)
    .executeTakeFirstOrThrow()
  return { changes, ...conversations }
}
