/**
 * Messages that callers have left: each is a task of its queue until somebody closes it. Nothing is changed in place: the last
 * of `taken` and `released` says who sees to it.
 */
import { sql, type RawBuilder } from 'kysely'
import type { AgentId, CallId, Millis, QueueId } from '../../core/ids.ts'
import type { VoicemailResult, VoicemailSound } from '../../core/voicemails/voicemail.ts'
import { time, type Database } from '../database.ts'
import { addFreeText } from '../retention/free-texts.ts'

interface Person {
  readonly id: AgentId
  readonly name: string
}

export interface Voicemail {
  readonly call: CallId
  /** In which it was left; the configuration may not have it any more. */
  readonly queue: QueueId
  /** The number that the caller dialled. */
  readonly line: string
  readonly sound: VoicemailSound
  /** When the caller hung up. */
  readonly leftAt: Millis
  /** E.164. Null when withheld, or when retention has removed it. */
  readonly caller: string | null
  /** Of the recording; null: there is none. */
  readonly durationMs: number | null
  /** Whether anybody has listened to it. */
  readonly isHeard: boolean
  /** When the caller was last called because of it. */
  readonly calledBackAt: Millis | null
  /** When something about it was recorded last: it was left, heard, taken, released or closed, or its caller called back. */
  readonly updatedAt: Millis
  /** The one who took it last, and has not released it. `isSupervisor`: now. */
  readonly taken: (Person & { readonly at: Millis; readonly isSupervisor: boolean }) | null
  readonly closed: {
    readonly at: Millis
    readonly by: Person
    readonly result: VoicemailResult
    /** Empty: none, or its term of keeping is over. */
    readonly note: string
  } | null
}

/** Nothing when it is there already. Call it in the transaction that writes the recording. */
export async function addVoicemail(
  db: Database,
  voicemail: { readonly call: CallId; readonly queue: QueueId; readonly sound: VoicemailSound },
): Promise<void> {
  await db
    .insertInto('voicemails')
    .values(voicemail)
    .onConflict((conflict) => conflict.column('call').doNothing())
    .execute()
}

export interface OpenVoicemails extends Pick<Voicemail, 'queue' | 'line'> {
  readonly count: number
  /** When the oldest one was left. */
  readonly oldestAt: Millis
}

/** `line` undefined: whichever number was dialled. */
export interface LeftIn {
  readonly queue: QueueId
  readonly line?: string
}

export interface VoicemailQuestion {
  /** Left there alone. */
  readonly leftFor?: readonly LeftIn[] | undefined
  /** Open ones that were left there alone. */
  readonly leftIn?: readonly Pick<Voicemail, 'queue' | 'line'>[] | undefined
  /** Also closed ones, since then. */
  readonly closedSince: Millis
  /** Those alone of which something was recorded since then, in the order in which it was. */
  readonly changedSince?: Millis | undefined
  /** Closed ones of this account alone. */
  readonly closedBy?: AgentId | undefined
  readonly limit: number
}

/** Open ones first, each kind oldest first: the one that has waited longest is the next. Silent ones are no tasks. */
export async function voicemails(
  db: Database,
  { leftFor, leftIn, closedSince, closedBy, changedSince, limit }: VoicemailQuestion,
): Promise<Voicemail[]> {
  const isClosedByThem = closedBy === undefined ? sql<boolean>`true` : sql<boolean>`closing.by = ${closedBy}`
  const found = await described(db)
    .where('v.sound', '<>', 'silence')
    .where(isLeft(leftFor))
    .where((eb) =>
      eb.or([
        eb.and([eb('closing.id', 'is', null), isLeft(leftIn)]),
        eb.and([eb('closing.recorded_at', '>=', time(closedSince)), isClosedByThem]),
      ]),
    )
    .$if(changedSince !== undefined, (query) =>
      query.where('v.call', 'in', recordedSince(db, changedSince ?? 0)).orderBy('updatedAt'),
    )
    .orderBy(sql`closing.id is not null`)
    .orderBy('c.ended_at')
    .limit(limit)
    .execute()
  return found.map(voicemailFrom)
}

