/** Agents' wrap-up forms. The last row of a call counts; earlier ones stay. The subject is free text, which ends by retention. */
import type { WrapUpForm } from './tables.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import { addFreeText } from '../retention/free-texts.ts'

/** The subject is empty when there was none, or when retention has deleted it. */
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
  await db.transaction().execute(async (trx) => {
    const subject_digest = await addFreeText(trx, subject)
    await trx
      .insertInto('wrap_ups')
      .values({ call: wrapUp.call, agent: wrapUp.agent, subject_digest, motivated, reason, resolution })
      .execute()
  })
}

/** The wrap-up that counts; null when there is none. */
export async function wrapUpOf(db: Database, call: CallId): Promise<WrapUp | null> {
  const row = await db
    .selectFrom('wrap_ups')
    .innerJoin('current_accounts', 'current_accounts.id', 'wrap_ups.agent')
    .leftJoin('free_texts as said', 'said.digest', 'wrap_ups.subject_digest')
    .select([
      'said.text as subject',
      'motivated',
      'reason',
      'resolution',
      'wrap_ups.recorded_at as at',
      'current_accounts.name as agent',
    ])
    .where('call', '=', call)
    .orderBy('wrap_ups.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : { ...row, subject: row.subject ?? '' }
}
