/** Keepers of a journal of their own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { headSigner } from '../../../src/city/journal/checkpoint.ts'
import { JournalKeeper, type JournalOptions } from '../../../src/jobs/journal/keeper.ts'
import { removeAgreementTexts } from '../../support/city/journal-entries.ts'
import { testDatabase } from '../../support/postgres.ts'

export const signer = headSigner('signs the heads of these tests, long enough')

export async function keeperStage(
  t: Parameters<typeof testDatabase>[0],
  redis: { readonly url: string },
  more: Partial<JournalOptions> = {},
) {
  const database = await testDatabase(t)
  await removeAgreementTexts(database)
  const folder = mkdtempSync(path.join(tmpdir(), 'linia-anchor-'))
  const anchor = path.join(folder, 'anchor')
  const place = { folder: anchor, own: path.join(folder, 'own'), verifierKey: signer.verifierKey }
  const log: string[] = []
  const prefix = `test-${database.name}`
  const another = (other: Partial<JournalOptions>) => {
    const keeper = new JournalKeeper({
      db: database.db,
      databaseUrl: database.appUrl,
      redisUrl: redis.url,
      prefix,
      place,
      signer,
      stampCa: null,
      retention: null,
      log: pino({ level: 'info' }, { write: (line) => void log.push(line) }),
      now: Date.now,
      everyMs: 50,
      ...other,
    })
    t.teardown(() => keeper.stop())
    return keeper
  }
  const keeper = another(more)
  t.teardown(() => rmSync(folder, { recursive: true }))
  return { ...database, keeper, another, anchor, place, log, prefix }
}
