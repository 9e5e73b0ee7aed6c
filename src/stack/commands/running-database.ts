/** The database of the running system, or the one of DATABASE_URL, for the commands of `linia`. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from '../../config.ts'
import { withDatabaseAt } from '../../ledger/database.ts'
import type { Database } from '../../ledger/database.ts'
import { whyNoDatabase } from '../services/external-services.ts'
import { lockHolder } from '../lock.ts'
import { superuser } from '../services/postgres.ts'
import { UserError } from '../terminal.ts'
import { loadSecrets, type Secrets } from '../secrets.ts'

/** Runs `work`; returns its exit code, or 0. @throws {UserError} when there is no database or it does not answer. */
export async function withDatabase(
  settings: Settings,
  work: (db: Database) => Promise<number | void>,
  options: { readonly statementTimeoutMs?: number } = {},
): Promise<number> {
  const { url, name } = await ledgerOf(settings)
  const why = await whyNoDatabase(name, url, true)
  if (why !== null) throw new UserError(why)
  return withDatabaseAt({ url, ...options }, async (db) => (await work(db)) ?? 0)
}

/** `name`: the beginning of a sentence about it. */
async function ledgerOf(settings: Settings): Promise<{ readonly url: string; readonly name: string }> {
  const { databaseUrl } = settings.given
  if (databaseUrl !== null) return { url: databaseUrl, name: 'DATABASE_URL' }
  const { port, secrets } = await privateLedger(settings)
  return { url: `postgres://linia_app:${secrets.databaseApp}@127.0.0.1:${port}/linia`, name: 'The ledger' }
}

/**
 * URL of the administrator's login: of the running private database, or DATABASE_ADMIN_URL.
 * @throws {UserError} when there is none or it does not answer.
 */
export async function adminUrlOf(settings: Settings): Promise<string> {
  const { databaseUrl, databaseAdminUrl } = settings.given
  if (databaseUrl !== null && databaseAdminUrl === null)
    throw new UserError(
      'DATABASE_URL’s login may not read everything. Set DATABASE_ADMIN_URL too, or copy that database with its own means.',
    )
  const url = databaseAdminUrl ?? (await privateAdminUrl(settings))
  const why = await whyNoDatabase(databaseAdminUrl === null ? 'The ledger' : 'DATABASE_ADMIN_URL', url, true)
  if (why !== null) throw new UserError(why)
  return url
}

async function privateAdminUrl(settings: Settings): Promise<string> {
  const { port, secrets } = await privateLedger(settings)
  return `postgres://${superuser}:${secrets.databaseAdmin}@127.0.0.1:${port}/linia`
}

async function privateLedger({
  paths,
}: Settings): Promise<{ readonly port: number; readonly secrets: Secrets }> {
  const ports = join(paths.var, 'ports.json')
  const holder = await lockHolder(paths.var)
  if (holder === null || !existsSync(ports))
    throw new UserError('Linia is not running here. Start it with: make run — or set DATABASE_URL.')
  if (holder.ledger === 'given')
    throw new UserError(
      `Linia at ${holder.url} was started with a database of its own (DATABASE_URL): set it in this terminal too.`,
    )
  const { postgres } = JSON.parse(await readFile(ports, 'utf8')) as { postgres: number }
  return { port: postgres, secrets: await loadSecrets(paths.secrets) }
}
