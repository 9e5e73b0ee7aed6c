/** `linia user …`: accounts of the running system, or of the database of DATABASE_URL. */
import type { Settings } from '../../config.ts'
import { accountByUsername, addAccount, closeAccount, type Added } from '../../people/accounts.ts'
import { accountPage, type AccountPage, type ListedAccount } from '../../people/account-list.ts'
import { confirmProposal, openProposals, type Proposal } from '../../people/account-proposals.ts'
import { issueActivation, type IssuedCode } from '../../people/activations.ts'
import { normalised } from '../../people/normalised.ts'
import { isRole, roles } from '../../people/roles.ts'
import type { Role } from '../../people/roles.ts'
import { serveEveryQueue } from '../../people/skills/agent-skills.ts'
import { withDatabase } from './running-database.ts'
import { say, UserError } from '../terminal.ts'
import type { Database } from '../../ledger/database.ts'

/** The employer of people for whom none is named. */
export const cityHall = 'Primăria'

export const whyNotAdded: Readonly<
  Record<Extract<Added, { ok: false }>['why'], (username: string, employer: string) => string>
> = {
  'username taken': (username) => `There is already an account "${username}".`,
  'username not usable': (username) =>
    `"${username}" cannot be a username: 2–40 of a–z, 0–9, dot, dash and underscore, a letter first.`,
  'roles not together': () =>
    'An administrator has no other role, because the person who hands out accounts must not see city data; nor has an auditor, because nobody audits themselves.',
  'contract ended': (_username, employer) =>
    `The contract of "${employer}" has ended. Renew it first: linia employer renew "${employer}"`,
}

/** The command line is the operator of the machine: its accounts need no second person. The journal has what it does. */
export async function addUser(settings: Settings, args: readonly string[]): Promise<number> {
  const { rest, employer } = withEmployer(args)
  const [username = '', name = '', ...words] = rest
  if (username === '' || name === '')
    throw new UserError('Say whom: linia user add <username> "<name>" [role …] [--employer "<name>"]')
  const unknown = words.find((word) => !isRole(word))
  if (unknown !== undefined) throw new UserError(`"${unknown}" is not a role. Roles: ${roles.join(', ')}`)
  const wanted: readonly Role[] = words.length === 0 ? ['agent'] : words.filter(isRole)
  return withDatabase(settings, async (db) => {
    const skills = wanted.includes('agent') ? { skills: 'every queue' as const } : {}
    const added = await addAccount(db, { username, name, roles: wanted, employer, ...skills })
    if (!added.ok) throw new UserError(whyNotAdded[added.why](username, employer))
    const { account } = added
    say(`The account ${account.username} is open.`)
    sayCode(account.username, await issueActivation(db, { account: account.id, by: null }))
  })
}

/** Also for an administrator who has lost the password. */
export async function resetUser(settings: Settings, args: readonly string[]): Promise<number> {
  const [username = ''] = args
  if (username === '') throw new UserError('Say whom: linia user reset <username>')
  return withDatabase(settings, async (db) => {
    const account = await accountByUsername(db, username)
    if (account === null) throw new UserError(`There is no account "${username}".`)
    if (account.closedAt !== null) throw new UserError(`${account.username} is closed, and stays closed.`)
    const code = await issueActivation(db, { account: account.id, by: null })
    say(`The password of ${account.username} opens nothing any more, and all sessions have ended.`)
    sayCode(account.username, code)
  })
}

/** Confirms a proposal of an administrator, where there is no second one. */
export async function confirmUser(settings: Settings, args: readonly string[]): Promise<number> {
  const [username = ''] = args
  return withDatabase(settings, async (db) => {
    if (username === '') return tellProposals(db)
    const account = await accountByUsername(db, username)
    const [proposal] = account === null ? [] : await openProposals(db, account.id)
    if (account === null || proposal === undefined)
      throw new UserError(`Nothing is proposed for "${username}". What is: linia user confirm`)
    const confirmed = await confirmProposal(db, proposal.id, null)
    if (!confirmed.ok) throw new UserError(`This cannot be confirmed: ${confirmed.why}.`)
    if (confirmed.roles.includes('agent')) await serveEveryQueue(db, account.id)
    say(`Confirmed for ${account.username}, as ${proposal.by.name} has proposed: ${proposedIn(proposal)}.`)
    sayCode(account.username, confirmed.code)
  })
}

async function tellProposals(db: Database): Promise<void> {
  const proposals = await openProposals(db)
  if (proposals.length === 0) say('Nothing awaits a confirmation.')
  for (const proposal of proposals) {
    const { owner, by, at } = proposal
    say(
      `${owner.username.padEnd(16)} ${proposedIn(proposal).padEnd(28)} ${by.name}, ${new Date(at).toISOString()}`,
    )
  }
}

const proposedIn = ({ isReset, roles: wanted }: Proposal): string => (isReset ? 'a reset' : wanted.join(', '))

function sayCode(username: string, { code, half, expiresAt }: IssuedCode): void {
  const until = expiresAt === null ? '' : ` until ${new Date(expiresAt).toISOString()}`
  say(
    half
      ? `Second half of the activation code of ${username}, shown only now: ${code}`
      : `Activation code of ${username}, shown only now: ${code}`,
  )
  say(`The owner enters it at /activate and chooses a password. It works once, in one browser${until}.`)
}

export async function listUsers(settings: Settings): Promise<number> {
  return withDatabase(settings, async (db) => {
    let after: string | null = null
    do {
      const page: AccountPage = await accountPage(db, { after, limit: 500 })
      for (const account of page.items) {
        const { username, name, roles: has } = account
        say(
          [username.padEnd(16), name.padEnd(28), has.join(', '), standingOf(account)]
            .filter((part) => part !== '')
            .join(' ')
            .trimEnd(),
        )
      }
      after = page.next
    } while (after !== null)
  })
}

function standingOf({ closedAt, passwordAt, activation, proposal }: ListedAccount): string {
  if (closedAt !== null) return '(closed)'
  const awaits = activation !== null && activation.usedAt === null
  const parts = [
    ...(proposal === null ? [] : [`${proposal.by.name} proposes: ${proposedIn(proposal)}`]),
    ...(awaits ? ['awaits activation'] : passwordAt === null ? ['not activated'] : []),
  ]
  return parts.length === 0 ? '' : `(${parts.join('; ')})`
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
  const employer = normalised(args[at + 1] ?? '')
  if (employer === '') throw new UserError('Say which employer: --employer "Firma SRL"')
  return { rest: args.toSpliced(at, 2), employer }
}
