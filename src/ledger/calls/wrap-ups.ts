/** What the agent says a call was about. The last row of a call counts; earlier ones stay. */
import type { WrapUpForm } from './tables.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'

export interface WrapUp extends WrapUpForm {
  readonly at: Millis
  /** The agent's name. */
  readonly agent: string
}

export async function addWrapUp(
  db: Database,
  wrapUp: { readonly call: CallId; readonly agent: AgentId; readonly form: WrapUpForm },
): Promise<void> {
  const { subject, motivated, reason, resolution } = wrapUp.form
  await db
    .insertInto('wrap_ups')
    .values({ call: wrapUp.call, agent: wrapUp.agent, subject, motivated, reason, resolution })
    .execute()
}

export async function wrapUpOf(db: Database, call: CallId): Promise<WrapUp | null> {
  const row = await db
    .selectFrom('wrap_ups')
    .innerJoin('current_accounts', 'current_accounts.id', 'wrap_ups.agent')
    .select([
      'subject',
      'motivated',
      'reason',
      'resolution',
      'recorded_at as at',
      'current_accounts.name as agent',
    ])
    .where('call', '=', call)
    .orderBy('wrap_ups.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}
