/**
 * Tests of the outside systems. The register also decides whether one may begin: of one connection one at a time, and few a
 * minute, whichever node is asked.
 */
import { sql } from 'kysely'
import {
  testWithinMs,
  type Answers,
  type ConnectionCause,
  type DocumentPart,
  type TestResult,
  type TriedConnection,
} from '../../city/connections/connection.ts'
import type { AgentId, Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'

/** Of one connection, by all administrators. */
export const testsPerMinuteMax = 6
const minuteMs = 60_000
/** One that has not ended by then never will: its node has. */
const lostAfterMs = testWithinMs + 5_000

export type TestBegun =
  | { readonly ok: true; readonly id: number }
  | { readonly ok: false; readonly why: 'under way' }
  | { readonly ok: false; readonly why: 'too many'; readonly retryAfterMs: Millis }

export interface NewTest {
  readonly connection: TriedConnection
  readonly by: AgentId
  /** The node that was asked. */
  readonly node: string
}

/** The clock is the database's, so that nodes agree. */
export function beginTest(db: Database, { connection, by, node }: NewTest): Promise<TestBegun> {
  return db.transaction().execute(async (trx): Promise<TestBegun> => {
    // Two tests that begin at once would not see each other.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`connection ${connection}`}, 0))`.execute(trx)
    const { rows } = await sql<{ ageMs: number; ended: boolean }>`
      select (extract(epoch from clock_timestamp() - b.recorded_at) * 1000)::float8 as "ageMs",
        exists (select from connection_tests e where e.begun = b.id) as ended
      from connection_tests b
      where b.connection = ${connection} and b.begun is null
        and b.recorded_at > clock_timestamp() - make_interval(secs => ${minuteMs / 1_000})
      order by b.recorded_at desc limit ${testsPerMinuteMax}`.execute(trx)
    if (rows.some(({ ageMs, ended }) => !ended && ageMs < lostAfterMs)) return { ok: false, why: 'under way' }
    const oldest = rows.at(-1)
    if (oldest !== undefined && rows.length >= testsPerMinuteMax)
      return { ok: false, why: 'too many', retryAfterMs: Math.max(1_000, minuteMs - oldest.ageMs) }
    const { id } = await trx
      .insertInto('connection_tests')
      .values({
        connection,
        begun: null,
        outcome: null,
        cause: null,
        status: null,
        part: null,
        took_ms: null,
        read_only: null,
        node,
        by,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { ok: true, id }
  })
}

export async function endTest(
  db: Database,
  begun: number,
  { connection, by, node }: NewTest,
  result: TestResult,
): Promise<void> {
  const fails = result.outcome === 'fails'
  await db
    .insertInto('connection_tests')
    .values({
      connection,
      begun,
      outcome: result.outcome,
      cause: fails ? result.cause : null,
      status: fails ? result.status : null,
      part: fails ? result.part : null,
      took_ms: Math.round(result.tookMs * 10) / 10,
      read_only: fails ? null : result.readOnly,
      node,
      by,
    })
    .execute()
}

export interface LastTest {
  readonly connection: TriedConnection
  readonly at: Millis
  /** The administrator's name. */
  readonly by: string
  readonly node: string
  readonly outcome: 'works' | 'fails'
  readonly cause: ConnectionCause | null
  readonly status: number | null
  readonly part: DocumentPart | null
  readonly tookMs: Millis
  readonly readOnly: boolean | null
}

/** The statuses of an answer to a wrong signature. */
const signatureRefused = [401, 403]

/** The newest one of each connection that has been tried. */
export async function lastTests(db: Database): Promise<readonly LastTest[]> {
  const rows = await db
    .selectFrom('connection_tests as test')
    .innerJoin('current_accounts as author', 'author.id', 'test.by')
    .distinctOn('test.connection')
    .select(['test.connection', 'test.recorded_at as at', 'author.name as by', 'test.node'])
    .select(['test.outcome', 'test.cause', 'test.status', 'test.part', 'test.took_ms as tookMs'])
    .select('test.read_only as readOnly')
    .where('test.begun', 'is not', null)
    .orderBy('test.connection')
    .orderBy('test.recorded_at', 'desc')
    .execute()
  return rows.map((row) => ({ ...row, outcome: row.outcome ?? 'fails', tookMs: row.tookMs ?? 0 }))
}

/**
 * The answers that tests have found. Of a document system only those about deliveries: an address of look-ups delivers nothing, and a
 * receiver may refuse the type `ping` (docs/guides/integrations.md) and take everything else, unless it refuses our signature.
 */
export function testAnswers(db: Database, connection: TriedConnection): Answers {
  const ended = (outcome: 'works' | 'fails') =>
    db
      .selectFrom('connection_tests')
      .where('connection', '=', connection)
      .where('begun', 'is not', null)
      .where('outcome', '=', outcome)
      .where(sql<boolean>`part is distinct from 'look-ups'`)
      .where(sql<boolean>`(cause is distinct from 'refused' or status in (${sql.join(signatureRefused)}))`)
  return {
    async lastGood() {
      const row = await ended('works')
        .select('recorded_at as at')
        .orderBy('recorded_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row?.at ?? null
    },
    async lastBad() {
      const row = await ended('fails')
        .select(['recorded_at as at', 'cause', 'status'])
        .orderBy('recorded_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row === undefined ? null : { ...row, cause: row.cause ?? 'other' }
    },
    async firstAfter(good, at) {
      const row = await ended(good ? 'works' : 'fails')
        .select('recorded_at as at')
        .where('recorded_at', '>', time(at ?? 0))
        .orderBy('recorded_at')
        .limit(1)
        .executeTakeFirst()
      return row?.at ?? null
    },
  }
}
