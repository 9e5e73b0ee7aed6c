/** Calls for lists and pages: finished calls and calls in progress, in one order. */
import { sql, type AliasableExpression, type InferResult, type Selectable } from 'kysely'
import type { Survey } from '../../core/announcements/survey.ts'
import type { Direction, EndedBy, Outcome, SupervisionMode } from '../../core/call.ts'
import type { AgentId, CallId, Millis, QueueId, ContactId } from '../../core/ids.ts'
import type { Device } from '../../core/offer.ts'
import { time, type Database } from '../database.ts'
import {
  callStory,
  type CallRecordEvent,
  type CallStory,
  type CallStretch,
  type OtherRole,
} from './call-story.ts'
import { returnsOf, type ReturnCall } from './abandoned-calls.ts'
import { waitIn } from './wait.ts'
import { notesOf, type Note } from './notes.ts'
import { asConsulted, consultedIn, handedOnBy } from './handed-on.ts'
import {
  recordingLossesOf,
  recordingsOf,
  type KeptLoss,
  type KeptRecording,
} from '../recordings/recordings.ts'
import type { Tables } from '../tables.ts'
import { voicemailOf, type Voicemail } from '../voicemails/voicemails.ts'
import { surveyOf } from './surveys.ts'
import { callsWithCode, wrapUpsOf, type AgentWrapUps } from './wrap-ups.ts'

interface Agent {
  readonly id: AgentId
  readonly name: string
}

export interface CallRow {
  readonly id: CallId
  /** E.164. Null when withheld, or when retention has removed it. */
  readonly caller: string | null
  readonly callerName: string | null
  readonly line: string
  readonly queue: QueueId | null
  readonly direction: Direction
  readonly arrivedAt: Millis
  readonly queuedAt: Millis | null
  readonly offeredAt: Millis | null
  readonly answeredAt: Millis | null
  /** Null while the call is in progress, as are `outcome` and `endedBy`. */
  readonly endedAt: Millis | null
  /** From entering the queue to an agent's answer, or to the end without one. */
  readonly waitMs: number | null
  readonly talkMs: number | null
  readonly heldMs: number
  /** The one who has the call, or talked with the caller last. */
  readonly agent: Agent | null
  /** Those who talked with the caller before, each once; in the order of their last words. */
  readonly earlierAgents: readonly Agent[]
  readonly outcome: Outcome | null
  readonly endedBy: EndedBy | null
  /** `none`: never bridged, or the audio was lost, which is recorded. */
  readonly recording: 'none' | 'pending' | 'ready'
}

/** An agent's part in a call. */
export interface CallLeg {
  readonly agent: Agent
  /** Null: not known of an older call. */
  readonly device: Device | null
  readonly from: Millis
  /** Null while it is up. */
  readonly until: Millis | null
}

/** The part of somebody who did not serve the caller. */
export interface OtherLeg extends CallLeg {
  readonly role: OtherRole
  /** Whether a colleague talked with the caller too, all three together. */
  readonly withCaller: boolean
  /** How a supervisor took part, in order; empty for a colleague, and where no event tells it. */
  readonly modes: readonly SupervisionMode[]
}

/** The part of somebody outside the contact centre. */
export interface ExternalPart {
  /** The name is the one of then. */
  readonly contact: { readonly id: ContactId; readonly name: string }
  readonly from: Millis
  readonly until: Millis | null
}

