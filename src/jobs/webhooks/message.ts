/** The message about one row of the record, made from what is on record at that moment. */
import { createHash } from 'node:crypto'
import { newsOf, type CallNews, type WebhookType } from '../../city/webhooks/published-events.ts'
import type { AgentId, CallId, Millis, QueueId } from '../../core/ids.ts'
import type { Direction, ExternalLeg, Leg } from '../../core/call.ts'
import type { Offer } from '../../core/offer.ts'
import { queueNamesOf } from '../../ledger/configuration/versions.ts'
import type { Database } from '../../ledger/database.ts'
import {
  callerNumber,
  recordedAudio,
  recordedEnd,
  recordedEvent,
  recordedVoicemail,
  usernamesOf,
} from '../../ledger/webhooks/records.ts'
import type { Unsent } from '../../ledger/webhooks/unsent.ts'

export interface WebhookMessage {
  /** The `webhook-id`: the same in every try, and after a repeated listing of the row. */
  readonly id: string
  readonly type: WebhookType
  readonly body: string
}

/** `call`, `line`, `direction` and the caller are in every message. */
interface News {
  readonly type: WebhookType
  readonly at: Millis
  /** The city's number; null: not known at this point, and with it the direction. */
  readonly line: string | null
  readonly direction: Direction
  readonly fields: object
}

/** Null: nothing is published about this row. @throws {NewerVersion} when a newer release wrote it. */
export async function messageOf(
  db: Database,
  row: Pick<Unsent, 'call' | 'place' | 'what'>,
  { withNumber }: { readonly withNumber: boolean },
): Promise<WebhookMessage | null> {
  const { call } = row
  const news = await newsIn(db, row)
  if (news === null) return null
  const { type, at, line, direction, fields } = news
  const caller = withNumber ? { callerNumber: await callerNumber(db, call) } : {}
  const data = { call, ...(line === null ? {} : { line, direction }), ...caller, ...fields }
  return {
    id: messageId(row),
    type,
    body: JSON.stringify({ type, timestamp: new Date(at).toISOString(), data }),
  }
}

/** Without a full stop, which separates id, time and body in what is signed; a call's id has one. */
export function messageId({ call, place }: { readonly call: CallId; readonly place: number }): string {
  return `evt_${createHash('sha256').update(`${call} ${place}`).digest('hex').slice(0, 32)}`
}

function newsIn(db: Database, { call, place, what }: Pick<Unsent, 'call' | 'place' | 'what'>) {
  switch (what) {
    case 'event':
      return eventNews(db, call, place)
    case 'end':
      return endNews(db, call)
    case 'recording':
      return recordingNews(db, call)
    case 'voicemail':
      return voicemailNews(db, call)
  }
}

async function eventNews(db: Database, call: CallId, seq: number): Promise<News | null> {
  const recorded = await recordedEvent(db, call, seq)
  if (recorded === null) return null
  const { at, event, after } = recorded
  const news = newsOf(event, after, at)
  if (news === null) return null
  const { line, direction } = after
  // The queue of a call to a citizen is for what comes later: it is in none before it is transferred.
  const queue = direction === 'outbound' && after.transfer === null ? null : after.queue
  return { type: news.type, at, line, direction, fields: await fieldsOf(db, news, queue) }
}

async function fieldsOf(db: Database, news: CallNews, queue: QueueId | null): Promise<object> {
  switch (news.type) {
    case 'call.queued':
      return { queue: await queueIn(db, queue) }
    case 'call.offered': {
      const { offer, reconnects } = news
      return { ...(await legFields(db, offer, queue)), reconnects }
    }
    case 'call.answered':
      return legFields(db, news.offer, queue)
    case 'call.transferred': {
      const { by, from, to } = news
      const agent = await agentsIn(db, 'agent' in to ? [by, to.agent] : [by])
      const inQueue = await queuesIn(db, 'queue' in to ? [from, to.queue] : [from])
      const target =
        'queue' in to
          ? { queue: inQueue(to.queue) }
          : 'agent' in to
            ? { agent: agent(to.agent) }
            : { contact: { id: to.contact, name: news.contactName } }
      return { queue: inQueue(from), agent: agent(by), to: target }
    }
  }
}

