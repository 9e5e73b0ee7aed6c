/** Drafts of requests, saved as the agent types. A draft is private to its agent until it is registered. */
import { sql } from 'kysely'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'

export interface Draft<Form = unknown> {
  readonly id: string
  readonly call: CallId | null
  readonly form: Form
  readonly changedAt: Millis
}

/** Drafts listed at most. */
const draftsMax = 20
const keptDays = 30

/** `not yours`: the draft is another agent's, or is registered already. */
export async function saveDraft(
  db: Database,
  agent: AgentId,
  { id, call, form }: Omit<Draft, 'changedAt'>,
): Promise<'saved' | 'not yours'> {
  return db.transaction().execute(async (trx) => {
    await lockDraft(trx, id)
    const registered = await trx
      .selectFrom('requests')
      .select('id')
      .where('draft', '=', id)
      .executeTakeFirst()
    if (registered !== undefined) return 'not yours'
    const text = JSON.stringify(form)
    const saved = await trx
      .insertInto('request_drafts')
      .values({ id, agent, call, form: text })
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet({ call, form: text, changed_at: sql<Date>`clock_timestamp()` })
          .where('request_drafts.agent', '=', agent),
      )
      .returning('id')
      .executeTakeFirst()
    return saved === undefined ? 'not yours' : 'saved'
  })
}

/** Serialises saving and registering of one draft, until the transaction ends. */
export async function lockDraft(trx: Database, id: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`draft ${id}`}, 0))`.execute(trx)
}

/** The call in which this agent began the draft; null: no such draft of this agent, or it was begun outside a call. */
export async function callOfDraft(db: Database, agent: AgentId, id: string): Promise<CallId | null> {
  const row = await db
    .selectFrom('request_drafts')
    .select('call')
    .where('id', '=', id)
    .where('agent', '=', agent)
    .executeTakeFirst()
  return row?.call ?? null
}

/** Newest first. Deletes drafts that were unchanged for 30 days, because they hold personal values. */
export async function draftsOf(db: Database, agent: AgentId): Promise<Draft[]> {
  await db
    .deleteFrom('request_drafts')
    .where('changed_at', '<', sql<Millis>`clock_timestamp() - make_interval(days => ${keptDays})`)
    .execute()
  return db
    .selectFrom('request_drafts')
    .select(['id', 'call', 'form', 'changed_at as changedAt'])
    .where('agent', '=', agent)
    .orderBy('changed_at', 'desc')
    .limit(draftsMax)
    .execute()
}

export async function throwAway(db: Database, agent: AgentId, id: string): Promise<void> {
  await db.deleteFrom('request_drafts').where('id', '=', id).where('agent', '=', agent).execute()
}
