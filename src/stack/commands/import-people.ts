/** `linia import people FILE CODES`: opens accounts for the people of a CSV file; their activation codes go into a new file. */
import { open, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import type { Settings } from '../../config.ts'
import { newestConfiguration } from '../../ledger/configuration/versions.ts'
import type { Database } from '../../ledger/database.ts'
import { accountByUsername, addAccount } from '../../people/accounts.ts'
import { hadCode, issueActivation } from '../../people/activations.ts'
import { listEmployers } from '../../people/employers.ts'
import { giveSkills, serveEveryQueue } from '../../people/skills/agent-skills.ts'
import { say, UserError } from '../terminal.ts'
import { readPeople, type Person } from './people-file.ts'
import { withDatabase } from './running-database.ts'
import { cityHall, whyNotAdded } from './user.ts'

/** Reported errors at most, because in a file of another shape every row is wrong. */
const toldMax = 50
const employersMax = 10_000

/**
 * People who have an account already stay as they are. An interrupted import may be repeated: an account that was opened and
 * never got a code gets it then.
 */
export async function importPeopleFile(
  settings: Settings,
  [file = '', codesFile = '', ...more]: readonly string[],
  tell = say,
): Promise<number> {
  if (file === '' || codesFile === '' || more.length > 0)
    throw new UserError(
      'Say which file, and where the activation codes go: linia import people people.csv codes.csv',
    )
  const name = basename(file)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UserError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  })
  return withDatabase(settings, async (db) => {
    const { queues } = (await newestConfiguration(db)).document
    const employers = await listEmployers(db, employersMax)
    const ended = new Set(employers.filter((one) => one.ended).map((one) => one.name))
    const rows = readPeople(name, text, { employer: cityHall, queues, ended })
    const sentences = rows.flatMap(({ line, wrong }) => wrong.map((what) => `${name}, line ${line}, ${what}`))
    for (const sentence of sentences.slice(0, toldMax)) tell(sentence)
    if (sentences.length > toldMax) tell(`… and ${sentences.length - toldMax} more`)
    const people = rows.flatMap(({ person }) => (person === null ? [] : [person]))
    if (people.length < rows.length)
      throw new UserError(
        `Nobody was imported: ${rows.length - people.length} of ${rows.length} rows are wrong.`,
      )
    await addPeople(db, people, codesFile, tell)
  })
}

/** Each person's code is in the file before the next account is opened: it is shown nowhere else. */
async function addPeople(
  db: Database,
  people: readonly Person[],
  codesFile: string,
  tell: typeof say,
): Promise<void> {
  const codes = await open(codesFile, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      error.code === 'EEXIST'
        ? `${codesFile} is there already; name a new file.`
        : `${codesFile} cannot be written: ${error.message}`,
    )
  })
  let added = 0
  try {
    await codes.write(stringify([['username', 'name', 'code', 'valid until']]))
    for (const person of people) {
      const row = await addPerson(db, person)
      if (row === null) continue
      await codes.write(stringify([row]))
      added += 1
    }
    await codes.sync()
  } finally {
    await codes.close()
  }
  const known = people.length - added
  tell(
    `${added === 1 ? '1 account is' : `${added} accounts are`} open${known > 0 ? `, ${known} ${known === 1 ? 'was' : 'were'} there already and ${known === 1 ? 'stays' : 'stay'} unchanged` : ''}.`,
  )
  if (added > 0)
    tell(`Their activation codes are in ${codesFile}: hand each to its owner, then remove the file.`)
}

/** The row for the file of codes; null: there is such an account, and it has had a code. */
async function addPerson(db: Database, person: Person): Promise<readonly string[] | null> {
  const { username, name, employer, skills } = person
  const known = await accountByUsername(db, username)
  if (known !== null && (known.closedAt !== null || (await hadCode(db, known.id)))) return null
  const added =
    known === null
      ? await addAccount(db, { username, name, employer, roles: person.roles })
      : { ok: true as const, account: known }
  if (!added.ok) throw new UserError(whyNotAdded[added.why](username, employer))
  const { id } = added.account
  if (person.roles.includes('agent'))
    await (skills === null ? serveEveryQueue(db, id) : giveSkills(db, id, skills))
  const { code, expiresAt } = await issueActivation(db, { account: id, by: null })
  return [username, name, code, expiresAt === null ? '' : new Date(expiresAt).toISOString()]
}
