/**
 * The demo's accounts: invented, the same on every machine. Idempotent: adds missing rows and leaves
 * existing ones unchanged.
 */
import type { Database } from '../../../src/ledger/database.ts'
import { accountByUsername, addAccount } from '../../../src/people/accounts.ts'
import { shownAgreement, signAgreement } from '../../../src/people/agreement.ts'
import type { Role } from '../../../src/people/roles.ts'
import { giveSkills } from '../../../src/people/skills/agent-skills.ts'
import { seedConfiguration } from './configuration.ts'

export interface SeedOptions {
  passwordOf(username: string): string
  /** Agents to have; at least 20. */
  readonly agents?: number
  /** Whether the city has codes of wrap-ups. Default: none. */
  readonly hasCodes?: boolean
  /** As `addAccount`'s. */
  readonly hash?: (password: string) => Promise<string>
}

const wholeDemo = 20

export interface SeededAccount {
  readonly username: string
  readonly name: string
  readonly role: Role
}

const cityHall = 'Primăria Municipiului Timișoara'
/** The agents work for a firm under contract: a processor of the city's data. */
const contractedFirm = 'Glas Contact SRL'

const femaleNames = [
  'Ana',
  'Ioana',
  'Elena',
  'Crăița',
  'Mălina',
  'Ilinca',
  'Ruxandra',
  'Ștefania',
  'Anișoara',
  'Anca',
  'Bianca',
  'Oana',
  'Simona',
]
const maleNames = [
  'Ștefan',
  'Andrei',
  'Răzvan',
  'Mihai',
  'Cătălin',
  'Ionuț',
  'Sorin',
  'Dănuț',
  'Vlad',
  'Horațiu',
  'Ovidiu',
  'Călin',
  'Tudor',
]
const surnames = [
  'Popescu',
  'Ionașcu',
  'Munteanu',
  'Drăgan',
  'Țăranu',
  'Crișan',
  'Văduva',
  'Moldovan',
  'Șerban',
  'Pârvu',
  'Lungu',
  'Câmpeanu',
  'Brânzei',
  'Roșu',
  'Neagoe',
  'Tănase',
  'Bălan',
  'Ciobanu',
  'Gheorghiță',
  'Stănescu',
  'Olteanu',
  'Păun',
  'Ardelean',
  'Zăvoianu',
  'Iliescu',
  'Mureșan',
  'Țiplea',
  'Fărcaș',
  'Hodiș',
]

/** Returns all demo accounts, in order; existing accounts keep their passwords. */
export async function seedAccounts(db: Database, options: SeedOptions): Promise<SeededAccount[]> {
  await seedConfiguration(db, { hasCodes: options.hasCodes ?? false })
  const people = demoPeople(options.agents ?? 24)
  for (const [index, { username, name, role }] of people.entries()) {
    const employer = role === 'agent' ? contractedFirm : cityHall
    const known = await accountByUsername(db, username)
    if (known === null) {
      const password = options.passwordOf(username)
      await addAccount(db, { username, name, employer, roles: [role], password }, options.hash)
    }
    if (role === 'agent') await seedSkills(db, username, index)
    if (hasSigned(people, username, role)) await seedSignature(db, username)
  }
  return people
}

/**
 * All accounts have signed the agreement, so that the demo opens with the desk; the last agent of a whole demo has
 * not, to show the form. Administrators do not sign.
 */
function hasSigned(people: readonly SeededAccount[], username: string, role: Role): boolean {
  const agents = people.filter((one) => one.role === 'agent')
  const unsigned = agents.length >= wholeDemo ? agents.at(-1)?.username : undefined
  return role !== 'administrator' && username !== unsigned
}

/** Signs only the first agreement; a later version is left for people to sign. */
async function seedSignature(db: Database, username: string): Promise<void> {
  const account = await accountByUsername(db, username)
  const shown = account === null ? null : await shownAgreement(db, account.id)
  if (account === null || shown === null || shown.signedAt !== null || shown.signedBefore) return
  await signAgreement(db, account.id, { digest: shown.digest, name: account.name })
}

/**
 * Two of three agents also have the skill "taxe"; levels differ, so that routing has a choice. The first three have
 * the highest levels: people use these accounts, and calls ring there before the scripted agents of `make demo`.
 * Agents who have ever had skills stay unchanged.
 */
async function seedSkills(db: Database, username: string, index: number): Promise<void> {
  const account = await accountByUsername(db, username)
  if (account === null) return
  const level = index < 3 ? 3 + index : 1 + (index % 2)
  const levels = new Map([['general', level]])
  if (index % 3 !== 2) levels.set('taxe', 1 + (index % 5))
  await giveSkills(db, account.id, levels)
}

function demoPeople(agents: number): SeededAccount[] {
  const wanted: { username: string; role: Role }[] = []
  for (let n = 1; n <= agents; n += 1) wanted.push({ username: `agent${two(n)}`, role: 'agent' })
  wanted.push(
    { username: 'supervisor01', role: 'supervisor' },
    { username: 'supervisor02', role: 'supervisor' },
  )
  wanted.push(
    { username: 'admin01', role: 'administrator' },
    { username: 'auditor01', role: 'auditor' },
    // Last, so that the others keep their names.
    { username: 'editor01', role: 'editor' },
    // A second editor, who publishes the first one's drafts.
    { username: 'editor02', role: 'editor' },
  )
  return wanted.map((person, index) => ({ ...person, name: nameOf(index) }))
}

/** The steps are coprime to the lists' lengths, so that the first 300 full names are distinct. */
function nameOf(index: number): string {
  const given = index % 2 === 0 ? femaleNames : maleNames
  const first = given[(index * 5) % given.length]!
  const surname = surnames[(index * 11) % surnames.length]!
  return `${first} ${surname}`
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}
