/** The demo's queues, added to what a fresh installation has; a configuration that somebody has changed stays as it is. */
import type { QueueSetting } from '../../../src/core/configuration/schema.ts'
import { newestConfiguration, publishConfiguration } from '../../../src/ledger/configuration/versions.ts'
import type { Database } from '../../../src/ledger/database.ts'

const queues: readonly QueueSetting[] = [
  {
    id: 'general',
    name: 'Informații generale',
    nameEn: 'General information',
    skill: 'general',
    levelMin: 1,
    priority: 10,
    ageingSeconds: 30,
  },
  // No number leads to it yet; a menu will.
  {
    id: 'taxe',
    name: 'Taxe și impozite',
    nameEn: 'Taxes',
    skill: 'taxe',
    levelMin: 2,
    priority: 10,
    ageingSeconds: 30,
  },
]

export async function seedConfiguration(db: Database): Promise<void> {
  const { id: basedOn, document } = await newestConfiguration(db)
  if (basedOn !== 0) return
  await publishConfiguration(db, {
    document: { ...document, queues: [...queues] },
    basedOn,
    reason: 'demo',
    by: null,
  })
}
