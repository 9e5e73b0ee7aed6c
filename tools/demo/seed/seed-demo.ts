/** Seeds the demo's accounts, contacts, articles and notices, and writes `var/demo.json` with the accounts' passwords. */
import { openDatabase, type Database } from '../../../src/ledger/database.ts'
import { firstEpochs } from '../../../src/people/phone-epochs.ts'
import { phonePasswords, phoneUser } from '../../../src/people/phones.ts'
import { whyNoButtons } from '../buttons.ts'
import { seedAccounts, type SeededAccount, type SeedOptions } from './accounts.ts'
import { frontUrls } from '../../../src/stack/services/front-urls.ts'
import { seedContacts } from './contacts.ts'
import { seedDraft } from './drafts.ts'
import { seedNotices } from './notices.ts'
import { seedPapers } from './papers.ts'
import { writePrivate } from '../../../src/stack/files.ts'
import { whyNotFreeUdp } from '../../../src/stack/services/ports.ts'
import { passwordOf } from '../../../src/stack/secrets.ts'
import type { Seeding } from '../../../src/stack/stack.ts'

/** Source address of the demo's callers: the first of the provider's addresses on this machine; null: none. */
export async function citizensAddress(trunkHosts: readonly string[]): Promise<string | null> {
  for (const host of trunkHosts)
    if (!host.includes('/') && (await whyNotFreeUdp(host, 0)) === null) return host
  return null
}

export interface DemoOptions extends Pick<SeedOptions, 'agents' | 'hash' | 'hasCodes'> {
  /** Further fields of `var/demo.json`. */
  readonly more?: object
}

/** Adds missing rows and writes `var/demo.json`, readable by this user only. */
export async function seedDemo(seeding: Seeding, { more, ...people }: DemoOptions = {}): Promise<void> {
  const { databaseUrl, settings, secrets } = seeding
  const db = openDatabase({ url: databaseUrl, connectionsMax: 4 })
  try {
    const seeded = await seedRows(db, {
      passwordOf: (username) => passwordOf(secrets, username),
      ...people,
    })
    const passwordOfPhone = phonePasswords(secrets.phones)
    const epochs = await deskEpochs(db)
    const accounts = seeded.map(({ role, name, username }) => {
      const sipUser = phoneUser(username, 'desk')
      const epoch = epochs.get(username) ?? firstEpochs.desk
      const phone = { username: sipUser, password: passwordOfPhone(sipUser, epoch) }
      const account = { role, name, username, password: passwordOf(secrets, username) }
      return role === 'agent' || role === 'supervisor' ? { ...account, phone } : account
    })
    const demo = {
      url: frontUrls(settings)[0],
      line: '969',
      sip: { host: settings.lan ?? settings.sip.host, port: settings.sip.port },
      trunk: await citizensAddress(settings.trunkHosts),
      accounts,
      buttons: whyNoButtons(settings) === null,
      ...more,
    }
    await writePrivate(settings.paths.demo, `${JSON.stringify(demo, null, 2)}\n`)
  } finally {
    await db.destroy()
  }
}

/** The demo's part of the database. */
export async function seedRows(db: Database, people: SeedOptions): Promise<SeededAccount[]> {
  const accounts = await seedAccounts(db, people)
  await seedContacts(db)
  await seedPapers(db)
  await seedNotices(db)
  await seedDraft(db)
  return accounts
}

/** By username; desk phones whose secret was never replaced are missing. */
async function deskEpochs(db: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('phone_epochs')
    .innerJoin('accounts', 'accounts.id', 'phone_epochs.account')
    .select(['username', 'desk'])
    .execute()
  return new Map(rows.map(({ username, desk }) => [username, desk]))
}
