/** Blocked callers. A block ends by itself, or a supervisor ends it before; it stays on record, its number as long as calls do. */
import { sql } from 'kysely'
import type { CallerBlock } from '../../core/blocked-callers/caller-block.ts'
import type { AgentId, Millis } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import { addObligatoryText } from '../../ledger/retention/free-texts.ts'
import { refusedBy } from '../refused-rows.ts'

export interface NewBlock {
  /** As `blockable` has it. */
  readonly number: string
  readonly reason: string
  readonly until: Millis
  readonly by: AgentId
}

export interface ListedBlock extends CallerBlock {
  /** Empty once retention has deleted it. */
  readonly reason: string
  readonly by: { readonly id: AgentId; readonly name: string }
}

export type BlockReason = Pick<ListedBlock, 'reason' | 'by' | 'until'>

/** A number has one block at a time: a further one would outlive the end of the first. */
export async function addBlock(
  db: Database,
  block: NewBlock,
): Promise<{ readonly id: number } | 'already blocked'> {
  const { number, reason, until, by } = block
  return db.transaction().execute(async (trx) => {
    // Two additions at once would not see each other's number.
    await sql`select pg_advisory_xact_lock(969055)`.execute(trx)
    if ((await blocksInForce(trx)).some((one) => one.number === number)) return 'already blocked'
    const number_digest = await addObligatoryText(trx, number)
    const reason_digest = await addObligatoryText(trx, reason)
    return trx
      .insertInto('caller_blocks')
      .values({ number_digest, reason_digest, until: new Date(until), by })
      .returning('id')
      .executeTakeFirstOrThrow()
  })
}

/** The block does not hold any more, and stays on record. `not blocked`: there is none, or it has ended. */
export async function endBlock(
  db: Database,
  { block, by }: { readonly block: number; readonly by: AgentId },
): Promise<'ended' | 'not blocked'> {
  if ((await held(db).where('b.id', '=', block).executeTakeFirst()) === undefined) return 'not blocked'
  try {
    await db.insertInto('caller_block_ends').values({ block, by }).execute()
    return 'ended'
  } catch (error) {
    // Two supervisors at once.
    if (refusedBy(error, 'caller_block_ends_pkey')) return 'not blocked'
    throw error
  }
}

const held = (db: Database) =>
  db
    .selectFrom('caller_blocks as b')
    .innerJoin('free_texts as said', 'said.digest', 'b.number_digest')
    .select(['b.id', 'said.text as number', 'b.recorded_at as from', 'b.until'])
    .where(sql<boolean>`b.until > clock_timestamp()`)
    .where((eb) =>
      eb.not(
        eb.exists(eb.selectFrom('caller_block_ends as e').select('e.block').whereRef('e.block', '=', 'b.id')),
      ),
    )

/** In the order in which they were added. A block whose number has ended with its term holds nobody. */
export const blocksInForce = (db: Database): Promise<CallerBlock[]> => held(db).orderBy('b.id').execute()

/** The blocks in force, newest first, for people. */
export async function listedBlocks(db: Database, limit: number): Promise<ListedBlock[]> {
  const rows = await held(db)
    .innerJoin('current_accounts as a', 'a.id', 'b.by')
    .leftJoin('free_texts as why', 'why.digest', 'b.reason_digest')
    .select(['a.id as account', 'a.name', 'why.text as reason'])
    .orderBy('b.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ account, name, reason, ...block }) => ({
    ...block,
    reason: reason ?? '',
    by: { id: account, name },
  }))
}

/** Why, and by whom, a caller was turned away; also of a block that has ended. Null: there is no such block. */
export async function blockReason(db: Database, id: number): Promise<BlockReason | null> {
  const row = await db
    .selectFrom('caller_blocks as b')
    .innerJoin('current_accounts as a', 'a.id', 'b.by')
    .leftJoin('free_texts as why', 'why.digest', 'b.reason_digest')
    .select(['b.until', 'a.id as account', 'a.name', 'why.text as reason'])
    .where('b.id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return null
  const { until, account, name, reason } = row
  return { until, reason: reason ?? '', by: { id: account, name } }
}
