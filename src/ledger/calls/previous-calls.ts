/** The earlier calls of a number, for the agent whom it calls. */
import type { Outcome } from '../../core/call.ts'
import type { CallId, Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'
import type { WrapUp } from './wrap-ups.ts'

export interface PreviousCall {
  readonly id: CallId
  readonly arrivedAt: Millis
  readonly outcome: Outcome
  /** The agent's name. */
  readonly agent: string | null
  /** Of the form that counts: the subject, or the code's path. */
  readonly subject: string | null
  readonly resolution: WrapUp['resolution'] | null
}

/** Finished calls from this number that arrived before `beforeMs`: the newest `limit`, and how many there are. */
export async function previousCalls(
  db: Database,
  number: string,
  beforeMs: Millis,
  limit: number,
): Promise<{ items: PreviousCall[]; count: number }> {
  const earlier = db
    .selectFrom('callers as who')
    .innerJoin('calls as c', 'c.id', 'who.call')
    .where('who.number', '=', number)
    .where('c.arrived_at', '<', time(beforeMs))
  const items = await earlier
    .leftJoin('current_accounts as a', 'a.id', 'c.agent')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('wrap_ups')
          .leftJoin('free_texts as said', 'said.digest', 'wrap_ups.subject_digest')
          .select((of) => of.fn.coalesce('said.text', 'code_name').as('subject'))
          .select('resolution')
          .whereRef('wrap_ups.call', '=', 'c.id')
          // As `countingFirst`.
          .orderBy((by) => by('wrap_ups.agent', '=', by.ref('c.agent')), 'desc')
          .orderBy('wrap_ups.id', 'desc')
          .limit(1)
          .as('w'),
      (join) => join.onTrue(),
    )
    .select([
      'c.id',
      'c.arrived_at as arrivedAt',
      'c.outcome',
      'a.name as agent',
      'w.subject',
      'w.resolution',
    ])
    .orderBy('c.arrived_at', 'desc')
    .orderBy('c.id', 'desc')
    .limit(limit)
    .execute()
  if (items.length < limit) return { items, count: items.length }
  const counted = await earlier.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  return { items, count: counted.count }
}
