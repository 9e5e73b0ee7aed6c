/** `linia import people FILE CODES`: opens accounts for the people of a CSV file; their activation codes go into a new file. */
import { open, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import type { Settings } from '../../config.ts'
import type { Database } from '../../ledger/database.ts'
import {
  employerMax,
  obligatoryColumns,
  personNameMax,
  type PeopleFile,
  type Person,
  type PersonFault,
} from '../../people/people-import/people-file.ts'
import { openPerson, readPeopleNow } from '../../people/people-import/people-import.ts'
import { personColumns, type PersonFaultCode } from '../../people/people-import/person-faults.ts'
import { say, UserError } from '../terminal.ts'
import { withDatabase } from './running-database.ts'
import { cityHall, whyNotAdded } from './user.ts'

/** Reported errors at most, because in a file of another shape every row is wrong. */
const toldMax = 50
const rowsMax = 5_000

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
    const read = await readPeopleNow(db, text, { employer: cityHall, rowsMax, byOne: false })
    if (!read.ok) throw new UserError(`${name}: ${fileWords(read)}`)
    const { rows } = read
    const sentences = rows.flatMap(({ line, faults }) =>
      faults.map((fault) => `${name}, line ${line}, ${faultWords(fault)}`),
    )
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

function fileWords({ why, detail }: Extract<PeopleFile, { ok: false }>): string {
  switch (why) {
    case 'not csv':
      return detail
    case 'wrong columns':
      return `the first row names the columns, each once: ${personColumns.join(', ')}; ${obligatoryColumns.join(' and ')} are obligatory.`
    case 'nobody in it':
      return 'there is nobody in it.'
    case 'too many people':
      return `more than ${rowsMax} people; import it in parts.`
  }
}

/** As a person reads it: `roles: "operator" is not a role …`. */
function faultWords({ column, code, value, accepted }: PersonFault): string {
  const what = whatIsWrong[code](value, accepted.join(', '))
  return column === null ? what : `${column}: ${what}`
}

const whatIsWrong: Readonly<Record<PersonFaultCode, (value: string, accepted: string) => string>> = {
  'too many cells': () => 'there are more cells than columns',
  'username not usable': (value) =>
    `"${value}" is not usable: 2–40 of a–z, 0–9, dot, dash and underscore, a letter first`,
  'username twice': (value) => `"${value}" is in an earlier row as well`,
  'account closed': (value) => `the account "${value}" is closed: choose another username`,
  'name not usable': () => `1–${personNameMax} characters`,
  'unknown role': (value, accepted) => `"${value}" is not a role (${accepted})`,
  'roles not together': () => 'an administrator has no other role, nor has an auditor',
  'role of two': (value) => `"${value}" is given by two administrators`,
  'unknown skill': (value, accepted) => `no queue asks for "${value}" (${accepted})`,
  'wrong level': (value, accepted) => `"${value}" is written as ${accepted}, with a level of 1–5`,
  'employer not usable': () => `1–${employerMax} characters`,
  'contract ended': (value) => `the contract of "${value}" has ended`,
}

/** A spreadsheet would take a name that begins like a formula for one. */
const csvOf = (row: readonly string[]): string => stringify([[...row]], { escape_formulas: true })

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
    await codes.write(csvOf(['username', 'name', 'code', 'valid until']))
    for (const person of people) {
      const row = await addPerson(db, person)
      if (row === null) continue
      await codes.write(csvOf(row))
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
  const { username, employer } = person
  const opened = await db.transaction().execute((trx) => openPerson(trx, person, null))
  if (!opened.ok) throw new UserError(whyNotAdded[opened.why](username, employer))
  if (opened.issued === null) return null
  const { name, code, expiresAt } = opened.issued
  return [username, name, code, expiresAt === null ? '' : new Date(expiresAt).toISOString()]
}
