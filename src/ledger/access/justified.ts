/** Objects opened with a reason: for one session, for a bounded time, on record before anything is shown. */
import { openedForMs, type AccessReason, type OpenedObject } from '../../city/access/reason.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'
import { recordAccess } from '../journal/access-log.ts'
import { sealed } from '../retention/sealed-values.ts'

/** The application's clock may be behind the database's by this much. */
const clockSlackMs = 60_000

interface Named {
  readonly account: AgentId
  /** The session's digest. */
  readonly session: Buffer
  readonly object: OpenedObject
  readonly id: string
}

export interface Justification extends Named {
  readonly reason: AccessReason
  readonly text: string
  /** The account's present call. */
  readonly call: CallId | null
}

/** Returns the end of the access. */
export async function justify(db: Database, stated: Justification): Promise<Millis> {
  const { account, session, object, id: object_id, reason, call } = stated
  // PostgreSQL's text cannot hold NUL.
  const { salt, value: text, digest } = sealed(stated.text.replaceAll('\u0000', ''))
  return db.transaction().execute(async (trx) => {
    const { id, recorded_at } = await trx
      .insertInto('justified_accesses')
      .values({ account, session, object, object_id, reason, call, text_digest: digest })
      .returning(['id', 'recorded_at'])
      .executeTakeFirstOrThrow()
    await trx.insertInto('justified_access_texts').values({ access: id, salt, text }).execute()
    await recordAccess(trx, {
      kind: 'justified',
      account,
      call,
      about: object_id,
      person: null,
      query: reason,
    })
    return recorded_at + openedForMs
  })
}

export async function isJustified(
  db: Database,
  { account, session, object, id }: Named,
  now: Millis,
): Promise<boolean> {
  const row = await db
    .selectFrom('justified_accesses')
    .select('id')
    .where('session', '=', session)
    .where('object', '=', object)
    .where('object_id', '=', id)
    .where('account', '=', account)
    .where('recorded_at', '>', time(now - openedForMs))
    // A clock that was set back must not open what had closed.
    .where('recorded_at', '<', time(now + clockSlackMs))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export interface JustifiedAccess {
  readonly id: number
  readonly at: Millis
  readonly account: { readonly id: AgentId; readonly name: string }
  readonly object: OpenedObject
  readonly objectId: string
  readonly reason: AccessReason
  /** Null once retention has deleted it. */
  readonly text: string | null
  readonly call: CallId | null
}

/** Newest first. */
export async function justifiedAccesses(
  db: Database,
  { since, limit }: { readonly since: Millis; readonly limit: number },
): Promise<JustifiedAccess[]> {
  const rows = await db
    .selectFrom('justified_accesses as j')
    .leftJoin('justified_access_texts as t', 't.access', 'j.id')
    .leftJoin('current_accounts as a', 'a.id', 'j.account')
    .select(['j.id', 'j.recorded_at as at', 'j.account', 'a.name', 'j.object', 'j.object_id as objectId'])
    .select(['j.reason', 't.text', 'j.call'])
    .where('j.recorded_at', '>', time(since))
    .orderBy('j.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ account, name, ...row }) => ({
    ...row,
    account: { id: account, name: name ?? account },
  }))
}
