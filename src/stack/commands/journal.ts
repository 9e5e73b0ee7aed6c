/** `linia journal …` and `linia verify …`: exports and verifies the journal, and accepts a rollback. */
import { once } from 'node:events'
import { createWriteStream, existsSync, readFileSync, statSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Settings } from '../../config.ts'
import type { Database } from '../../ledger/database.ts'
import { lastAnchored } from '../../ledger/journal/anchor.ts'
import {
  checkDatabase,
  checkExport,
  checkStatementMs,
  type CheckOutcome,
} from '../../ledger/journal/check.ts'
import { pinnedKeys } from '../../ledger/journal/keys.ts'
import { acceptRollback, rollbacks } from '../../ledger/journal/rollback.ts'
import { recordedTerms } from '../../ledger/retention/retention.ts'
import { checkProof } from '../../ledger/journal/proof.ts'
import { journalEntries } from '../../ledger/journal/journal.ts'
import { placeOf } from './journal-state.ts'
import { withDatabase } from './running-database.ts'
import { say, UserError, userName } from '../terminal.ts'

const entriesAtOnce = 1_000

/** Writes one entry a line, in the bytes that were hashed. */
export async function exportJournal(
  settings: Settings,
  args: readonly string[],
  tell = say,
): Promise<number> {
  const [file = ''] = args
  if (file === '') throw new UserError('Say where to: linia journal export journal.ndjson')
  if (existsSync(file)) throw new UserError(`${file} is there already; an export overwrites nothing.`)
  return withDatabase(settings, async (db) => {
    const entries = await writeEntries(db, file)
    tell(`${entries} entries in ${file}.`)
    tell(`Check them with: linia verify ${file} ${settings.paths.anchor} <key>`)
  })
}

async function writeEntries(db: Database, file: string): Promise<number> {
  const out = createWriteStream(file, { flags: 'wx', mode: 0o600 })
  const done = finished(out)
  let count = 0
  for (;;) {
    const batch = await journalEntries(db, count, entriesAtOnce)
    if (batch.length === 0) break
    count = (batch.at(-1)?.index ?? count) + 1
    if (!out.write(batch.map(({ entry }) => `${entry}\n`).join('')))
      await Promise.race([once(out, 'drain'), done])
  }
  out.end()
  await done
  return count
}

/** Prints the public keys, oldest first, which the auditor keeps apart from the heads. */
export async function tellJournalKey(settings: Settings, tell = say): Promise<number> {
  tell((await pinnedKeys(await placeOf(settings))).text.trim())
  return 0
}

/** Prints the newest signed head, to be mailed to the auditor, who can verify an export with it alone. */
export async function tellJournalHead(settings: Settings, tell = say): Promise<number> {
  const place = await placeOf(settings)
  const last = await lastAnchored(place.folder, (await pinnedKeys(place)).chain)
  if (last === null) throw new UserError('No head has been signed yet.')
  if (last === 'damaged')
    throw new UserError('The signed heads cannot be read, or another key has signed them: call the auditor.')
  tell(last.head.text.trimEnd())
  return 0
}

/** After a rollback that is meant: the journal as it is now is signed again, and that is an entry of it. */
export async function acceptJournalRollback(
  settings: Settings,
  args: readonly string[],
  tell = say,
): Promise<number> {
  const reason = args.join(' ').trim()
  if (reason === '' || reason.length > reasonMax || /\p{Cc}/u.test(reason))
    throw new UserError(
      `Say why, in up to ${reasonMax} characters: linia journal accept-rollback "restored after the disk failed"`,
    )
  const place = await placeOf(settings)
  return withDatabase(settings, async (db) => {
    const accepted = await acceptRollback(db, place, { reason, by: userName() }, Date.now())
    if (accepted === null) throw new UserError('There is nothing to accept: the journal matches its anchor.')
    const { index, aside } = accepted
    tell(`Accepted as entry ${index} of the journal. What it was compared with is kept in ${aside}.`)
    tell('The present journal is signed within a minute. Give the auditor the new head: linia journal head')
  })
}

const reasonMax = 500

