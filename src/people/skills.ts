/** Which queues an agent serves, and how well. */
import type { AgentId } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'

/** A new agent serves every queue, at its lowest level. An agent with any skill is left unchanged. */
export async function serveEveryQueue(db: Database, account: AgentId): Promise<void> {
  const has = await db
    .selectFrom('agent_skills')
    .select('skill')
    .where('account', '=', account)
    .limit(1)
    .execute()
  if (has.length > 0) return
  const queues = await db.selectFrom('queues').select(['skill', 'level_min']).execute()
  const skills = new Map(queues.map((queue) => [queue.skill, queue.level_min]))
  const rows = [...skills].map(([skill, level]) => ({ account, skill, level }))
  if (rows.length === 0) return
  // Two administrators may do this at once.
  await db
    .insertInto('agent_skills')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
