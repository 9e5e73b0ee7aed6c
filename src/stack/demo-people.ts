/** The people of the demo: who sits where, and with which passwords. Loaded once; later starts change nothing. */
import { frontUrls } from './caddy.ts'
import { writePrivate } from './files.ts'
import { passwordOf } from './secrets.ts'
import type { Secrets } from './secrets.ts'
import type { Settings } from '../config.ts'
import { QueueId } from '../core/ids.ts'
import { openDatabase } from '../ledger/database.ts'
import type { Database } from '../ledger/database.ts'
import { addAccount } from '../people/accounts.ts'
import { phonePasswords, phoneUser } from '../people/phones.ts'
import type { Role } from '../people/roles.ts'

export interface DemoPerson {
  readonly username: string
  readonly name: string
  readonly role: Role
  readonly employer: string
  readonly skills: Readonly<Record<string, number>>
}

const city = 'Primăria'
const contractor = 'Prestator centru de apel'

const agentNames = [
  'Ioana Munteanu',
  'Andrei Popescu',
  'Maria Ionescu',
  'Mihai Dumitru',
  'Elena Stan',
  'Ștefan Radu',
  'Cristina Gheorghe',
  'Alexandru Matei',
  'Ana Ciobanu',
  'Vlad Rusu',
  'Gabriela Nistor',
  'Țicu Marin',
  'Larisa Dobre',
  'Florin Barbu',
  'Simona Cristea',
  'Daniel Tudor',
  'Raluca Petcu',
  'Sorin Lungu',
  'Bianca Oprea',
  'Octavian Neagu',
] as const

const others: readonly DemoPerson[] = [
  { username: 'supervisor01', name: 'Mirela Câmpeanu', role: 'supervisor', employer: city, skills: {} },
  { username: 'supervisor02', name: 'Radu Văcaru', role: 'supervisor', employer: city, skills: {} },
  { username: 'admin01', name: 'Ovidiu Șerban', role: 'administrator', employer: city, skills: {} },
  { username: 'auditor01', name: 'Laura Țepeș', role: 'auditor', employer: city, skills: {} },
]

/** `agent01` … in the order of their numbers, then the others. */
export const demoPeople: readonly DemoPerson[] = [
  ...agentNames.map((name, index): DemoPerson => {
    const username = `agent${String(index + 1).padStart(2, '0')}`
    const employer = index < 8 ? city : contractor
    // Everybody serves the general queue; levels differ so that routing has something to choose.
    const skills = { general: 3 + (index % 3), ...(index % 4 === 0 ? { taxe: 4 } : {}) }
    return { username, name, role: 'agent', employer, skills }
  }),
  ...others,
]

const queues = [
  { id: QueueId('general'), name: 'Informații generale', skill: 'general', level_min: 1, priority: 10 },
  { id: QueueId('taxe'), name: 'Taxe și impozite', skill: 'taxe', level_min: 3, priority: 10 },
]

/** Adds who is missing. */
export async function seedDemo(databaseUrl: string, secrets: Secrets): Promise<void> {
  const db = openDatabase({ url: databaseUrl, connectionsMax: 4 })
  try {
    await db
      .insertInto('queues')
      .values(queues)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await db
      .insertInto('lines')
      .values({ line: '969', queue: QueueId('general') })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const there = await db.selectFrom('accounts').select('username').execute()
    const known = new Set(there.map((row) => row.username))
    for (const person of demoPeople) if (!known.has(person.username)) await addPerson(db, person, secrets)
  } finally {
    await db.destroy()
  }
}

async function addPerson(db: Database, person: DemoPerson, secrets: Secrets): Promise<void> {
  const { username, name, employer, role, skills } = person
  const password = passwordOf(secrets, username)
  const added = await addAccount(db, { username, name, employer, roles: [role], password })
  if (!added.ok) throw new Error(`the demo account ${username} was not added: ${added.why}`)
  const rows = Object.entries(skills).map(([skill, level]) => ({ account: added.account.id, skill, level }))
  if (rows.length > 0) await db.insertInto('agent_skills').values(rows).execute()
}

/** `var/demo.json`, for newcomers and for checks; readable by this user only. */
export async function writeDemoFile(settings: Settings, secrets: Secrets): Promise<void> {
  const passwordOfPhone = phonePasswords(secrets.phones)
  const accounts = demoPeople.map(({ role, name, username }) => {
    const sipUser = phoneUser(username, 'desk')
    const phone = { username: sipUser, password: passwordOfPhone(sipUser) }
    const account = { role, name, username, password: passwordOf(secrets, username) }
    return role === 'agent' ? { ...account, phone } : account
  })
  const demo = {
    url: frontUrls(settings)[0],
    line: '969',
    sip: { host: settings.lan ?? settings.sip.host, port: settings.sip.port },
    trunk: settings.trunkHosts[0],
    accounts,
  }
  await writePrivate(settings.paths.demo, `${JSON.stringify(demo, null, 2)}\n`)
}
