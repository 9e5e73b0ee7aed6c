/**
 * What supervisors do to calls and agents, recorded before it is carried out: who listened to whom, and why an agent's
 * state was set.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table supervisor_orders (
      id bigint generated always as identity primary key,
      account text not null references accounts,
      what text not null check (length(what) between 1 and 40),
      call text check (length(call) between 1 and 149),
      -- Without a foreign key: the call's agent is named as the ACD names them.
      agent text check (length(agent) between 1 and 100),
      queue text check (length(queue) between 1 and 100),
      reason text check (length(reason) between 1 and 40),
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index supervisor_orders_call on supervisor_orders (call, recorded_at)`.execute(db)
  await sql`select make_register('supervisor_orders')`.execute(db)
  await sql`select journal_register('supervisor_orders', 'id')`.execute(db)
}
