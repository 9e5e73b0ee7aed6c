/** One agent's day: the changes of their state since a moment, and their conversations. */
import { sql } from 'kysely'
import type { StateChange } from '../../core/reports/agent-day.ts'
import type { AgentId, Millis } from '../../core/ids.ts'
import { handedOnBy } from '../calls/handed-on.ts'
import { time, type Database } from '../database.ts'

export interface AgentDay {
  /** The first is the state at `fromMs`, of an earlier time, unless the agent had none yet. */
  readonly changes: readonly StateChange[]
  /** Calls in which the agent talked, also those that somebody else had afterwards. */
  readonly answered: number
  /** Of the agent's own parts, holds included. */
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
  const since = time(fromMs)
  const own = db
    .selectFrom('calls')
    .select('calls.id')
    .where('calls.agent', '=', agent)
    .where('calls.arrived_at', '>=', since)
    .unionAll(handedOnBy(db, agent).where('calls.arrived_at', '>=', since))
  const conversations = await db
    .selectFrom('calls as c')
    // Lateral, so that the legs are looked up call by call.
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('call_legs as l')
          .select(sql<number>`sum(greatest(0, extract(epoch from l.left_at - l.joined_at))) * 1000`.as('ms'))
          .whereRef('l.call', '=', 'c.id')
          .where('l.agent', '=', agent)
          .where('l.role', '=', 'agent')
          .as('part'),
      (join) => join.onTrue(),
    )
    .select((eb) => [
      eb.fn.countAll<number>().as('answered'),
      sql<number>`coalesce(round(sum(part.ms)), 0)::float8`.as('talkMs'),
    ])
    .where('c.id', 'in', own)
    .where('part.ms', 'is not', null)
    .executeTakeFirstOrThrow()
  return { changes, ...conversations }
}
