/** The database of the running system, or the one that DATABASE_URL names, for the commands of `linia`. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from '../config.ts'
import { openDatabase } from '../ledger/database.ts'
import type { Database } from '../ledger/database.ts'
import { whyNoDatabase } from './given.ts'
import { lockHolder } from './lock.ts'
import { Trouble } from './screen.ts'
import { loadSecrets } from './secrets.ts'

/** @throws {Trouble} when there is none, or when it does not answer. */
export async function withDatabase(
  settings: Settings,
  work: (db: Database) => Promise<void>,
  options: { readonly statementTimeoutMs?: number } = {},
): Promise<number> {
  const { url, name } = await ledgerOf(settings)
  const why = await whyNoDatabase(name, url, true)
  if (why !== null) throw new Trouble(why)
  const db = openDatabase({ url, connectionsMax: 1, ...options })
  try {
    await work(db)
    return 0
  } finally {
    await db.destroy()
  }
}

/** `name`: what a sentence about it begins with. */
async function ledgerOf({
  given,
  paths,
}: Settings): Promise<{ readonly url: string; readonly name: string }> {
  if (given.databaseUrl !== null) return { url: given.databaseUrl, name: 'DATABASE_URL' }
  const ports = join(paths.var, 'ports.json')
  const holder = await lockHolder(paths.var)
  if (holder === null || !existsSync(ports))
    throw new Trouble('Linia is not running here. Start it with: make run — or set DATABASE_URL.')
  if (holder.ledger === 'given')
    throw new Trouble(
      `Linia at ${holder.url} was started with a database of its own (DATABASE_URL): set it in this terminal too.`,
    )
  const { postgres } = JSON.parse(await readFile(ports, 'utf8')) as { postgres: number }
  const secrets = await loadSecrets(paths.secrets)
  const url = `postgres://linia_app:${secrets.databaseApp}@127.0.0.1:${postgres}/linia`
  return { url, name: 'The ledger' }
}
