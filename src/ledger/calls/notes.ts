/**
 * Notes on calls. Saving the agent's notes again adds a version, of which the last counts; a note that is added later
 * stands beside them. The register keeps a salted digest; the text is stored in `note_texts`, from which retention may
 * delete it.
 */
import { sql } from 'kysely'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import { sealed } from '../retention/sealed-values.ts'
import { lockCorrections } from './wrap-ups.ts'

export interface Note {
  readonly at: Millis
  /** The author's name. */
  readonly author: string
  readonly authorId: AgentId
  readonly text: string
  /** Added after the call had left the desk. */
  readonly later: boolean
}

interface NewNote {
  readonly call: CallId
  readonly author: AgentId
  readonly text: string
  readonly later?: boolean
  /** Adds nothing where the author has a later note: what a page sends again must not stand beside it. */
  readonly unlessCorrected?: boolean
}

/** Returns whether the note was added. */
export async function addNote(db: Database, note: NewNote): Promise<boolean> {
  // PostgreSQL's text cannot hold NUL; a pasted one must not lose the note.
  const { salt, value: text, digest } = sealed(note.text.replaceAll('\u0000', ''))
  return db.transaction().execute(async (trx) => {
    if (note.later === true) await lockCorrections(trx, note.call)
    if (note.unlessCorrected === true && (await hasLaterNote(trx, note.call, note.author))) return false
    const { id } = await trx
      .insertInto('notes')
      .values({ call: note.call, author: note.author, digest, later: note.later === true ? true : null })
      .returning('id')
      .executeTakeFirstOrThrow()
    await trx.insertInto('note_texts').values({ note: id, salt, text }).execute()
    return true
  })
}

/** Whether this author has added a note after the call. */
async function hasLaterNote(db: Database, call: CallId, author: AgentId): Promise<boolean> {
  const row = await db
    .selectFrom('notes')
    .select('id')
    .where('call', '=', call)
    .where('author', '=', author)
    .where('later', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** The last version of each author's notes, and every note that was added later; oldest first. */
export async function notesOf(db: Database, call: CallId): Promise<Note[]> {
  const latest = db
    .selectFrom('notes')
    .select(['id', 'author', 'recorded_at', 'later'])
    .distinctOn('author')
    .where('call', '=', call)
    .where('later', 'is', null)
    .orderBy('author')
    .orderBy('id', 'desc')
  const added = db
    .selectFrom('notes')
    .select(['id', 'author', 'recorded_at', 'later'])
    .where('call', '=', call)
    .where('later', 'is not', null)
  return db
    .with('latest', () => latest)
    .with('shown', (trx) => trx.selectFrom('latest').selectAll().unionAll(added))
    .selectFrom('shown')
    .innerJoin('note_texts', 'note_texts.note', 'shown.id')
    .innerJoin('current_accounts', 'current_accounts.id', 'shown.author')
    .select([
      'shown.recorded_at as at',
      'current_accounts.name as author',
      'shown.author as authorId',
      'note_texts.text',
    ])
    .select(sql<boolean>`shown.later is not null`.as('later'))
    .orderBy('shown.id')
    .execute()
}
