/** The register of opened articles, by version and call: shows later what a citizen was told on a day. */
import { versionName, type PaperId } from '../../city/knowledge/paper.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import { recordAccess } from '../journal/access-log.ts'
import { knownWords } from './search.ts'

export interface Opening {
  readonly account: AgentId
  /** Null outside of a call. */
  readonly call: CallId | null
  readonly paper: PaperId
  readonly version: number
  /** The search text as typed; null without a search. */
  readonly query: string | null
}

/** Records the opening in register and access log. When it throws, the article must not be sent. */
export async function recordOpening(db: Database, opening: Opening): Promise<void> {
  const { account, call, paper, version } = opening
  const query = opening.query === null ? null : await knownWords(db, opening.query)
  await db.transaction().execute(async (trx) => {
    await trx.insertInto('paper_openings').values({ account, call, paper, version, query }).execute()
    const about = versionName(paper, version)
    await recordAccess(trx, { kind: 'paper', account, call, about, person: null, query })
  })
}

export interface ConsultedArticle {
  /** When it was first opened in this call. */
  readonly at: Millis
  readonly id: PaperId
  readonly version: number
  readonly title: string
  /** The institution that handles it; null: the city. */
  readonly handledBy: string | null
  /** The agent's name. */
  readonly agent: string
  readonly account: AgentId
}

const consultedMax = 100

/** The articles opened in a call: each version once, in order of its first opening. */
export async function articlesOf(db: Database, call: CallId): Promise<ConsultedArticle[]> {
  const first = db
    .selectFrom('paper_openings')
    .distinctOn(['paper', 'version'])
    .selectAll()
    .where('call', '=', call)
    .orderBy('paper')
    .orderBy('version')
    .orderBy('id')
  return db
    .with('first', () => first)
    .selectFrom('first')
    .innerJoin('paper_versions as v', (join) =>
      join.onRef('v.paper', '=', 'first.paper').onRef('v.version', '=', 'first.version'),
    )
    .innerJoin('current_accounts as a', 'a.id', 'first.account')
    .select([
      'first.recorded_at as at',
      'v.paper as id',
      'v.version',
      'v.title',
      'v.handled_by as handledBy',
      'a.name as agent',
      'first.account',
    ])
    .orderBy('first.id')
    .limit(consultedMax)
    .execute()
}

/** The titles of versions of articles, by the names that the access log has for them (`id@version`). */
export async function titlesOf(
  db: Database,
  versions: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (versions.length === 0) return new Map()
  const ids = versions.map((name) => name.slice(0, name.lastIndexOf('@')))
  const rows = await db
    .selectFrom('paper_versions')
    .select(['paper', 'version', 'title'])
    .where('paper', 'in', ids as PaperId[])
    .execute()
  return new Map(rows.map(({ paper, version, title }) => [versionName(paper, version), title]))
}
