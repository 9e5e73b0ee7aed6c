/** Synonyms of the search (buletin: carte de identitate). The newest row of a word counts. */
import type { AgentId } from '../../core/ids.ts'
import type { Database } from '../database.ts'

export interface Synonym {
  readonly word: string
  /** Empty: the word is no longer a synonym. */
  readonly means: string
}

export async function setSynonym(db: Database, synonym: Synonym, by: AgentId | null): Promise<void> {
  const { word, means } = synonym
  await db.insertInto('paper_synonyms').values({ word, means, by }).execute()
}

/** Synonyms in force, by word. */
export async function synonyms(db: Database, limit: number): Promise<Synonym[]> {
  const newest = db
    .selectFrom('paper_synonyms')
    .distinctOn('folded')
    .select(['folded', 'word', 'means'])
    .orderBy('folded')
    .orderBy('id', 'desc')
  return db
    .selectFrom(newest.as('s'))
    .select(['word', 'means'])
    .where('means', '<>', '')
    .orderBy('folded')
    .limit(limit)
    .execute()
}