async function legFields(db: Database, offer: Offer, queue: QueueId | null): Promise<object> {
  // One after the other: the connections are the whole server's.
  const agent = await agentsIn(db, [offer.agent])
  const inQueue = await queueIn(db, queue)
  return { queue: inQueue, agent: agent(offer.agent), leg: offer.id, device: offer.device }
}

async function endNews(db: Database, call: CallId): Promise<News | null> {
  const end = await recordedEnd(db, call)
  if (end === undefined) return null
  const { queue, agent: last, legs, arrivedAt, queuedAt, answeredAt, endedAt } = end
  const { outcome, endedBy, waitMs, talkMs, heldMs } = end
  // Which supervisors were in a call is shown to supervisors and auditors alone (docs/rules/access.md).
  const others = end.others ?? []
  const consulted = others.filter((leg): leg is Leg<'consulted'> => leg.role === 'consulted')
  const external = others.filter((leg): leg is ExternalLeg => leg.role === 'external')
  const agent = await agentsIn(db, [
    ...[...(legs ?? []), ...consulted].map((leg) => leg.agent),
    ...(last === null ? [] : [last]),
  ])
  const inQueue = await queueIn(db, queue)
  return {
    type: 'call.ended',
    at: endedAt,
    line: end.line,
    direction: end.direction ?? 'inbound',
    fields: {
      queue: inQueue,
      agent: last === null ? null : agent(last),
      outcome,
      endedBy,
      arrivedAt: iso(arrivedAt),
      queuedAt: iso(queuedAt),
      answeredAt: iso(answeredAt),
      endedAt: iso(endedAt),
      waitMs,
      talkMs,
      heldMs,
      legs: legs?.map((leg) => partOf(leg, agent)) ?? null,
      consulted: consulted.map((leg) => partOf(leg, agent)),
      external: external.map(({ id, contact, name, from, until }) => ({
        leg: id,
        contact: { id: contact, name },
        from: iso(from),
        until: iso(until),
      })),
    },
  }
}

const partOf = ({ id, agent, device, from, until }: Leg, named: (agent: AgentId) => object) => ({
  leg: id,
  agent: named(agent),
  device,
  from: iso(from),
  until: iso(until),
})

async function recordingNews(db: Database, call: CallId): Promise<News | null> {
  const audio = await recordedAudio(db, call)
  if (audio === null) return null
  const agent = await agentsIn(
    db,
    audio.segments.flatMap((segment) => segment.agent ?? []),
  )
  const segments = audio.segments.map((segment) => ({
    leg: segment.leg,
    agent: segment.agent === null ? null : agent(segment.agent),
    durationMs: segment.durationMs,
  }))
  // The recording may be on record before the call's end.
  const known = (await recordedEnd(db, call)) ?? (await recordedEvent(db, call, 1))?.after
  return {
    type: 'recording.ready',
    at: audio.at,
    line: known?.line ?? null,
    direction: known?.direction ?? 'inbound',
    fields: { segments, complete: audio.lost === 0 },
  }
}

async function voicemailNews(db: Database, call: CallId): Promise<News | null> {
  const left = await recordedVoicemail(db, call)
  if (left === undefined) return null
  const { queue, at, line, direction, leftAt, durationMs } = left
  return {
    type: 'voicemail.left',
    at,
    line,
    direction: direction ?? 'inbound',
    fields: { queue: await queueIn(db, queue), leftAt: iso(leftAt), durationMs },
  }
}

async function agentsIn(db: Database, ids: readonly AgentId[]) {
  const names = await usernamesOf(db, [...new Set(ids)])
  return (id: AgentId) => ({ id, username: names.get(id) ?? null })
}

async function queuesIn(db: Database, ids: readonly QueueId[]) {
  const names = await queueNamesOf(db, [...new Set(ids)])
  return (id: QueueId) => ({ id, name: names.get(id) ?? null })
}

async function queueIn(db: Database, queue: QueueId | null) {
  return queue === null ? null : (await queuesIn(db, [queue]))(queue)
}

const iso = (at: Millis | null): string | null => (at === null ? null : new Date(at).toISOString())