export interface CallRecord extends CallRow {
  /** The agents who have talked with the caller so far, in order. */
  readonly legs: CallLeg[]
  /** The colleagues who were consulted and the supervisors, in order. */
  readonly others: OtherLeg[]
  /** The parties outside the contact centre who were in the call, in order. */
  readonly externals: ExternalPart[]
  readonly events: CallRecordEvent[]
  /** The names of those whom the events name. */
  readonly people: Agent[]
  /** When the recording was paused. */
  readonly pauses: CallStory['pauses']
  /** When the caller talked without an agent, and so without a recorder. */
  readonly unrecorded: CallStory['unrecorded']
  /** When an agent talked with somebody aside. */
  readonly asides: readonly (CallStretch & {
    readonly party: { readonly id: string; readonly name: string }
  })[]
  readonly notes: Note[]
  /** Each agent's form; the first one counts for the call. */
  readonly wrapUps: AgentWrapUps[]
  /** The recording's segments, in order. */
  readonly segments: KeptRecording[]
  readonly losses: KeptLoss[]
  /** The calls by which the caller was called back, in order. */
  readonly returnedBy: readonly ReturnCall[]
  /** Null: the caller left none, or its recording is not finished yet. */
  readonly voicemail: Voicemail | null
  /** Null: the caller was not asked, or the call is in progress. */
  readonly survey: Survey | null
}

export interface CallQuestion {
  /** Arrived at or after, and before. */
  readonly from?: Millis | undefined
  readonly to?: Millis | undefined
  /** The caller's number, exactly as stored (E.164). */
  readonly caller?: string | undefined
  /** Digits within the caller's number; with `+`, its beginning. */
  readonly callerPart?: string | undefined
  /** An agent who has talked with the caller, who was consulted, or whom the call rings now. */
  readonly agent?: AgentId | undefined
  readonly outcome?: Outcome | undefined
  readonly queue?: QueueId | undefined
  /** One of these codes is in an agent's form, as it is now. */
  readonly codes?: readonly string[] | undefined
  /** In progress, or anything of the call was recorded at or after this time: its end, a note, a form, a part of its recording. */
  readonly changedSince?: Millis | undefined
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string | undefined
}

export type CallAnswer =
  | { readonly items: CallRow[]; readonly next: string | null; readonly error?: undefined }
  | { readonly error: 'bad cursor' }

/** Newest first. Pages are stable: a call that arrives later never shifts those already listed. */
export async function calls(db: Database, question: CallQuestion): Promise<CallAnswer> {
  const listed = listedCalls(db, question)
  if (listed === 'bad cursor') return { error: listed }
  const { limit } = question
  const found = await listed.execute()
  const items = found.slice(0, limit).map(toCallRow)
  const last = items.at(-1)
  return { items, next: found.length > limit && last !== undefined ? writeCursor(last) : null }
}

export type CallJsonAnswer =
  | { readonly items: Buffer; readonly next: string | null; readonly error?: undefined }
  | { readonly error: 'bad cursor' }

/**
 * The same page, its items as JSON in the shape of the API's `CallItem`. PostgreSQL writes it: while a node reads rows
 * and writes JSON, the calls of its Asterisk wait. It comes as base64, because decoding and encoding text that is not
 * ASCII takes as long as reading the rows (docs/measurements/2026-11-29-lists-epyc-vm.md).
 */
export async function callsAsJson(db: Database, question: CallQuestion): Promise<CallJsonAnswer> {
  const listed = listedCalls(db, question)
  if (listed === 'bad cursor') return { error: listed }
  const { limit } = question
  const found = await db
    .with('listed', () => listed)
    .with('numbered', (eb) =>
      eb
        .selectFrom('listed as c')
        .selectAll()
        .select(sql<number>`row_number() over (order by c."arrivedAt" desc, c.id desc)`.as('place')),
    )
    .selectFrom('numbered as c')
    .select([
      sql<string>`encode(convert_to(coalesce(json_agg(${callItem} order by place)
        filter (where place <= ${limit}), '[]')::text, 'UTF8'), 'base64')`.as('items'),
      sql<number>`count(*)`.as('count'),
      sql<Millis | null>`max(c."arrivedAt") filter (where place = ${limit})`.as('lastArrivedAt'),
      sql<string | null>`max(c.id) filter (where place = ${limit})`.as('lastId'),
    ])
    .executeTakeFirstOrThrow()
  const { items, count, lastArrivedAt: arrivedAt, lastId: id } = found
  const next = count > limit && arrivedAt !== null && id !== null ? writeCursor({ arrivedAt, id }) : null
  return { items: Buffer.from(items, 'base64'), next }
}

