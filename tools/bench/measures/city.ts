/** Measures of the city half, one call per subject; `measured` gets the rows of each as soon as they are there. */
import type { DemoFile } from '../../demo/demo-file.ts'
import { say } from '../../../src/stack/terminal.ts'
import type { Stack } from '../../../src/stack/stack.ts'
import type { Row } from '../report/figures.ts'
import { accessLogWrites } from './access-log.ts'
import { paperSearches } from './paper-search.ts'
import { registrations } from './request-registration.ts'
import type { Sizes } from '../sizes.ts'
import { accountViews } from './account-views.ts'

export async function measureCity(
  stack: Stack,
  { url, accounts }: DemoFile,
  { searches, registrations: registered, looks, views }: Sizes,
  measured: (rows: readonly Row[]) => Promise<void>,
): Promise<void> {
  const databaseUrl = stack.environment['DATABASE_URL'] ?? ''
  if (searches > 0) {
    say(`${searches} searches in the knowledge base …`)
    await measured([await paperSearches(databaseUrl, searches)])
  }
  if (registered > 0) {
    say(`${registered} requests registered …`)
    await measured(await registrations(url, accounts, registered))
  }
  if (looks > 0) {
    say(`${looks} access log entries …`)
    await measured(await accessLogWrites(databaseUrl, looks))
  }
  if (views > 0) {
    say(`${views} account views …`)
    await measured(await accountViews(views))
  }
}
