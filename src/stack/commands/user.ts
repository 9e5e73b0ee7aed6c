/** `linia user …`: accounts of the running system, or of the database of DATABASE_URL. */
import { existsSync } from 'node:fs'
import type { Settings } from '../../config.ts'
import {
  accountByUsername,
  addAccount,
  closeAccount,
  listAccounts,
  type Added,
} from '../../people/accounts.ts'
import { newPassword } from '../../people/passwords.ts'
import { phonePasswords, phoneUser } from '../../people/phones.ts'
import { isRole, roles } from '../../people/roles.ts'
import type { Role } from '../../people/roles.ts'
import { serveEveryQueue } from '../../people/skills.ts'
import { withDatabase } from './running-database.ts'
import { say, UserError } from '../terminal.ts'
import { loadSecrets } from '../secrets.ts'

const cityHall = 'Primăria'

const whyNotAdded: Readonly<
  Record<Extract<Added, { ok: false }>['why'], (username: string, employer: string) => string>
> = {
  'username taken': (username) => `There is already an account "${username}".`,
  'username not usable': (username) =>
    `"${username}" cannot be a username: 2–40 of a–z, 0–9, dot, dash and underscore, a letter first.`,
  'roles not together': () =>
    'An administrator has no other role, because the person who hands out accounts must not see city data.',
  'contract ended': (_username, employer) =>
    `The contract of "${employer}" has ended. Renew it first: linia employer renew "${employer}"`,
}

/** The password is generated and shown once, because command lines are visible to other users. */
export async function addUser(settings: Settings, args: readonly string[]): Promise<number> {
  const { rest, employer } = withEmployer(args)
  const [username = '', name = '', ...words] = rest
  if (username === '' || name === '')
    throw new UserError('Say whom: linia user add <username> "<name>" [role …] [--employer "<name>"]')
  const unknown = words.find((word) => !isRole(word))
  if (unknown !== undefined) throw new UserError(`"${unknown}" is not a role. Roles: ${roles.join(', ')}`)
  const wanted: readonly Role[] = words.length === 0 ? ['agent'] : words.filter(isRole)
  const password = newPassword()
  return withDatabase(settings, async (db) => {
    const added = await addAccount(db, { username, name, roles: wanted, employer, password })
    if (!added.ok) throw new UserError(whyNotAdded[added.why](username, employer))
    if (wanted.includes('agent')) await serveEveryQueue(db, added.account.id)
    const { username: user } = added.account
    say(`${user} may sign in. Password, shown only now: ${password}`)
    if (wanted.includes('agent')) await tellPhone(settings, user)
  })
}

/** Prints the SIP account for the agent's desk phone; the browser phone is configured automatically. */
async function tellPhone({ paths }: Settings, username: string): Promise<void> {
  // The password is derived from the secret of the running system.
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
  if (username === '') throw new UserError('Say whom: linia user close <username>')
  return withDatabase(settings, async (db) => {
    const account = await accountByUsername(db, username)
    const closed = account === null ? 'unknown account' : await closeAccount(db, account.id, null)
    if (closed === 'unknown account') throw new UserError(`There is no account "${username}".`)
    say(closed === 'closed' ? `${username} may no longer sign in.` : `${username} was closed before.`)
  })
}

function withEmployer(args: readonly string[]): {
  readonly rest: readonly string[]
  readonly employer: string
} {
  const at = args.indexOf('--employer')
  if (at === -1) return { rest: args, employer: cityHall }
  const employer = args[at + 1]?.trim() ?? ''
  if (employer === '') throw new UserError('Say which employer: --employer "Firma SRL"')
  return { rest: args.toSpliced(at, 2), employer }
}
