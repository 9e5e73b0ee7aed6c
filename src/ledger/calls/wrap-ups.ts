/**
 * Agents' wrap-up forms. Each agent of a call has one: the last row of call and agent is theirs, earlier ones stay. The
 * subject is free text, which ends by retention.
 */
import { sql } from 'kysely'
import { countingFirst, isComplete, type WrapUpCode, type WrapUpForm } from '../../city/calls/wrap-up.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'
import { addFreeText } from '../retention/free-texts.ts'
import { asConsulted, consultedIn, handedOnBy } from './handed-on.ts'

/** The subject is empty when there was none, or when retention has deleted it. */
export interface WrapUp extends WrapUpForm {
  readonly code: WrapUpCode | null
  readonly at: Millis
  readonly agent: { readonly id: AgentId; readonly name: string }
  /** Completed or corrected after the call had left the desk. */
  readonly later: boolean
}

export interface AgentWrapUps {
  readonly agent: WrapUp['agent']
  /** Newest first, at least one: each correction, and the last of those that were saved as the agent filled it in. */
  readonly versions: readonly [WrapUp, ...WrapUp[]]
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
  const { subject, code = null, motivated, reason, resolution } = wrapUp.form
  const later = wrapUp.later === true ? true : null
  return db.transaction().execute(async (trx) => {
    if (later) await lockCorrections(trx, wrapUp.call)
    if (wrapUp.unlessCorrected === true && (await hasLaterWrapUp(trx, wrapUp))) return false
    const subject_digest = await addFreeText(trx, subject)
    await trx
      .insertInto('wrap_ups')
      .values({
        call: wrapUp.call,
        agent: wrapUp.agent,
        subject_digest,
        code: code && code.id,
        code_name: code && code.name,
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

/** Whether this agent has completed or corrected their form after the call. */
async function hasLaterWrapUp(
  db: Database,
  { call, agent }: Pick<NewWrapUp, 'call' | 'agent'>,
): Promise<boolean> {
  const row = await db
    .selectFrom('wrap_ups')
    .select('id')
    .where('call', '=', call)
    .where('agent', '=', agent)
    .where('later', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** More corrections than people make of one call. */
const versionsMax = 50

/** The form of each agent who has filled one in, the one that counts for the call first. `agent`: the one who served last. */
export async function wrapUpsOf(
  db: Database,
  { id, agent }: { readonly id: CallId; readonly agent: AgentId | null },
): Promise<AgentWrapUps[]> {
  const typed = db
    .selectFrom('wrap_ups')
    .select('id')
    .distinctOn('agent')
    .where('call', '=', id)
    .where('later', 'is', null)
    .orderBy('agent')
    .orderBy('id', 'desc')
  const rows = await db
    .selectFrom('wrap_ups')
    .innerJoin('current_accounts', 'current_accounts.id', 'wrap_ups.agent')
    .leftJoin('free_texts as said', 'said.digest', 'wrap_ups.subject_digest')
    .select([
      'said.text as subject',
      'code',
      'code_name as codeName',
      'motivated',
      'reason',
      'resolution',
      'wrap_ups.recorded_at as at',
      'wrap_ups.agent as agentId',
      'current_accounts.name as agentName',
    ])
    .select(sql<boolean>`later is not null`.as('later'))
    .where('call', '=', id)
    .where((eb) => eb.or([eb('later', 'is not', null), eb('wrap_ups.id', 'in', typed)]))
    .orderBy('wrap_ups.id', 'desc')
    .limit(versionsMax)
    .execute()
  const forms = new Map<AgentId, [WrapUp, ...WrapUp[]]>()
  for (const { agentId, agentName: name, subject, code, codeName, ...row } of rows) {
    const version = {
      ...row,
      subject: subject ?? '',
      code: codeOf(code, codeName),
      agent: { id: agentId, name },
    }
    const newer = forms.get(agentId)
    if (newer === undefined) forms.set(agentId, [version])
    else newer.push(version)
  }
  const byAgent = Array.from(forms.values(), (versions) => ({ agent: versions[0].agent, versions }))
  return countingFirst(byAgent, agent)
}

/** Calls in whose forms one of these codes is: that of an earlier version does not count. */
export const callsWithCode = (db: Database, codes: readonly string[]) =>
  db
    .selectFrom('wrap_ups as w')
    .select('w.call')
    .where('w.code', '=', sql<string>`any(${codes}::text[])`)
    .where(
      sql<boolean>`not exists (
        select from wrap_ups n where n.call = w.call and n.agent = w.agent and n.id > w.id)`,
    )

export interface UnfinishedWrapUp {
  /** The subject, or the code's path; empty without both. */
  readonly subject: string
  readonly call: CallId
  /** E.164; null when withheld. */
  readonly caller: string | null
  readonly arrivedAt: Millis
  /** The end of the agent's part. */
  readonly endedAt: Millis
}

/**
 * Answered calls in which this agent talked with the caller, also beside the one who served, whose part ended at or after
 * `sinceMs` and whose form of theirs is not complete; newest first. Also calls that go on with somebody else.
 */
export async function unfinishedWrapUps(
  db: Database,
  agent: AgentId,
  sinceMs: Millis,
): Promise<UnfinishedWrapUp[]> {
  // The index of an agent's calls is by arrival.
  const begunSince = time(sinceMs - longestCallMs)
  const own = db
    .selectFrom('calls')
    .select('calls.id')
    .where('calls.agent', '=', agent)
    .where('calls.arrived_at', '>=', begunSince)
    .unionAll(handedOnBy(db, agent).where('calls.arrived_at', '>=', begunSince))
    .unionAll(consultedIn(db, agent).where('calls.arrived_at', '>=', begunSince))
  // A query each, as in the lists of calls (`listedCalls`).
  const finished = db
    .selectFrom('calls')
    .select(['calls.id', 'calls.arrived_at', 'calls.answered_at'])
    .where('calls.id', 'in', own)
  const inProgress = db
    .selectFrom('call_rows as r')
    .select(['r.id', 'r.arrived_at', 'r.answered_at'])
    .where('r.over', '=', false)
    .where((eb) =>
      eb.or([
        sql<boolean>`r.legs @> jsonb_build_array(jsonb_build_object('agent', ${agent}::text))`,
        sql<boolean>`r.others @> ${asConsulted(agent)}`,
      ]),
    )
  // The room is in the events alone.
  const talkedInRoom = sql<boolean>`l.role = 'consulted' and exists (
    select from call_events e
    where e.call = l.call and e.after -> 'consult' ->> 'seat' = 'room'
      and e.after -> 'consult' -> 'offer' ->> 'id' = l.leg)`
  const rows = await db
    .selectFrom(finished.unionAll(inProgress).as('c'))
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('call_legs as l')
          .select((of) => of.fn.max('l.left_at').as('endedAt'))
          .whereRef('l.call', '=', 'c.id')
          .where('l.agent', '=', agent)
          .where((of) => of.or([of('l.role', '=', 'agent'), talkedInRoom]))
          // None while one of their legs is up.
          .having(sql<boolean>`bool_and(l.left_at is not null)`)
          .as('part'),
      (join) => join.onTrue(),
    )
    .leftJoin('callers as who', 'who.call', 'c.id')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('wrap_ups')
          .leftJoin('free_texts as said', 'said.digest', 'wrap_ups.subject_digest')
          .select(['said.text as subject', 'code', 'code_name as codeName'])
          .select(['motivated', 'reason', 'resolution'])
          .whereRef('wrap_ups.call', '=', 'c.id')
          .where('wrap_ups.agent', '=', agent)
          .orderBy('wrap_ups.id', 'desc')
          .limit(1)
          .as('w'),
      (join) => join.onTrue(),
    )
    .select([
      'c.id as call',
      'who.number as caller',
      'c.arrived_at as arrivedAt',
      'part.endedAt',
      'w.subject',
      'w.code',
      'w.codeName',
      'w.motivated',
      'w.reason',
      'w.resolution',
    ])
    .where('c.answered_at', 'is not', null)
    .where('part.endedAt', '>=', time(sinceMs))
    .orderBy('c.arrived_at', 'desc')
    .execute()
  return rows.flatMap(({ call, caller, arrivedAt, endedAt, motivated, reason, resolution, ...row }) => {
    if (endedAt === null) return []
    const subject = row.subject ?? ''
    const code = codeOf(row.code, row.codeName)
    const form =
      motivated === null || resolution === null ? null : { subject, code, motivated, reason, resolution }
    return isComplete(form)
      ? []
      : [{ call, caller, arrivedAt, endedAt, subject: subject || (code?.name ?? '') }]
  })
}

const codeOf = (id: string | null, name: string | null): WrapUpCode | null =>
  id === null || name === null ? null : { id, name }

const longestCallMs = 24 * 3_600_000