const isoText = (column: string) =>
  sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const callItem = sql`json_build_object(
  'id', c.id, 'caller', c.caller, 'line', c.line, 'queue', c.queue, 'direction', c.direction,
  'arrivedAt', ${isoText('c.arrivedAt')}, 'queuedAt', ${isoText('c.queuedAt')},
  'offeredAt', ${isoText('c.offeredAt')}, 'answeredAt', ${isoText('c.answeredAt')},
  'endedAt', ${isoText('c.endedAt')}, 'waitMs', c."waitMs", 'talkMs', c."talkMs",
  'agent', case when c."agentId" is not null
                then json_build_object('id', c."agentId", 'name', coalesce(c."agentName", c."agentId")) end,
  'earlierAgents', coalesce(c.earlier, '[]'),
  'outcome', c.outcome,
  'recording', case when c.recorded then 'ready' when c."answeredAt" is null or c.lost then 'none' else 'pending' end)`

/** The rows of a page, and one more when there is a next one. */
function listedCalls(db: Database, question: CallQuestion) {
  const { limit, cursor } = question
  const after = cursor === undefined ? null : readCursor(cursor)
  if (after === 'bad cursor') return after
  // A query each: over both halves of the view at once PostgreSQL can use only the index of time.
  const listed = db
    .selectFrom(halfOf(db, true, question, after).as('finished'))
    .selectAll()
    .unionAll(db.selectFrom(halfOf(db, false, question, after).as('open')).selectAll())
    .unionAll(db.selectFrom(handedOn(db, question, after).as('handed_on')).selectAll())
    .orderBy('arrived_at', 'desc')
    .orderBy('id', 'desc')
    // One more than requested, to see whether there is a next page.
    .limit(limit + 1)
  return described(db, listed).orderBy('c.arrived_at', 'desc').orderBy('c.id', 'desc')
}

/** Matching calls of one half of the view: finished ones, or those in progress. As many as one page may need. */
function halfOf(db: Database, over: boolean, question: CallQuestion, after: Place | null) {
  const { agent } = question
  const rows = matching(db, over, question, after)
  if (agent === undefined) return rows
  if (over) return rows.where('c.agent', '=', agent)
  return rows.where((eb) =>
    eb.or([
      eb('c.agent', '=', agent),
      sql<boolean>`c.legs @> jsonb_build_array(jsonb_build_object('agent', ${agent}::text))`,
      sql<boolean>`c.others @> ${asConsulted(agent)}`,
    ]),
  )
}

/** Finished calls that the agent has had, or was consulted in, and somebody else had last; none without an agent. */
function handedOn(db: Database, question: CallQuestion, after: Place | null) {
  const agent = question.agent ?? null
  return matching(db, true, question, after)
    .where('c.id', 'in', handedOnBy(db, agent).union(consultedIn(db, agent)))
    .where('c.agent', 'is distinct from', agent)
}

function matching(db: Database, over: boolean, question: CallQuestion, after: Place | null) {
  const { from, to, caller, callerPart, outcome, queue, codes, changedSince, limit } = question
  let rows = db.selectFrom('call_rows as c').selectAll('c').where('c.over', '=', over)
  if (from !== undefined) rows = rows.where('c.arrived_at', '>=', time(from))
  if (to !== undefined) rows = rows.where('c.arrived_at', '<', time(to))
  if (caller !== undefined) {
    rows = rows.where('c.id', 'in', (eb) =>
      eb.selectFrom('callers').select('callers.call').where('callers.number', '=', caller),
    )
  }
  if (callerPart !== undefined) {
    const pattern = callerPart.startsWith('+') ? `${callerPart}%` : `%${callerPart}%`
    rows = rows.where('c.id', 'in', (eb) =>
      eb.selectFrom('callers').select('callers.call').where('callers.number', 'like', pattern),
    )
  }
  if (outcome !== undefined) rows = rows.where('c.outcome', '=', outcome)
  if (queue !== undefined) rows = rows.where('c.queue', '=', queue)
  if (codes !== undefined) rows = rows.where('c.id', 'in', callsWithCode(db, codes))
  if (changedSince !== undefined && over) rows = rows.where('c.id', 'in', recordedSince(db, changedSince))
  if (after !== null) {
    rows = rows.where(sql<boolean>`(c.arrived_at, c.id) < (${time(after.arrivedAt)}, ${after.id})`)
  }
  return rows
    .orderBy('c.arrived_at', 'desc')
    .orderBy('c.id', 'desc')
    .limit(limit + 1)
}

