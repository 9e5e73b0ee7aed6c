/**
 * 969 leads somewhere before anybody has made a queue, and whoever was added as an agent until then serves it.
 * A database that has a queue has been set up by somebody, and stays as it is.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql`
    insert into queues (id, name, skill, level_min, priority)
    select 'general', 'Informații generale', 'general', 1, 10 where not exists (select from queues)
    returning id`.execute(db)
  if (rows.length === 0) return
  await sql`insert into lines (line, queue) values ('969', 'general')`.execute(db)
  await sql`
    insert into agent_skills (account, skill, level)
    select id, 'general', 1 from current_accounts
    where 'agent' = any (roles) and not exists (select from agent_skills where account = id)`.execute(db)
}
