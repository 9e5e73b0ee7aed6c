/** A draft of the demo's second editor, so that the first one has something to read and publish. */
import { PaperId } from '../../../src/city/knowledge/paper.ts'
import { contentOf } from '../../../src/city/knowledge/review.ts'
import { dateAt } from '../../../src/core/local-time.ts'
import type { Database } from '../../../src/ledger/database.ts'
import { articleById } from '../../../src/ledger/knowledge/articles.ts'
import { addDraft } from '../../../src/ledger/knowledge/drafts.ts'
import { accountByUsername } from '../../../src/people/accounts.ts'

const id = PaperId('ajutor-incalzire')
const hours = 'luni–joi 8:00–16:30, vineri 8:00–14:00; în decembrie și ianuarie, joi până la 18:30'

/** Runs once: a draft that was published or withdrawn is not added again. */
export async function seedDraft(db: Database): Promise<void> {
  const editor = await accountByUsername(db, 'editor02')
  const known = await db.selectFrom('paper_drafts').select('id').limit(1).executeTakeFirst()
  const article = await articleById(db, id, dateAt(Date.now()))
  if (editor === null || known !== undefined || article?.version !== 1) return
  const content = { ...contentOf(article), hours }
  await addDraft(db, { id, basedOn: 1, content, replaces: null, by: editor.id })
}