/** Calls of which something was recorded at or after this time; each register has an index of it. */
const recordedSince = (db: Database, since: Millis) =>
  db
    .selectFrom('calls')
    .select('calls.id as call')
    .where('calls.recorded_at', '>=', time(since))
    .union(db.selectFrom('wrap_ups').select('call').where('recorded_at', '>=', time(since)))
    .union(db.selectFrom('notes').select('call').where('recorded_at', '>=', time(since)))
    .union(db.selectFrom('recordings').select('call').where('recorded_at', '>=', time(since)))

/** Everything recorded about one call, in one snapshot; null when there is no such call. */
export async function callById(db: Database, id: CallId): Promise<CallRecord | null> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      const found = trx.selectFrom('call_rows').selectAll().where('id', '=', id)
      const row = await described(trx, found).executeTakeFirst()
      if (row === undefined) return null
      const story = await callStory(trx, id)
      const people = await peopleIn(trx, story.events)
      return {
        ...toCallRow(row),
        ...(await callLegsOf(trx, id, story)),
        events: story.events,
        people,
        pauses: story.pauses,
        unrecorded: story.unrecorded,
        asides: story.asides.map(({ party, ...stretch }) => ({
          ...stretch,
          // Each of these colleagues was asked by an event.
          party:
            'name' in party
              ? party
              : (people.find((one) => one.id === party.id) ?? { ...party, name: party.id }),
        })),
        notes: await notesOf(trx, id),
        wrapUps: await wrapUpsOf(trx, { id, agent: row.agentId }),
        segments: await recordingsOf(trx, id),
        losses: await recordingLossesOf(trx, id),
        returnedBy: (await returnsOf(trx, [id])).get(id) ?? [],
        voicemail: await voicemailOf(trx, id),
        survey: await surveyOf(trx, id),
      }
    })
}

/** The calling number; null when it is withheld, not recorded yet, or deleted by retention. */
export async function callerOf(db: Database, call: CallId): Promise<string | null> {
  const row = await db.selectFrom('callers').select('number').where('call', '=', call).executeTakeFirst()
  return row?.number ?? null
}

async function peopleIn(db: Database, events: readonly CallRecordEvent[]): Promise<Agent[]> {
  const ids = [...new Set(events.flatMap(({ names }) => names ?? []))]
  if (ids.length === 0) return []
  const rows = await db.selectFrom('current_accounts').select(['id', 'name']).where('id', 'in', ids).execute()
  return ids.map((id) => rows.find((row) => row.id === id) ?? { id, name: id })
}

async function callLegsOf(
  db: Database,
  call: CallId,
  { withCaller, modes }: CallStory,
): Promise<Pick<CallRecord, 'legs' | 'others' | 'externals'>> {
  const rows = await db
    .selectFrom('call_legs as l')
    .leftJoin('current_accounts as a', 'a.id', 'l.agent')
    .select(['l.agent', 'a.name', 'l.device', 'l.joined_at as from', 'l.left_at as until', 'l.role', 'l.leg'])
    .select(['l.contact', 'l.contact_name as contactName'])
    .where('l.call', '=', call)
    .orderBy('l.joined_at')
    .execute()
  const all = rows.flatMap(({ agent, name, contact: _contact, contactName: _contactName, ...leg }) =>
    agent === null ? [] : [{ ...leg, agent: { id: agent, name: name ?? agent } }],
  )
  const externals = rows.flatMap(({ contact, contactName, from, until }) =>
    contact === null ? [] : [{ contact: { id: contact, name: contactName ?? contact }, from, until }],
  )
  return {
    legs: all.flatMap(({ role, leg: _leg, ...part }) => (role === 'agent' ? [part] : [])),
    externals,
    others: all.flatMap(({ role, leg, ...part }) => {
      if (role === 'agent' || role === 'external') return []
      const id = leg ?? ''
      return [{ ...part, role, withCaller: withCaller.has(id), modes: modes.get(id) ?? [] }]
    }),
  }
}

