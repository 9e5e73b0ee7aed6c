/** The access log: each access to city data, written before the answer is sent, and queried by the auditor. */
import type { Access, AccessKind } from '../../city/journal/access-log-entry.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'
import { appendEntry } from './journal.ts'

/** When it throws, the data must not be sent. Inside a transaction it must be the last statement. */
export async function recordAccess(db: Database, look: Access): Promise<void> {
  const { kind, account, call, about, person, query } = look
  await appendEntry(db, { what: 'look', kind, account, call, about, person, query })
}

/** All given conditions must hold; without any, all entries match. */
export interface AccessLogQuestion {
  /** Entries at or after `from`, and before `to`. */
  readonly from?: Millis | undefined
  readonly to?: Millis | undefined
  readonly kind?: AccessKind | undefined
  /** Accesses by this account. */
  readonly account?: AgentId | undefined
  /** Accesses to this person, by HMAC (`city/journal/person.ts`). */
  readonly person?: string | undefined
  /** Accesses to this thing (or a part of it), or during this call. */
  readonly about?: string | undefined
  /** Only entries before this one. */
  readonly before?: number | undefined
  readonly limit: number
}

export interface AccessLogEntry {
  /** Index in the journal. */
  readonly index: number
  readonly at: Millis
  readonly kind: AccessKind
  readonly account: { readonly id: AgentId; readonly name: string; readonly employer: string }
  readonly call: CallId | null
  readonly about: string
  readonly person: string | null
  readonly query: string | null
}

/** Newest first. */
export async function accessLog(db: Database, question: AccessLogQuestion): Promise<AccessLogEntry[]> {
  const rows = await asked(db, question)
    .leftJoin('current_accounts as who', 'who.id', 'look.account')
    .select(['look.index', 'look.at', 'look.kind', 'look.account', 'look.call', 'look.about'])
    .select(['look.person', 'look.query', 'who.name', 'who.employer'])
    .$if(!isNarrow(question), (query) => query.orderBy('look.at', 'desc'))
    .orderBy('look.index', 'desc')
    .limit(question.limit)
    .execute()
  return rows.map(({ account: id, name, employer, ...look }) => ({
    ...look,
    // Accounts are never deleted; an unknown id means that the entry was forged.
    account: { id, name: name ?? id, employer: employer ?? '' },
  }))
}

/**
 * Whether an index on person, thing or account finds the few entries. Otherwise the query is ordered by time, or
 * PostgreSQL would scan the whole journal by index.
 */
function isNarrow({ person, about, account }: AccessLogQuestion): boolean {
  return person !== undefined || about !== undefined || account !== undefined
}

/** Number of distinct persons in the matching entries: those whom a breach notice concerns. */
export async function personsAccessed(
  db: Database,
  question: Omit<AccessLogQuestion, 'limit'>,
): Promise<number> {
  const { persons } = await asked(db, question)
    .select((eb) => eb.fn.count<number>('look.person').distinct().as('persons'))
    .executeTakeFirstOrThrow()
  return persons
}

function asked(db: Database, question: Omit<AccessLogQuestion, 'limit'>) {
  const { from, to, kind, account, person, about, before } = question
  let query = db.selectFrom('journal_looks as look')
  if (from !== undefined) query = query.where('look.at', '>=', time(from))
  if (to !== undefined) query = query.where('look.at', '<', time(to))
  if (kind !== undefined) query = query.where('look.kind', '=', kind)
  if (account !== undefined) query = query.where('look.account', '=', account)
  if (person !== undefined) query = query.where('look.person', '=', person)
  if (before !== undefined) query = query.where('look.index', '<', before)
  if (about === undefined) return query
  // An entry may name a part of a thing: `<id>/<version>`, `<id> whole`.
  const part = about.replaceAll(/[\\%_]/g, String.raw`\$&`)
  return query.where((eb) =>
    eb.or([
      eb('look.about', '=', about),
      eb('look.about', 'like', `${part}/%`),
      eb('look.about', 'like', `${part} %`),
      eb('look.call', '=', about as CallId),
    ]),
  )
}