/**
 * `verify EXPORT HEADS KEY` needs only these files; `verify PROOF KEY` checks a downloaded proof; `verify [KEY]` checks
 * the running system's database with the key that was pinned beside it, or the one given. `--tsa-ca FILE`: the time
 * stamps beside the heads are verified, too. Exit code 0: verified; 1: not. Nothing to verify is not verified.
 */
export async function verifyJournal(
  settings: Settings,
  args: readonly string[],
  tell = say,
): Promise<number> {
  const { rest, ca } = optionsIn(settings, args)
  const stamps = ca === null ? null : { ca }
  const files = rest.filter((one) => !isKey(one))
  const [given] = rest.filter(isKey)
  for (const file of files) if (!existsSync(file)) throw new UserError(`There is no file ${file}.`)
  const [file, second, third] = files
  if (file === undefined) {
    const place = await placeOf(settings)
    const verifierKey = given ?? (await pinnedKeys(place)).text
    const against = { anchor: settings.paths.anchor, verifierKey, stamps, place }
    const verify = async (db: Database) => {
      const code = tellOutcome(await checkDatabase(db, against), tell)
      for (const { index, at, by, reason } of (await rollbacks(db, rollbacksTold)).reverse())
        tell(`Entry ${index}: on ${new Date(at).toISOString()} ${by} accepted a rollback: ${reason}`)
      for (const { index, at, days } of (await recordedTerms(db, termsTold)).reverse())
        tell(`Entry ${index}: on ${new Date(at).toISOString()} the terms of retention became ${inDays(days)}`)
      return code
    }
    return withDatabase(settings, verify, { statementTimeoutMs: checkStatementMs })
  }
  if (isProof(file)) {
    const why = await checkProof(file, given ?? keyIn(second))
    tell(why ?? 'The proof holds: this entry is in the journal that was anchored.')
    return why === null ? 0 : 1
  }
  const verifierKey = given ?? keyIn(third)
  const anchor = second ?? ''
  return tellOutcome(await checkExport(file, { anchor, verifierKey, stamps }), tell)
}

const rollbacksTold = 20
const termsTold = 20

/** As `audio 183 days`. A value that is no number is told unchanged, because a person must judge it. */
function inDays(days: Readonly<Record<string, unknown>>): string {
  const told = Object.entries(days).map(([what, term]) => `${what} ${JSON.stringify(term)} days`)
  return told.length === 0 ? 'none' : told.join(', ')
}

function optionsIn(settings: Settings, args: readonly string[]): { rest: string[]; ca: string | null } {
  const rest = args.filter((one) => one !== '')
  const at = rest.indexOf('--tsa-ca')
  if (at === -1) return { rest, ca: settings.witness.stamps?.ca ?? null }
  const [, ca = ''] = rest.splice(at, 2)
  if (!existsSync(ca)) throw new UserError('Say which file has the authority’s certificates: --tsa-ca <file>')
  return { rest, ca }
}

const isKey = (text: string): boolean => /^[^+\s]+\+[0-9a-f]{8}\+/.test(text)
const isProof = (file: string): boolean =>
  statSync(file).isFile() && readFileSync(file, 'utf8').startsWith('c2sp.org/tlog-proof')

/** The keys in a file; empty without one. */
const keyIn = (file: string | undefined): string => (file === undefined ? '' : readFileSync(file, 'utf8'))

function tellOutcome(outcome: CheckOutcome, tell: typeof say): number {
  if (!outcome.ok) {
    tell(outcome.bad.sentence)
    if (outcome.bad.index !== null) tell(`First bad entry: ${outcome.bad.index}`)
    return 1
  }
  const { entries, heads, unanchored, stamped } = outcome
  tell(`${entries} entries are what they were; ${heads} signed heads hold.`)
  if (unanchored > 0)
    tell(`The last ${unanchored} of them are not anchored yet: only the database speaks for them.`)
  if (stamped === null)
    tell('No time stamp was verified: give the certificates of the authority with --tsa-ca.')
  else {
    const { stamps, size, at, authority } = stamped
    tell(
      `${stamps} time stamps hold: the first ${size} entries existed on ${new Date(at).toISOString()}, says ${authority}.`,
    )
  }
  return 0
}
