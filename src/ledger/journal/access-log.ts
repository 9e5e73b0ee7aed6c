/** Looks at what the city knows: written before the answer leaves, and asked for by the auditor. */
import type { Access, AccessKind } from '../../city/journal/access-log-entry.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'
import { appendEntry } from './journal.ts'

/** Throws when it cannot be written: then nothing may be shown. Inside a transaction it comes last. */
export async function recordAccess(db: Database, look: Access): Promise<void> {
  const { kind, account, call, about, person, query } = look
  await appendEntry(db, { what: 'look', kind, account, call, about, person, query })
}

/** Everything that is said must hold; nothing said: all looks. */
export interface AccessLogQuestion {
  /** From this moment on, and before that one. */
  readonly from?: Millis | undefined
  readonly to?: Millis | undefined
  readonly kind?: AccessKind | undefined
  /** What this account saw. */
  readonly account?: AgentId | undefined
  /** Who looked at this person, by his mark (`city/journal/person.ts`). */
  readonly person?: string | undefined
  /** Who looked at this thing, or during this call. */
  readonly about?: string | undefined
  /** Only entries before this one. */
  readonly before?: number | undefined
  readonly limit: number
}

export interface AccessLogEntry {
  /** Its place in the journal. */
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
    // An account is never deleted; an id that is none would be an entry of another hand.
    account: { id, name: name ?? id, employer: employer ?? '' },
  }))
}

/**
 * One person, thing or account has few looks, found by its index. A period alone is found by its time, or the
 * whole journal behind it would be gone through.
 */
function isNarrow({ person, about, account }: AccessLogQuestion): boolean {
  return person !== undefined || about !== undefined || account !== undefined
}

/** How many persons the looks were at, all together: whom a breach notice is for. */
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
  // A look may be at a part of a thing: `<id>/<version>`, `<id> whole`.
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
