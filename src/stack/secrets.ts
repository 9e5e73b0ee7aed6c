/** Random secrets of the private services: generated once, stored under `var/` with mode 0600, never on a command line. */
import { createHmac, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { writePrivate } from './files.ts'
import { UserError } from './terminal.ts'

const names = [
  'databaseAdmin',
  'databaseApp',
  'databaseRetention',
  /** The reader's login of the demo's fiscal database. */
  'databaseFiscal',
  'redis',
  'ari',
  'ami',
  /** Seals the session cookies. */
  'session',
  /** Seals the secrets of authenticator apps. */
  'factors',
  /** The phones' passwords are derived from it. */
  'phones',
  /** The demo accounts' passwords are derived from it. */
  'accounts',
  /** Signs the journal's heads. */
  'journal',
  /** Key of the pseudonyms of persons in the journal. */
  'persons',
  /** Webhook secrets of the demo's document system, one for each direction. */
  'documents',
  'documentStatuses',
] as const
export type Secrets = Readonly<Record<(typeof names)[number], string>>

export async function loadSecrets(file: string): Promise<Secrets> {
  const kept = existsSync(file) ? parse(file, await readFile(file, 'utf8')) : {}
  const missing = names.filter((name) => kept[name] === undefined)
  // base64url needs no escaping in URLs and in Asterisk's files.
  const made = Object.fromEntries(missing.map((name) => [name, randomBytes(32).toString('base64url')]))
  const secrets = { ...kept, ...made } as Secrets
  if (missing.length > 0) await writePrivate(file, `${JSON.stringify(secrets, null, 2)}\n`)
  return secrets
}

/** The server's secrets, as settings that `config.ts` reads. */
export function serverSecrets({
  session,
  factors,
  phones,
  journal,
  persons,
}: Secrets): Record<string, string> {
  return {
    SESSION_SECRET: session,
    FACTOR_KEY: factors,
    PHONE_SECRET: phones,
    JOURNAL_KEY: journal,
    PERSON_KEY: persons,
  }
}

/** Stable across restarts while the secret is the same. */
export function passwordOf(secrets: Secrets, username: string): string {
  return createHmac('sha256', secrets.accounts).update(`account ${username}`).digest('base64url').slice(0, 20)
}

function parse(file: string, text: string): Record<string, string> {
  try {
    return JSON.parse(text) as Record<string, string>
  } catch {
    // New secrets would not match the existing database.
    throw new UserError(`${file} is damaged. Put back a copy of it, or remove all data with: make clean`)
  }
}