function isLeft(where: readonly LeftIn[] | undefined): RawBuilder<boolean> {
  if (where === undefined) return sql`true`
  return sql`exists (select from unnest(
    ${where.map(({ queue }) => queue)}::text[], ${where.map(({ line = null }) => line)}::text[]) place (queue, line)
    where place.queue = v.queue and coalesce(place.line, c.line) = c.line)`
}

/** Messages of which something was recorded at or after this time; each register has an index of it. */
const recordedSince = (db: Database, since: Millis) =>
  db
    .selectFrom('voicemails')
    .select('call')
    .where('recorded_at', '>=', time(since))
    .union(db.selectFrom('voicemail_steps').select('call').where('recorded_at', '>=', time(since)))
    .union(db.selectFrom('hearings').select('call').where('recorded_at', '>=', time(since)))
    .union(
      db
        .selectFrom('call_events')
        .select(sql<CallId>`event -> 'returns' ->> 'call'`.as('call'))
        .where('type', '=', 'CallPlaced')
        .where(sql<boolean>`event -> 'returns' ->> 'call' is not null`)
        .where('recorded_at', '>=', time(since)),
    )

/** Where messages have been left in queues that are not known any more. */
export async function removedQueues(
  db: Database,
  known: readonly QueueId[],
): Promise<Pick<Voicemail, 'queue' | 'line'>[]> {
  return db
    .selectFrom('voicemails as v')
    .innerJoin('calls as c', 'c.id', 'v.call')
    .select(['v.queue', 'c.line'])
    .distinct()
    .where(sql<boolean>`v.queue <> all(${known}::text[])`)
    .execute()
}

/** How many are open, by where they were left. */
export async function openVoicemails(db: Database): Promise<OpenVoicemails[]> {
  return db
    .selectFrom('voicemails as v')
    .innerJoin('calls as c', 'c.id', 'v.call')
    .select(['v.queue', 'c.line', (eb) => eb.fn.countAll<number>().as('count')])
    .select((eb) => eb.fn.min<Millis>('c.ended_at').as('oldestAt'))
    .where('v.sound', '<>', 'silence')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('voicemail_steps as s')
            .select('s.id')
            .whereRef('s.call', '=', 'v.call')
            .where('s.step', '=', 'closed'),
        ),
      ),
    )
    .groupBy(['v.queue', 'c.line'])
    .execute()
}

export async function voicemailOf(db: Database, call: CallId): Promise<Voicemail | null> {
  const row = await described(db).where('v.call', '=', call).executeTakeFirst()
  return row === undefined ? null : voicemailFrom(row)
}

export type VoicemailStep =
  | { readonly step: 'taken' | 'released' }
  | { readonly step: 'closed'; readonly result: VoicemailResult; readonly note: string }

/** A colleague sees to it, or has closed it. */
export type StepAnswer = 'done' | 'closed' | { readonly takenBy: Person }

export interface Stepping {
  readonly call: CallId
  readonly by: AgentId
  /** May release and close what somebody else has taken. */
  readonly isSupervisor: boolean
  /** Whether who took it sees to it still. */
  readonly takerOf: (voicemail: Voicemail) => Person | null
}

