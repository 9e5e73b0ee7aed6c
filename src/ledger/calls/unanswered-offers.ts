/** Calls that rang one agent and ended without a conversation, and why. A colleague's question is no such call. */
import { sql } from 'kysely'
import type { AgentEvent } from '../../core/agent-event.ts'
import type { EndedBy } from '../../core/call.ts'
import type { AgentId, CallId, Millis, QueueId } from '../../core/ids.ts'
import { unansweredReason, type UnansweredReason } from '../../core/reports/unanswered-offer.ts'
import { upcastAgentEvent, type Stored } from '../../core/versions.ts'
import { time, type Database } from '../database.ts'

export interface UnansweredOffer {
  readonly call: CallId
  readonly queue: QueueId | null
  /** E.164. Null when withheld, or when retention has removed it. */
  readonly caller: string | null
  readonly offeredAt: Millis
  readonly endedAt: Millis
  readonly reason: UnansweredReason
  readonly isOver: boolean
  /** The call is over, and nobody has talked with the caller: theirs to call back. */
  readonly isLost: boolean
}

interface Question {
  readonly agent: AgentId
  /** Ended at or after. */
  readonly from: Millis
  readonly limit: number
}

/** The call's row and the agent's event are of the same moment, each rounded in its own way. */
const sameMomentMs = 100

interface Found {
  readonly ended: Stored<AgentEvent>
  readonly offered: Stored<AgentEvent>
  readonly endedAt: Millis
  readonly offeredAt: Millis
  readonly picked: boolean
  readonly caller: string | null
  readonly queue: QueueId | null
  /** The party that ended the call, if it was over by then. */
  readonly callEndedBy: EndedBy | null
  readonly isOver: boolean
  readonly isLost: boolean
}

/** Newest first. */
export async function unansweredOffers(
  db: Database,
  { agent, from, limit }: Question,
): Promise<UnansweredOffer[]> {
  const found = await db
    .selectFrom('agent_events as e')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('agent_events')
          .select(['seq', 'at', 'event', sql<CallId>`event ->> 'call'`.as('call')])
          .whereRef('agent', '=', 'e.agent')
          .whereRef('seq', '<', 'e.seq')
          .where('type', '=', 'Offered')
          .orderBy('seq', 'desc')
          .limit(1)
          .as('o'),
      (join) => join.onTrue(),
    )
    .leftJoin('callers as who', 'who.call', 'o.call')
    .leftJoin('calls as c', (join) =>
      join
        .onRef('c.id', '=', 'o.call')
        .on(sql<boolean>`c.ended_at <= e.at + ${sameMomentMs} * interval '1 millisecond'`),
    )
    .select([
      'e.event as ended',
      'o.event as offered',
      'e.at as endedAt',
      'o.at as offeredAt',
      'who.number as caller',
      'c.ended_by as callEndedBy',
      sql<boolean>`exists (select from agent_events a
        where a.agent = e.agent and a.seq between o.seq and e.seq and a.type = 'OfferAnswered')`.as('picked'),
      // A row is written when the call is over.
      sql<boolean>`exists (select from calls k where k.id = o.call)`.as('isOver'),
      sql<boolean>`exists (select from calls k where k.id = o.call and k.answered_at is null)`.as('isLost'),
      sql<QueueId | null>`(select after ->> 'queue' from call_events f where f.call = o.call and f.seq = 1)`.as(
        'queue',
      ),
    ])
    .where('e.agent', '=', agent)
    .where('e.type', '=', 'OfferEnded')
    .where('e.at', '>=', time(from))
    .where(
      sql<boolean>`not exists (select from call_events q where q.call = o.call and q.type = 'ConsultRequested'
        and q.event -> 'consult' ->> 'id' = o.event -> 'offer' ->> 'id')`,
    )
    .orderBy('e.at', 'desc')
    .orderBy('e.seq', 'desc')
    .limit(limit)
    .execute()
  return found.flatMap(unansweredOffer)
}

function unansweredOffer(found: Found): UnansweredOffer[] {
  const ended = upcastAgentEvent(found.ended)
  const offered = upcastAgentEvent(found.offered)
  if (ended.type !== 'OfferEnded' || offered.type !== 'Offered') return []
  // The end of an attempt to mend a conversation, which was answered.
  if (ended.offer !== offered.offer.id) return []
  const { caller, queue, endedAt, offeredAt, isOver, isLost } = found
  const reason = unansweredReason(ended.end, found)
  return [{ call: offered.call, queue, caller, offeredAt, endedAt, reason, isOver, isLost }]
}
