/** What the city half is measured by; each subject adds its row here. */
import type { Stack } from '../../src/stack/stack.ts'
import { say } from '../../src/stack/screen.ts'
import type { Row } from './figures.ts'
import { paperSearches } from './papers.ts'
import type { Sizes } from './sizes.ts'

export async function cityRows(stack: Stack, { searches }: Sizes): Promise<Row[]> {
  const databaseUrl = stack.environment['DATABASE_URL'] ?? ''
  const rows: Row[] = []
  if (searches > 0) {
    say(`${searches} searches among papers …`)
    rows.push(await paperSearches(databaseUrl, searches))
  }
  return rows
}