/** One at a time: of two who take the same message the second is told of the first. */
export async function addVoicemailStep(
  db: Database,
  { call, by, isSupervisor, takerOf }: Stepping,
  step: VoicemailStep,
): Promise<StepAnswer> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`voicemail ${call}`}, 0))`.execute(trx)
    const before = await voicemailOf(trx, call)
    if (before === null || before.closed !== null) return 'closed'
    const takenBy = takerOf(before)
    const isOthers = takenBy !== null && takenBy.id !== by
    if (isOthers && (step.step === 'taken' || !isSupervisor)) return { takenBy }
    const isSo = step.step === 'taken' ? takenBy !== null : step.step === 'released' && takenBy === null
    if (isSo) return 'done'
    const { result, note_digest } =
      step.step === 'closed'
        ? { result: step.result, note_digest: await addFreeText(trx, step.note.trim()) }
        : { result: null, note_digest: null }
    await trx
      .insertInto('voicemail_steps')
      .values({ call, by, step: step.step, result, note_digest })
      .execute()
    return 'done'
  })
}

const described = (db: Database) =>
  db
    .selectFrom('voicemails as v')
    .innerJoin('calls as c', 'c.id', 'v.call')
    .leftJoin('callers as who', 'who.call', 'v.call')
    .leftJoin('voicemail_steps as closing', (join) =>
      join.onRef('closing.call', '=', 'v.call').on('closing.step', '=', 'closed'),
    )
    .leftJoin('current_accounts as closer', 'closer.id', 'closing.by')
    .leftJoin('free_texts as note', 'note.digest', 'closing.note_digest')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('voicemail_steps as s')
          .leftJoin('current_accounts as a', 'a.id', 's.by')
          .select(['s.step', 's.by', 's.recorded_at as at', 'a.name'])
          .select(
            sql<boolean>`coalesce(a.closed_at is null and 'supervisor' = any(a.roles), false)`.as(
              'isSupervisor',
            ),
          )
          .whereRef('s.call', '=', 'v.call')
          .where('s.step', '<>', 'closed')
          .orderBy('s.id', 'desc')
          .limit(1)
          .as('last'),
      (join) => join.onTrue(),
    )
    .select(['v.call', 'v.queue', 'c.line', 'v.sound', 'c.ended_at as leftAt', 'who.number as caller'])
    .select(['closing.recorded_at as closedAt', 'closing.result', 'closing.by as closedBy'])
    .select(['closer.name as closerName', 'note.text as note'])
    .select(['last.step as lastStep', 'last.by as lastBy', 'last.name as lastName'])
    .select(['last.at as lastAt', 'last.isSupervisor'])
    .select((eb) => [
      eb
        .selectFrom('recordings as r')
        .select((of) => of.fn.max<number>('r.duration_ms').as('ms'))
        .whereRef('r.call', '=', 'v.call')
        .as('durationMs'),
      sql<boolean>`exists (select from hearings h where h.call = v.call)`.as('isHeard'),
      sql<Millis | null>`(select max(e.at) from call_events e where e.type = 'CallPlaced'
        and e.event -> 'returns' ->> 'call' = v.call)`.as('calledBackAt'),
      sql<Millis>`greatest(v.recorded_at, closing.recorded_at, last.at,
        (select max(h.recorded_at) from hearings h where h.call = v.call),
        (select max(e.recorded_at) from call_events e where e.type = 'CallPlaced'
          and e.event -> 'returns' ->> 'call' = v.call))`.as('updatedAt'),
    ])

type Described = Awaited<ReturnType<ReturnType<typeof described>['execute']>>[number]

function voicemailFrom(row: Described): Voicemail {
  const { call, queue, line, sound, leftAt, caller, durationMs, isHeard, calledBackAt, updatedAt } = row
  const { lastStep, lastBy, lastAt, lastName, isSupervisor, closedAt, closedBy } = row
  const isTaken = lastStep === 'taken' && lastBy !== null && lastAt !== null
  return {
    call,
    queue,
    line,
    sound,
    leftAt,
    caller,
    durationMs,
    isHeard,
    calledBackAt,
    updatedAt,
    taken: isTaken
      ? { id: lastBy, name: lastName ?? lastBy, at: lastAt, isSupervisor: isSupervisor === true }
      : null,
    closed:
      closedAt === null || closedBy === null || row.result === null
        ? null
        : {
            at: closedAt,
            by: { id: closedBy, name: row.closerName ?? closedBy },
            result: row.result,
            note: row.note ?? '',
          },
  }
}
