/** Two notices for the demo's idle desk, valid for a month from the first start. */
import { PaperId } from '../../../src/city/knowledge/paper.ts'
import { dateAt } from '../../../src/core/local-time.ts'
import type { Database } from '../../../src/ledger/database.ts'
import { addNotice } from '../../../src/ledger/knowledge/notices.ts'
import { accountByUsername } from '../../../src/people/accounts.ts'

const monthMs = 30 * 86_400_000

const notices = [
  {
    text: 'Ghișeul 3 de la stare civilă este în reparații: certificatele se dau la ghișeele 1, 2 și 4.',
    articles: ['nastere-duplicat', 'casatorie-duplicat', 'deces-duplicat'].map(PaperId),
  },
  {
    text: 'Strada Oituz nu are apă până la ora 16; cisternă la colț cu strada Mărășești.',
    articles: [],
  },
]

/** Runs once: ended notices are not added again. */
export async function seedNotices(db: Database): Promise<void> {
  const editor = await accountByUsername(db, 'editor01')
  const known = await db.selectFrom('notices').select('id').limit(1).executeTakeFirst()
  if (editor === null || known !== undefined) return
  const now = Date.now()
  for (const notice of notices)
    await addNotice(db, {
      ...notice,
      queues: [],
      from: dateAt(now),
      to: dateAt(now + monthMs),
      by: editor.id,
    })
}
