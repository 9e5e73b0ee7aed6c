/** Agents' wrap-up forms. The last row of a call counts; earlier ones stay. The subject is free text, which ends by retention. */
import { sql } from 'kysely'
import { isComplete, type WrapUpForm } from '../../city/calls/wrap-up.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'
import { addFreeText } from '../retention/free-texts.ts'

/** The subject is empty when there was none, or when retention has deleted it. */
export interface WrapUp extends WrapUpForm {
  readonly at: Millis
  /** The agent's name. */
  readonly agent: string
  /** Completed or corrected after the call had left the desk. */
  readonly later: boolean
}

interface NewWrapUp {
  readonly call: CallId
  readonly agent: AgentId
  readonly form: WrapUpForm
  readonly later?: boolean
  /** Adds nothing where a later form is on record: what a page sends again must not win over a correction. */
  readonly unlessCorrected?: boolean
}

/** Returns whether the form was added. */
export async function addWrapUp(db: Database, wrapUp: NewWrapUp): Promise<boolean> {
  const { subject, motivated, reason, resolution } = wrapUp.form
  const later = wrapUp.later === true ? true : null
  return db.transaction().execute(async (trx) => {
    if (later) await lockCorrections(trx, wrapUp.call)
    if (wrapUp.unlessCorrected === true && (await hasLaterWrapUp(trx, wrapUp.call))) return false
    const subject_digest = await addFreeText(trx, subject)
    await trx
      .insertInto('wrap_ups')
      .values({
        call: wrapUp.call,
        agent: wrapUp.agent,
        subject_digest,
        motivated,
        reason,
        resolution,
        later,
      })
      .execute()
    return true
  })
}

/** Until the end of the transaction: two later writings of one call must see each other. */
export async function lockCorrections(trx: Database, call: CallId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`corrections of ${call}`}, 0))`.execute(trx)
}

/** Whether the form was completed or corrected after the call. */
async function hasLaterWrapUp(db: Database, call: CallId): Promise<boolean> {
  const row = await db
    .selectFrom('wrap_ups')
    .select('id')
    .where('call', '=', call)
    .where('later', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** The wrap-up that counts; null when there is none. */
export async function wrapUpOf(db: Database, call: CallId): Promise<WrapUp | null> {
  const [last] = await wrapUpsOf(db, call)
  return last ?? null
}

/** More corrections than a person makes of one call. */
const versionsMax = 50

/**
 * The versions of the form, newest first: each correction, and the last of those that were saved as the agent filled it
 * in.
 */
export async function wrapUpsOf(db: Database, call: CallId): Promise<WrapUp[]> {
  const typed = db
    .selectFrom('wrap_ups')
    .select('id')
    .where('call', '=', call)
    .where('later', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
  const rows = await db
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
    .select(sql<boolean>`later is not null`.as('later'))
    .where('call', '=', call)
    .where((eb) => eb.or([eb('later', 'is not', null), eb('wrap_ups.id', 'in', typed)]))
    .orderBy('wrap_ups.id', 'desc')
    .limit(versionsMax)
    .execute()
  return rows.map((row) => ({ ...row, subject: row.subject ?? '' }))
}

export interface UnfinishedWrapUp extends Pick<WrapUp, 'subject'> {
  readonly call: CallId
  /** E.164; null when withheld. */
  readonly caller: string | null
  readonly arrivedAt: Millis
  readonly endedAt: Millis
}

/** Answered calls of this agent that ended at or after `sinceMs` and whose form is not complete; newest first. */
export async function unfinishedWrapUps(
  db: Database,
  agent: AgentId,
  sinceMs: Millis,
): Promise<UnfinishedWrapUp[]> {
  const rows = await db
    .selectFrom('calls as c')
    .leftJoin('callers as who', 'who.call', 'c.id')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('wrap_ups')
          .leftJoin('free_texts as said', 'said.digest', 'wrap_ups.subject_digest')
          .select(['said.text as subject', 'motivated', 'reason', 'resolution'])
          .whereRef('wrap_ups.call', '=', 'c.id')
          .orderBy('wrap_ups.id', 'desc')
          .limit(1)
          .as('w'),
      (join) => join.onTrue(),
    )
    .select([
      'c.id as call',
      'who.number as caller',
      'c.arrived_at as arrivedAt',
      'c.ended_at as endedAt',
      'w.subject',
      'w.motivated',
      'w.reason',
      'w.resolution',
    ])
    .where('c.agent', '=', agent)
    .where('c.answered_at', 'is not', null)
    .where('c.ended_at', '>=', time(sinceMs))
    // The index of an agent's calls is by arrival.
    .where('c.arrived_at', '>=', time(sinceMs - longestCallMs))
    .orderBy('c.arrived_at', 'desc')
    .execute()
  return rows.flatMap(({ call, caller, arrivedAt, endedAt, motivated, reason, resolution, ...row }) => {
    const subject = row.subject ?? ''
    const form = motivated === null || resolution === null ? null : { subject, motivated, reason, resolution }
    return isComplete(form) ? [] : [{ call, caller, arrivedAt, endedAt, subject }]
  })
}

const longestCallMs = 24 * 3_600_000
