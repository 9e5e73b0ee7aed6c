/** Random secrets of the private services: generated once, stored under `var/` with mode 0600, never on a command line. */
import { createHmac, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { writePrivate } from './files.ts'
import { UserError } from './terminal.ts'

export const secretNames = [
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
export type SecretName = (typeof secretNames)[number]
export type Secrets = Readonly<Record<SecretName, string>>

/** The file's content: the secrets, and since when each of them is in use (ISO 8601). */
interface Kept {
  readonly secrets: Partial<Record<SecretName, string>>
  readonly since: Partial<Record<SecretName, string>>
}

export async function loadSecrets(file: string): Promise<Secrets> {
  const { secrets: kept, since } = await read(file)
  const missing = secretNames.filter((name) => kept[name] === undefined)
  const made = Object.fromEntries(missing.map((name) => [name, newSecret()]))
  const secrets = { ...kept, ...made } as Secrets
  if (missing.length > 0) await write(file, secrets, { ...since, ...sinceNow(missing) })
  return secrets
}

/** Undefined: made by a version that did not keep the time. */
export async function secretsSince(file: string): Promise<Partial<Record<SecretName, string>>> {
  return (await read(file)).since
}

/**
 * Replaces one secret. `before` brings its holder the new value, where a start does not do that; the file changes last,
 * so that a repetition mends a failure in between.
 */
export async function replaceSecret(
  file: string,
  name: SecretName,
  before: (value: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const secrets = await loadSecrets(file)
  const { since } = await read(file)
  const value = newSecret()
  await before(value)
  await write(file, { ...secrets, [name]: value }, { ...since, ...sinceNow([name]) })
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
export function passwordOf(secrets: Pick<Secrets, 'accounts'>, username: string): string {
  return createHmac('sha256', secrets.accounts).update(`account ${username}`).digest('base64url').slice(0, 20)
}

// base64url needs no escaping in URLs and in Asterisk's files.
const newSecret = (): string => randomBytes(32).toString('base64url')

function sinceNow(names: readonly SecretName[]): Partial<Record<SecretName, string>> {
  return Object.fromEntries(names.map((name) => [name, new Date().toISOString()]))
}

function write(file: string, secrets: Secrets, since: Kept['since']): Promise<void> {
  return writePrivate(file, `${JSON.stringify({ ...secrets, since }, null, 2)}\n`)
}

async function read(file: string): Promise<Kept> {
  if (!existsSync(file)) return { secrets: {}, since: {} }
  const { since = {}, ...secrets } = parse(file, await readFile(file, 'utf8'))
  return { secrets, since }
}

function parse(file: string, text: string): Kept['secrets'] & Partial<Pick<Kept, 'since'>> {
  try {
    return JSON.parse(text) as ReturnType<typeof parse>
  } catch {
    // New secrets would not match the existing database.
    throw new UserError(`${file} is damaged. Put back a copy of it, or remove all data with: make clean`)
  }
}
