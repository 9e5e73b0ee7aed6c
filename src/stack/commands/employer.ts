/** `linia employer …`: employers of the accounts, and the end of their contracts. */
import type { Settings } from '../../config.ts'
import type { Database } from '../../ledger/database.ts'
import { endContract, listEmployers, renewContract } from '../../people/employers.ts'
import { withDatabase } from './running-database.ts'
import { say, UserError } from '../terminal.ts'

const employersMax = 500

export async function tellEmployers(settings: Settings): Promise<number> {
  return withDatabase(settings, async (db) => {
    for (const { name, accounts, ended } of await listEmployers(db, employersMax))
      say(`${name.padEnd(36)} ${String(accounts).padStart(4)} open${ended ? '  (contract ended)' : ''}`)
  })
}

/** Sessions of its people end at once; a conversation may be finished, as after `linia user close`. */
export async function endEmployer(settings: Settings, args: readonly string[]): Promise<number> {
  const employer = nameIn(args, 'end')
  return withDatabase(settings, async (db) => {
    const ended = await endContract(db, employer, null)
    if (!ended.ok) throw await unknown(db, employer)
    say(`The contract of "${employer}" has ended; accounts closed: ${ended.closed}.`)
  })
}

export async function renewEmployer(settings: Settings, args: readonly string[]): Promise<number> {
  const employer = nameIn(args, 'renew')
  return withDatabase(settings, async (db) => {
    if ((await renewContract(db, employer, null)) === 'unknown employer') throw await unknown(db, employer)
    say(`Accounts may be opened for "${employer}" again. Those that were closed stay closed.`)
  })
}

function nameIn(args: readonly string[], verb: string): string {
  const [name = '', ...more] = args
  if (name.trim() === '' || more.length > 0)
    throw new UserError(`Say which employer, in quotes: linia employer ${verb} "Firma SRL"`)
  return name.trim()
}

async function unknown(db: Database, employer: string): Promise<UserError> {
  const names = (await listEmployers(db, employersMax)).map(({ name }) => `"${name}"`)
  return new UserError(`No account has the employer "${employer}". There are: ${names.join(', ')}`)
}
