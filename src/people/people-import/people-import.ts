/** Opens accounts for the people of a file, each with skills and an activation code. */
import type { AgentId, Millis } from '../../core/ids.ts'
import { newestConfiguration } from '../../ledger/configuration/versions.ts'
import type { Database } from '../../ledger/database.ts'
import { mayDecide } from '../account-changes.ts'
import { accountByUsername, addAccountIn, type Added } from '../accounts.ts'
import { hadCode, insertWholeCode } from '../activations.ts'
import { listEmployers } from '../employers.ts'
import { refusedBy } from '../refused-rows.ts'
import { giveSkills, serveEveryQueue } from '../skills/agent-skills.ts'
import { readPeople, type PeopleFile, type Person } from './people-file.ts'
import { importedMax } from './person-faults.ts'

export interface IssuedAccount {
  readonly username: string
  readonly name: string
  readonly code: string
  readonly expiresAt: Millis | null
}

const employersMax = 10_000

/**
 * Reads the file against queues, contracts and accounts as they are now. `byOne`: a page's import, in which a closed account is
 * a fault. The command line leaves it closed, so that an import that broke off can be repeated.
 */
export async function readPeopleNow(
  db: Database,
  text: string,
  options: { readonly employer: string; readonly rowsMax: number; readonly byOne: boolean },
): Promise<PeopleFile> {
  const { queues } = (await newestConfiguration(db)).document
  const employers = await listEmployers(db, employersMax)
  const ended = new Set(employers.filter((one) => one.ended).map(({ name }) => name))
  const closed = new Set(options.byOne ? await closedUsernames(db) : [])
  return readPeople(text, { ...options, queues, ended, closed })
}

async function closedUsernames(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('current_accounts')
    .select('username')
    .where('closed_at', 'is not', null)
    .execute()
  return rows.map(({ username }) => username)
}

export type Opened =
  | { readonly ok: true; readonly issued: IssuedAccount | null }
  | Extract<Added, { ok: false }>

/**
 * Call it inside a transaction. `issued` is null for somebody who has an account: it stays as it is. `by` null, the command line:
 * an account that was opened and never got a code gets it, so that an import that broke off can be repeated.
 */
export async function openPerson(trx: Database, person: Person, by: AgentId | null): Promise<Opened> {
  const { username, name, employer, roles, skills } = person
  const known = await accountByUsername(trx, username)
  if (known !== null && (by !== null || known.closedAt !== null || (await hadCode(trx, known.id))))
    return { ok: true, issued: null }
  const added: Added =
    known === null
      ? await addAccountIn(trx, { username, name, employer, roles, by })
      : { ok: true, account: known }
  if (!added.ok) return added
  const { id } = added.account
  if (roles.includes('agent'))
    await (skills === null ? serveEveryQueue(trx, id, by) : giveSkills(trx, id, skills, by))
  const { code, expiresAt } = await insertWholeCode(trx, { account: id, by, keepsFactors: false })
  return { ok: true, issued: { username, name, code, expiresAt } }
}

export type Imported =
  | { readonly ok: true; readonly issued: readonly IssuedAccount[]; readonly known: number }
  | { readonly ok: false; readonly why: 'not allowed' | 'file is wrong' | 'contract ended' }

/** A page's import: everybody or nobody, and no role that two administrators give. */
export async function importPeople(
  db: Database,
  text: string,
  { by, employer }: { readonly by: AgentId; readonly employer: string },
): Promise<Imported> {
  try {
    return await db.transaction().execute(async (trx): Promise<Imported> => {
      if (!(await mayDecide(trx, by, ['administrator'], []))) return { ok: false, why: 'not allowed' }
      const file = await readPeopleNow(trx, text, { employer, rowsMax: importedMax, byOne: true })
      if (!file.ok || file.rows.some(({ person }) => person === null))
        return { ok: false, why: 'file is wrong' }
      const issued: IssuedAccount[] = []
      let known = 0
      for (const { person } of file.rows) {
        if (person === null) continue
        const opened = await openPerson(trx, person, by)
        // Somebody has just opened an account of that name.
        if (!opened.ok || opened.issued === null) known += 1
        else issued.push(opened.issued)
      }
      return { ok: true, issued, known }
    })
  } catch (error) {
    if (refusedBy(error, 'employer_has_contract')) return { ok: false, why: 'contract ended' }
    throw error
  }
}
