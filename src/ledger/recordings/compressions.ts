/** Recordings that were compressed later: another file of the same audio, which is played from then on. */
import { sql } from 'kysely'
import { time, type Database } from '../database.ts'
import type { CallId, ChannelId, Millis } from '../../core/ids.ts'

export interface Compression {
  readonly call: CallId
  readonly leg: ChannelId | null
  /** Path below the recordings' folder. */
  readonly file: string
  readonly bytes: number
  /** Hex, of the compressed file. */
  readonly sha256: string
}

/** All segments of a call at once, because a call plays in one encoding. Returns those that count: the first of a leg does. */
export async function addCompressions(
  db: Database,
  compressions: readonly Compression[],
): Promise<readonly string[]> {
  const added = await db
    .insertInto('recording_compressions')
    .values([...compressions])
    .onConflict((conflict) => conflict.columns(['call', 'leg']).doNothing())
    .returning('file')
    .execute()
  return added.map(({ file }) => file)
}

/**
 * Calls with a recording that is still as it was sealed, and that nobody has heard since `restedSince`, oldest first.
 * `sealedSince`: older ones are given up. `except`: those that failed and rest.
 */
export async function uncompressedCalls(
  db: Database,
  { sealedSince, restedSince, end }: { sealedSince: Millis; restedSince: Millis; end: string },
  except: readonly CallId[],
  limit: number,
): Promise<{ readonly call: CallId; readonly sealedAt: Millis }[]> {
  return db
    .selectFrom('recordings as r')
    .select(['r.call', (eb) => eb.fn.min<Millis>('r.recorded_at').as('sealedAt')])
    .where('r.recorded_at', '>=', time(sealedSince))
    .where('r.recorded_at', '<', time(restedSince))
    .where('r.file', 'like', `%${end}`)
    .where(sql<boolean>`r.call <> all (${[...except]}::text[])`)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('recording_compressions as c')
            .select('c.call')
            .whereRef('c.call', '=', 'r.call')
            .where(sql<boolean>`c.leg is not distinct from r.leg`),
        ),
      ),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('hearings as h')
            .select('h.id')
            .whereRef('h.call', '=', 'r.call')
            .where('h.recorded_at', '>=', time(restedSince)),
        ),
      ),
    )
    .groupBy('r.call')
    .orderBy('sealedAt')
    .limit(limit)
    .execute()
}

/** Files as they were sealed, of recordings that were compressed within the span. */
export async function replacedFiles(db: Database, from: Millis, to: Millis): Promise<string[]> {
  const rows = await db
    .selectFrom('recording_compressions as c')
    .innerJoin('recordings as r', (join) =>
      join.onRef('r.call', '=', 'c.call').on(sql<boolean>`r.leg is not distinct from c.leg`),
    )
    .select('r.file')
    .where('c.recorded_at', '>=', time(from))
    .where('c.recorded_at', '<', time(to))
    .execute()
  return rows.map(({ file }) => file)
}

/** Whether hardly anybody calls: at most so many calls are in progress. */
export async function isQuiet(db: Database, callsMax: number): Promise<boolean> {
  const rows = await db
    .selectFrom('call_rows')
    .select('id')
    .where('over', '=', false)
    .limit(callsMax + 1)
    .execute()
  return rows.length <= callsMax
}
