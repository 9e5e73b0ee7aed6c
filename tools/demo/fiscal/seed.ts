/** Seeds the demo's fiscal database in the private PostgreSQL, with the taxpayers listed in `var/demo.json`. */
import { pino } from 'pino'
import { factsOf, type Fact } from '../../../src/city/taxes/facts.ts'
import { accountParts } from '../../../src/city/taxes/account.ts'
import { readIdentifier } from '../../../src/city/taxes/identifier.ts'
import { dateAt } from '../../../src/core/local-time.ts'
import { openFiscal } from '../../../src/fiscal/postgres.ts'
import { cast, type CastMember } from './cast.ts'
import { demoSeed, provideFiscal } from './provide.ts'
import type { Seeding } from '../../../src/stack/stack.ts'
import { ensureDatabase } from '../../../src/stack/services/postgres.ts'
import type { Say } from '../../../src/stack/terminal.ts'

/** A taxpayer whom a person can play on the phone, with the answers to the identity questions. */
export interface Played extends CastMember {
  readonly answers: readonly Pick<Fact, 'topic' | 'subject' | 'expected'>[]
}

export interface SeededFiscal {
  readonly environment: Readonly<Record<string, string>>
  readonly taxpayers: readonly Played[]
}

/** Does nothing when the city has its own fiscal database, or with an external PostgreSQL. */
export async function seedFiscal({ adminUrl, settings, secrets }: Seeding, tell: Say): Promise<SeededFiscal> {
  if (settings.given.taxDatabaseUrl !== null || adminUrl === null) return { environment: {}, taxpayers: [] }
  const { url } = await provideFiscal({
    adminUrl: await ensureDatabase(new URL('./', adminUrl).href, 'fiscal'),
    rolePrefix: 'fiscal',
    readerPassword: secrets.databaseFiscal,
    seed: demoSeed,
    taxpayers: settings.demoTaxpayers,
    asOf: dateAt(Date.now()),
    tell,
  })
  return { environment: { TAX_DATABASE_URL: url }, taxpayers: await played(url) }
}

/** Read through the reader's login, as the server does. */
async function played(url: string): Promise<Played[]> {
  const fiscal = openFiscal({ url, log: pino({ level: 'silent' }), answerWithinMs: 10_000 })
  try {
    const all: Played[] = []
    for (const { role, name, address, identifier } of Object.values(cast)) {
      const read = readIdentifier(identifier)
      const found = read.ok ? await fiscal.find({ name, address, identifier: read.identifier }) : null
      const answer = found?.outcome === 'match' ? await fiscal.account(found.taxpayer, accountParts) : null
      const facts = answer?.outcome === 'account' ? factsOf(answer.account) : []
      const answers = facts.map(({ topic, subject, expected }) => ({ topic, subject, expected }))
      all.push({ role, name, address, identifier, answers })
    }
    return all
  } finally {
    await fiscal.close()
  }
}
