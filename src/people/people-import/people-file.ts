/** Reads people from a CSV file: who gets an account, with which roles and skills. */
import type { QueueSetting } from '../../core/configuration/schema.ts'
import { foldUsername, isUsable } from '../accounts.ts'
import { normalised } from '../normalised.ts'
import { isRole, mayGoTogether, needsTwo, roles, type Role } from '../roles.ts'
import { readCsv, type CsvRow } from './csv.ts'
import type { PersonColumn, PersonFaultCode } from './person-faults.ts'
import { personColumns } from './person-faults.ts'

export interface Person {
  readonly username: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly employer: string
  /** Skill → level; null: every queue, at its lowest level. */
  readonly skills: ReadonlyMap<string, number> | null
}

export interface PersonFault {
  /** Null: of the row as a whole. */
  readonly column: PersonColumn | null
  readonly code: PersonFaultCode
  /** As it is in the file. */
  readonly value: string
  /** The right values, where they can be listed. */
  readonly accepted: readonly string[]
}

export interface PersonRow {
  readonly line: number
  readonly username: string
  readonly name: string
  /** Null when the row has faults. */
  readonly person: Person | null
  readonly faults: readonly PersonFault[]
}

export type PeopleFile =
  | { readonly ok: true; readonly rows: readonly PersonRow[] }
  /** `detail`: of `not csv`, in English. */
  | {
      readonly ok: false
      readonly why: 'not csv' | 'wrong columns' | 'nobody in it' | 'too many people'
      readonly detail: string
    }

export const obligatoryColumns: readonly PersonColumn[] = ['username', 'name']
export const personNameMax = 80
export const employerMax = 200

export interface PeopleFileOptions {
  /** Of rows without one. */
  readonly employer: string
  /** The configuration's: a skill that no queue asks for is a slip of the pen. */
  readonly queues: readonly Pick<QueueSetting, 'skill'>[]
  /** Employers whose contract has ended: nobody of theirs gets an account. */
  readonly ended: ReadonlySet<string>
  /** Usernames of closed accounts that nobody in the file may have. */
  readonly closed: ReadonlySet<string>
  readonly rowsMax: number
  /** Roles that two administrators give are faults. */
  readonly byOne: boolean
}

export function readPeople(text: string, options: PeopleFileOptions): PeopleFile {
  let all: readonly CsvRow[]
  try {
    all = readCsv(text)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { ok: false, why: 'not csv', detail: error.message }
  }
  const [head, ...rows] = all
  const columns = head?.cells.map((cell) => cell.toLowerCase()) ?? []
  const unknown = columns.find((column) => !personColumns.some((known) => known === column))
  const missing = obligatoryColumns.find((column) => !columns.includes(column))
  if (unknown !== undefined || missing !== undefined || new Set(columns).size < columns.length)
    return { ok: false, why: 'wrong columns', detail: '' }
  if (rows.length === 0) return { ok: false, why: 'nobody in it', detail: '' }
  if (rows.length > options.rowsMax) return { ok: false, why: 'too many people', detail: '' }
  const known = new Set<string>()
  return {
    ok: true,
    rows: rows.map(({ line, cells }) => {
      const cell = (column: PersonColumn): string => normalised(cells[columns.indexOf(column)] ?? '')
      const username = foldUsername(cell('username'))
      const faults = [
        ...(cells.length > columns.length ? [fault(null, 'too many cells')] : []),
        ...usernameFaults(username, known, options),
        ...(cell('name') === '' || cell('name').length > personNameMax
          ? [fault('name', 'name not usable', cell('name'))]
          : []),
        ...roleFaults(wordsOf(cell('roles')), options),
        ...skillFaults(wordsOf(cell('skills')), options),
        ...employerFaults(cell('employer'), options),
      ]
      known.add(username)
      const person = faults.length > 0 ? null : personOf(username, cell, options)
      return { line, username, name: cell('name'), faults, person }
    }),
  }
}

const fault = (
  column: PersonColumn | null,
  code: PersonFaultCode,
  value = '',
  accepted: readonly string[] = [],
): PersonFault => ({ column, code, value, accepted })

function personOf(
  username: string,
  cell: (column: PersonColumn) => string,
  { employer }: PeopleFileOptions,
): Person {
  const wanted = wordsOf(cell('roles')).filter(isRole)
  const skills = wordsOf(cell('skills')).map(skillIn)
  return {
    username,
    name: cell('name'),
    roles: wanted.length === 0 ? ['agent'] : wanted,
    employer: cell('employer') || employer,
    skills: skills.length === 0 ? null : new Map(skills),
  }
}

/** Separated by spaces, or as spreadsheets do it by commas and semicolons. */
const wordsOf = (cell: string): readonly string[] => cell.split(/[\s,;]+/).filter((word) => word !== '')

const skillIn = (word: string): readonly [skill: string, level: number] => {
  const [skill = '', level] = word.split(':')
  return [skill, level === undefined ? 1 : Number(level)]
}

function usernameFaults(
  username: string,
  known: ReadonlySet<string>,
  { closed }: PeopleFileOptions,
): readonly PersonFault[] {
  if (!isUsable(username)) return [fault('username', 'username not usable', username)]
  if (closed.has(username)) return [fault('username', 'account closed', username)]
  return known.has(username) ? [fault('username', 'username twice', username)] : []
}

function employerFaults(employer: string, { ended }: PeopleFileOptions): readonly PersonFault[] {
  if (employer.length > employerMax) return [fault('employer', 'employer not usable', employer)]
  return ended.has(employer) ? [fault('employer', 'contract ended', employer)] : []
}

function roleFaults(words: readonly string[], { byOne }: PeopleFileOptions): readonly PersonFault[] {
  const unknown = words.find((word) => !isRole(word))
  if (unknown !== undefined) return [fault('roles', 'unknown role', unknown, roles)]
  const wanted = words.filter(isRole)
  if (wanted.length > 0 && !mayGoTogether(wanted)) return [fault('roles', 'roles not together')]
  return byOne && needsTwo(wanted) ? [fault('roles', 'role of two', words.join(' '))] : []
}

function skillFaults(words: readonly string[], { queues }: PeopleFileOptions): readonly PersonFault[] {
  const skills = new Set(queues.map(({ skill }) => skill))
  return words.flatMap((word) => {
    const [skill, level] = skillIn(word)
    if (!skills.has(skill)) return [fault('skills', 'unknown skill', skill, [...skills])]
    return Number.isInteger(level) && level >= 1 && level <= 5
      ? []
      : [fault('skills', 'wrong level', word, [`${skill}:3`])]
  })
}
