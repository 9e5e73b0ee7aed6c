/**
 * Drafts of articles. An editor's change waits until another editor has read it and publishes it as the next version.
 * A changed draft is a new row that replaces the one before.
 */
import type { PaperContent, PaperId } from '../../city/knowledge/paper.ts'
import type { AgentId, Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import { insertVersion, latestVersion, lockArticles } from './articles.ts'
import { isRetired } from './retirements.ts'

export interface ArticleDraft {
  readonly id: number
  readonly paper: PaperId
  /** The version that it changes; 0 for a new article. */
  readonly basedOn: number
  /** The newest version now; 0 while there is none. Unless it is `basedOn`, the draft cannot be published as it is. */
  readonly latest: number
  readonly content: PaperContent
  readonly author: AgentId
  /** The author's name. */
  readonly by: string
  readonly at: Millis
  /** Sent back to its author; null while it waits for a reader. */
  readonly returned: { readonly by: string; readonly at: Millis; readonly reason: string } | null
}

export type DraftRefusal =
  /** It was published, replaced or withdrawn meanwhile, or returned to its author. */
  | 'decided'
  | 'no such draft'
  /** Its author is the one who would publish it. */
  | 'own draft'
  /** The article has a newer version than the one that was changed. */
  | 'changed'
  /** The article is out of use: nobody would find the new version. */
  | 'retired'
  | 'no such article'
  | 'exists'
  /** Another draft of the article waits. */
  | 'another draft'

export type Drafted =
  | { readonly ok: true; readonly draft: number }
  | { readonly ok: false; readonly why: DraftRefusal }

/** `replaces`: the open draft that was changed; null when there was none. */
export async function addDraft(
  db: Database,
  change: {
    readonly id: PaperId
    readonly basedOn: number
    readonly content: PaperContent
    readonly replaces: number | null
    readonly by: AgentId
  },
): Promise<Drafted> {
  const { id, basedOn, content, replaces, by } = change
  return db.transaction().execute(async (trx): Promise<Drafted> => {
    await lockArticles(trx)
    const latest = await latestVersion(trx, id)
    if (latest !== basedOn)
      return { ok: false, why: basedOn === 0 ? 'exists' : latest === 0 ? 'no such article' : 'changed' }
    const open = await openDraftsOf(trx).where('d.paper', '=', id).executeTakeFirst()
    if ((open?.id ?? null) !== replaces) return { ok: false, why: 'another draft' }
    const { id: draft } = await trx
      .insertInto('paper_drafts')
      .values({ paper: id, based_on: basedOn, content: JSON.stringify(content), by })
      .returning('id')
      .executeTakeFirstOrThrow()
    if (replaces !== null) await addStep(trx, { draft: replaces, step: 'replaced', by })
    return { ok: true, draft }
  })
}

/** A review, published at once. It is refused while a draft waits, which could not be published after it. */
export async function addReview(
  db: Database,
  review: {
    readonly id: PaperId
    readonly basedOn: number
    readonly content: PaperContent
    readonly by: AgentId
  },
): Promise<Published> {
  const { id, basedOn, content, by } = review
  return db.transaction().execute(async (trx): Promise<Published> => {
    await lockArticles(trx)
    if ((await latestVersion(trx, id)) !== basedOn) return { ok: false, why: 'changed' }
    if ((await draftOfArticle(trx, id)) !== null) return { ok: false, why: 'another draft' }
    const version = basedOn + 1
    await insertVersion(trx, { id, version, content, by, publishedBy: by })
    return { ok: true, paper: id, version }
  })
}

export type Published =
  | { readonly ok: true; readonly paper: PaperId; readonly version: number }
  | { readonly ok: false; readonly why: DraftRefusal }

/** `alone`: its author may publish it (the setting ARTICLES_BY_ONE). */
export async function publishDraft(
  db: Database,
  { draft: id, by, alone }: { readonly draft: number; readonly by: AgentId; readonly alone: boolean },
): Promise<Published> {
  return db.transaction().execute(async (trx): Promise<Published> => {
    await lockArticles(trx)
    const draft = await draftById(trx, id)
    if (draft === null) return { ok: false, why: (await isDraft(trx, id)) ? 'decided' : 'no such draft' }
    if (draft.returned !== null) return { ok: false, why: 'decided' }
    if (draft.author === by && !alone) return { ok: false, why: 'own draft' }
    if (draft.latest !== draft.basedOn) return { ok: false, why: 'changed' }
    const { paper, content, author } = draft
    if (await isRetired(trx, paper)) return { ok: false, why: 'retired' }
    const version = draft.basedOn + 1
    await insertVersion(trx, { id: paper, version, content, by: author, publishedBy: by })
    await addStep(trx, { draft: id, step: 'published', version, by })
    return { ok: true, paper, version }
  })
}

/** With a reason the draft goes back to its author, without one its author takes it back. */
export async function endDraft(
  db: Database,
  { draft: id, by, reason }: { readonly draft: number; readonly by: AgentId; readonly reason: string | null },
): Promise<'done' | DraftRefusal> {
  return db.transaction().execute(async (trx) => {
    await lockArticles(trx)
    const draft = await draftById(trx, id)
    if (draft === null) return (await isDraft(trx, id)) ? 'decided' : 'no such draft'
    if (reason === null) await addStep(trx, { draft: id, step: 'withdrawn', by })
    else if (draft.returned === null) await addStep(trx, { draft: id, step: 'returned', reason, by })
    else return 'decided'
    return 'done'
  })
}

/** The oldest first. */
export async function openDrafts(db: Database, limit: number): Promise<ArticleDraft[]> {
  const rows = await openDraftsOf(db).orderBy('d.id').limit(limit).execute()
  return rows.map(draftOf)
}

/** Null: there is no such draft, or it is over. */
export async function draftById(db: Database, id: number): Promise<ArticleDraft | null> {
  const row = await openDraftsOf(db).where('d.id', '=', id).executeTakeFirst()
  return row === undefined ? null : draftOf(row)
}

/** The draft of an article that waits or was returned. */
export async function draftOfArticle(db: Database, paper: PaperId): Promise<ArticleDraft | null> {
  const row = await openDraftsOf(db).where('d.paper', '=', paper).executeTakeFirst()
  return row === undefined ? null : draftOf(row)
}

function openDraftsOf(db: Database) {
  return db
    .selectFrom('paper_drafts as d')
    .innerJoin('current_accounts as a', 'a.id', 'd.by')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('paper_draft_steps as s')
          .innerJoin('current_accounts as r', 'r.id', 's.by')
          .select(['s.recorded_at as returned_at', 's.reason', 'r.name as reader'])
          .whereRef('s.draft', '=', 'd.id')
          .where('s.step', '=', 'returned')
          .orderBy('s.id', 'desc')
          .limit(1)
          .as('back'),
      (join) => join.onTrue(),
    )
    .select(['d.id', 'd.paper', 'd.based_on', 'd.content', 'd.by', 'a.name', 'd.recorded_at'])
    .select(['back.returned_at', 'back.reason', 'back.reader'])
    .select((eb) =>
      eb
        .selectFrom('paper_versions as v')
        .select(({ fn }) => fn.max('v.version').as('latest'))
        .whereRef('v.paper', '=', 'd.paper')
        .as('latest'),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('paper_draft_steps as e')
            .select('e.id')
            .whereRef('e.draft', '=', 'd.id')
            .where('e.step', '<>', 'returned'),
        ),
      ),
    )
}

type Row = Awaited<ReturnType<ReturnType<typeof openDraftsOf>['executeTakeFirstOrThrow']>>

function draftOf(row: Row): ArticleDraft {
  const { id, paper, based_on: basedOn, content, by: author, name, recorded_at: at } = row
  const { returned_at: returnedAt, reason, reader } = row
  const isReturned = returnedAt !== null && reason !== null && reader !== null
  const returned = isReturned ? { by: reader, at: returnedAt, reason } : null
  return { id, paper, basedOn, latest: row.latest ?? 0, content, author, by: name, at, returned }
}

async function isDraft(db: Database, id: number): Promise<boolean> {
  const known = await db.selectFrom('paper_drafts').select('id').where('id', '=', id).executeTakeFirst()
  return known !== undefined
}

interface Step {
  readonly draft: number
  readonly step: 'returned' | 'published' | 'replaced' | 'withdrawn'
  readonly version?: number
  readonly reason?: string
  readonly by: AgentId
}

async function addStep(trx: Database, given: Step): Promise<void> {
  const { version = null, reason = null, draft, step, by } = given
  await trx.insertInto('paper_draft_steps').values({ draft, step, version, reason, by }).execute()
}