const wait = waitIn('c')

/** Adds caller, agent's name and recording to a few rows. */
function described(db: Database, rows: AliasableExpression<Selectable<Tables['call_rows']>>) {
  return db
    .selectFrom(rows.as('c'))
    .leftJoin('callers as who', 'who.call', 'c.id')
    .leftJoin('current_accounts as a', 'a.id', 'c.agent')
    .select([
      'c.id',
      'who.number as caller',
      'who.name as callerName',
      'c.line',
      'c.queue',
      'c.arrived_at as arrivedAt',
      wait.start.as('queuedAt'),
      'c.offered_at as offeredAt',
      'c.answered_at as answeredAt',
      'c.ended_at as endedAt',
      wait.ms.as('waitMs'),
      'c.talk_ms as talkMs',
      'c.held_ms as heldMs',
      sql<Direction>`coalesce(c.direction, 'inbound')`.as('direction'),
      'c.agent as agentId',
      'a.name as agentName',
      'c.outcome',
      'c.ended_by as endedBy',
      earlierAgents.as('earlier'),
      // A scalar subquery per row: for `exists` the planner may read all recordings.
      sql<boolean>`(select true from recordings r where r.call = c.id limit 1) is not null`.as('recorded'),
      sql<boolean>`(select true from recording_losses l where l.call = c.id limit 1) is not null`.as('lost'),
    ])
}

/** Null for most calls: one agent, or none. */
const earlierAgents = sql<Agent[] | null>`case when jsonb_array_length(c.legs) > 1 then (
  select jsonb_agg(jsonb_build_object('id', part.agent, 'name', coalesce(named.name, part.agent)) order by part.place)
  from (
    select leg ->> 'agent' as agent, max(place) as place
    from jsonb_array_elements(c.legs) with ordinality as l (leg, place)
    group by 1
  ) part
  left join current_accounts named on named.id = part.agent
  where part.agent is distinct from c.agent
) end`

type FoundRow = InferResult<ReturnType<typeof described>>[number]

function toCallRow(found: FoundRow): CallRow {
  const { agentId, agentName, earlier, recorded, lost, ...row } = found
  const recording = recorded ? 'ready' : row.answeredAt === null || lost ? 'none' : 'pending'
  const agent = agentId === null ? null : { id: agentId, name: agentName ?? agentId }
  return { ...row, agent, earlierAgents: earlier ?? [], recording }
}

/** The last moment that a `Date` can hold. */
const lastMoment = 8.64e15

/** Opaque to the client: the position of the last call listed. */
function writeCursor(last: Place): string {
  return Buffer.from(JSON.stringify([last.arrivedAt, last.id])).toString('base64url')
}

interface Place {
  readonly arrivedAt: Millis
  readonly id: string
}

function readCursor(cursor: string): Place | 'bad cursor' {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (!Array.isArray(read) || read.length !== 2) return 'bad cursor'
    const [arrivedAt, id]: unknown[] = read
    if (typeof arrivedAt !== 'number' || !Number.isInteger(arrivedAt)) return 'bad cursor'
    // Outside PostgreSQL's range, so not one of our cursors.
    if (arrivedAt < 0 || arrivedAt > lastMoment) return 'bad cursor'
    return typeof id === 'string' && !id.includes('\u0000') ? { arrivedAt, id } : 'bad cursor'
  } catch {
    // Not JSON, so not one of our cursors.
    return 'bad cursor'
  }
}
