/** Reads people from a CSV file: who gets an account, with which roles and skills. */
import type { QueueSetting } from '../../core/configuration/schema.ts'
import { foldUsername, isUsable } from '../../people/accounts.ts'
import { isRole, mayGoTogether, roles, type Role } from '../../people/roles.ts'
import { UserError } from '../terminal.ts'
import { readCsv, type CsvRow } from './csv.ts'

export interface Person {
  readonly username: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly employer: string
  /** Skill → level; null: every queue, at its lowest level. */
  readonly skills: ReadonlyMap<string, number> | null
}

export interface PersonRow {
  readonly line: number
  /** Null when the row has errors. */
  readonly person: Person | null
  /** As a person reads them: `roles: "operator" is not a role …`. */
  readonly wrong: readonly string[]
}

export const personColumns = ['username', 'name', 'roles', 'employer', 'skills'] as const
type Column = (typeof personColumns)[number]
const obligatory: readonly Column[] = ['username', 'name']
const nameMax = 80
const rowsMax = 5_000

export interface PeopleFileOptions {
  /** Of rows without one. */
  readonly employer: string
  /** The configuration's: a skill that no queue asks for is a slip of the pen. */
  readonly queues: readonly Pick<QueueSetting, 'skill'>[]
  /** Employers whose contract has ended: nobody of theirs gets an account. */
  readonly ended: ReadonlySet<string>
}

/** @throws {UserError} when the file is not CSV of this shape. */
export function readPeople(name: string, text: string, options: PeopleFileOptions): readonly PersonRow[] {
  const [head, ...rows] = rowsOf(name, text)
  const columns = head?.cells.map((cell) => cell.toLowerCase()) ?? []
  const unknown = columns.find((column) => !personColumns.some((known) => known === column))
  const missing = obligatory.find((column) => !columns.includes(column))
  if (unknown !== undefined || missing !== undefined || new Set(columns).size < columns.length)
    throw new UserError(
      `${name}: the first row names the columns, each once: ${personColumns.join(', ')}; ${obligatory.join(' and ')} are obligatory.`,
    )
  if (rows.length === 0) throw new UserError(`${name}: there is nobody in it.`)
  if (rows.length > rowsMax) throw new UserError(`${name}: more than ${rowsMax} people; import it in parts.`)
  const known = new Set<string>()
  return rows.map(({ line, cells }) => {
    const cell = (column: Column): string => cells[columns.indexOf(column)] ?? ''
    const username = foldUsername(cell('username'))
    const wrong = [
      ...(cells.length > columns.length ? ['there are more cells than columns'] : []),
      ...wrongUsername(username, known),
      ...(cell('name') === '' || cell('name').length > nameMax ? [`name: 1–${nameMax} characters`] : []),
      ...wrongRoles(wordsOf(cell('roles'))),
      ...wrongSkills(wordsOf(cell('skills')), options),
      ...(options.ended.has(cell('employer'))
        ? [`employer: the contract of "${cell('employer')}" has ended`]
        : []),
    ]
    known.add(username)
    return { line, wrong, person: wrong.length > 0 ? null : personOf(username, cell, options) }
  })
}

function rowsOf(name: string, text: string): readonly CsvRow[] {
  try {
    return readCsv(text)
  } catch (error) {
    throw new UserError(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function personOf(
  username: string,
  cell: (column: Column) => string,
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

function wrongUsername(username: string, known: ReadonlySet<string>): readonly string[] {
  if (!isUsable(username))
    return [
      `username: "${username}" is not usable: 2–40 of a–z, 0–9, dot, dash and underscore, a letter first`,
    ]
  return known.has(username) ? [`username: "${username}" is in an earlier row as well`] : []
}

function wrongRoles(words: readonly string[]): readonly string[] {
  const unknown = words.find((word) => !isRole(word))
  if (unknown !== undefined) return [`roles: "${unknown}" is not a role (${roles.join(', ')})`]
  const wanted = words.filter(isRole)
  if (wanted.length > 0 && !mayGoTogether(wanted))
    return ['roles: an administrator has no other role, nor has an auditor']
  return []
}

function wrongSkills(words: readonly string[], { queues }: PeopleFileOptions): readonly string[] {
  const skills = new Set(queues.map(({ skill }) => skill))
  return words.flatMap((word) => {
    const [skill, level] = skillIn(word)
    if (!skills.has(skill)) return [`skills: no queue asks for "${skill}" (${[...skills].join(', ')})`]
    return Number.isInteger(level) && level >= 1 && level <= 5
      ? []
      : [`skills: "${word}" is written as ${skill}:3, with a level of 1–5`]
  })
}
