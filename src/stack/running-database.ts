/** The database of the running system, or the one that DATABASE_URL names, for the commands of `linia`. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from '../config.ts'
import { openDatabase } from '../ledger/database.ts'
import type { Database } from '../ledger/database.ts'
import { lockHolder } from './lock.ts'
import { Trouble } from './screen.ts'
import { loadSecrets } from './secrets.ts'

/** @throws {Trouble} when there is none. */
export async function withDatabase(
  settings: Settings,
  work: (db: Database) => Promise<void>,
): Promise<number> {
  const db = openDatabase({ url: await databaseUrl(settings), connectionsMax: 1 })
  try {
    await work(db)
    return 0
  } finally {
    await db.destroy()
  }
}

async function databaseUrl({ given, paths }: Settings): Promise<string> {
  if (given.databaseUrl !== null) return given.databaseUrl
  const ports = join(paths.var, 'ports.json')
  if ((await lockHolder(paths.var)) === null || !existsSync(ports))
    throw new Trouble('Linia is not running here. Start it with: make run — or set DATABASE_URL.')
  const { postgres } = JSON.parse(await readFile(ports, 'utf8')) as { postgres: number }
  const secrets = await loadSecrets(paths.secrets)
  return `postgres://linia_app:${secrets.databaseApp}@127.0.0.1:${postgres}/linia`
}
