/** `linia user …`: accounts of the running system, or of the database that DATABASE_URL names. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from '../config.ts'
import { openDatabase } from '../ledger/database.ts'
import type { Database } from '../ledger/database.ts'
import { accountByUsername, addAccount, closeAccount, listAccounts } from '../people/accounts.ts'
import { phonePasswords, phoneUser } from '../people/phones.ts'
import { isRole, roles } from '../people/roles.ts'
import type { Role } from '../people/roles.ts'
import { whyNoDatabase } from './given.ts'
import { lockHolder } from './lock.ts'
import { say, Trouble } from './screen.ts'
import { loadSecrets } from './secrets.ts'

/** The password is made here and shown once: a command line is no place for one. */
export async function addUser(settings: Settings, args: readonly string[]): Promise<number> {
  const [username = '', name = '', ...words] = args
  if (username === '' || name === '')
    throw new Trouble('Say whom: linia user add <username> "<name>" [role …]')
  const unknown = words.find((word) => !isRole(word))
  if (unknown !== undefined) throw new Trouble(`"${unknown}" is not a role. Roles: ${roles.join(', ')}`)
  const wanted: readonly Role[] = words.length === 0 ? ['agent'] : words.filter(isRole)
  const password = randomBytes(12).toString('base64url')
  return withDatabase(settings, async (db) => {
    const added = await addAccount(db, { username, name, roles: wanted, employer: 'Primăria', password })
    if (!added.ok)
      throw new Trouble(
        added.why === 'username taken'
          ? `There is already an account "${username}".`
          : `"${username}" cannot be a username: 2–40 of a–z, 0–9, dot, dash and underscore, a letter first.`,
      )
    if (wanted.includes('agent')) await giveSkills(db, added.account.id)
    const { username: user } = added.account
    say(`${user} may sign in. Password, shown only now: ${password}`)
    if (wanted.includes('agent')) await tellPhone(settings, user)
  })
}

/** What to type into the agent's desk phone; the browser's gets its account by itself. */
async function tellPhone({ paths }: Settings, username: string): Promise<void> {
  // Without the secret of the running system there is nothing to derive the password from.
  if (!existsSync(paths.secrets)) return
  const user = phoneUser(username, 'desk')
  const password = phonePasswords((await loadSecrets(paths.secrets)).phones)(user)
  say(`Desk phone (SIP): user ${user}, password ${password}`)
}

export async function listUsers(settings: Settings): Promise<number> {
  return withDatabase(settings, async (db) => {
    for (const { username, name, roles, closedAt } of await listAccounts(db))
      say(
        [username.padEnd(16), name.padEnd(28), roles.join(', '), closedAt === null ? '' : '(closed)']
          .join(' ')
          .trimEnd(),
      )
  })
}

export async function closeUser(settings: Settings, args: readonly string[]): Promise<number> {
  const [username = ''] = args
  if (username === '') throw new Trouble('Say whom: linia user close <username>')
  return withDatabase(settings, async (db) => {
    const account = await accountByUsername(db, username)
    const closed = account === null ? 'unknown account' : await closeAccount(db, account.id, null)
    if (closed === 'unknown account') throw new Trouble(`There is no account "${username}".`)
    say(closed === 'closed' ? `${username} may no longer sign in.` : `${username} was closed before.`)
  })
}

/** A new agent serves every queue, at its least level; the administrator's screen refines it. */
async function giveSkills(
  db: Database,
  account: NonNullable<Awaited<ReturnType<typeof accountByUsername>>>['id'],
): Promise<void> {
  const queues = await db.selectFrom('queues').select(['skill', 'level_min']).execute()
  const skills = new Map(queues.map((queue) => [queue.skill, queue.level_min]))
  const rows = [...skills].map(([skill, level]) => ({ account, skill, level }))
  if (rows.length > 0) await db.insertInto('agent_skills').values(rows).execute()
}

async function withDatabase(settings: Settings, work: (db: Database) => Promise<void>): Promise<number> {
  const { url, name } = await ledgerOf(settings)
  const why = await whyNoDatabase(name, url, true)
  if (why !== null) throw new Trouble(why)
  const db = openDatabase({ url, connectionsMax: 1 })
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
