/**
 * An agent's notes on a call. Saving again adds a version; the last one of each author is shown.
 * The register keeps a salted digest; the words stand in `note_texts`, which retention may empty.
 */
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import { sealed } from '../retention/sealed-values.ts'

export interface Note {
  readonly at: Millis
  /** The author's name. */
  readonly author: string
  readonly text: string
}

export async function addNote(
  db: Database,
  note: { readonly call: CallId; readonly author: AgentId; readonly text: string },
): Promise<void> {
  // PostgreSQL's text cannot hold NUL; a pasted one must not cost the agent the note.
  const { salt, value: text, digest } = sealed(note.text.replaceAll('\u0000', ''))
  await db.transaction().execute(async (trx) => {
    const { id } = await trx
      .insertInto('notes')
      .values({ call: note.call, author: note.author, digest })
      .returning('id')
      .executeTakeFirstOrThrow()
    await trx.insertInto('note_texts').values({ note: id, salt, text }).execute()
  })
}

/** The last version of each author's notes, oldest first. */
export async function notesOf(db: Database, call: CallId): Promise<Note[]> {
  const latest = db
    .selectFrom('notes')
    .selectAll()
    .distinctOn('author')
    .where('call', '=', call)
    .orderBy('author')
    .orderBy('id', 'desc')
  return db
    .with('latest', () => latest)
    .selectFrom('latest')
    .innerJoin('note_texts', 'note_texts.note', 'latest.id')
    .innerJoin('current_accounts', 'current_accounts.id', 'latest.author')
    .select(['latest.recorded_at as at', 'current_accounts.name as author', 'note_texts.text'])
    .orderBy('latest.id')
    .execute()
}
