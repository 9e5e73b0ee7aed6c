/** `linia journal …` and `linia verify …`: exports and verifies the journal. */
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Settings } from '../../config.ts'
import { headSigner } from '../../city/journal/checkpoint.ts'
import type { Database } from '../../ledger/database.ts'
import { lastAnchored } from '../../ledger/journal/anchor.ts'
import { checkDatabase, checkExport, type CheckOutcome } from '../../ledger/journal/check.ts'
import { checkProof } from '../../ledger/journal/proof.ts'
import { journalEntries } from '../../ledger/journal/journal.ts'
import { withDatabase } from './running-database.ts'
import { say, UserError } from '../terminal.ts'
import { loadSecrets } from '../secrets.ts'

const entriesAtOnce = 1_000
/** Verifying a whole register against the journal is the longest query. */
const statementTimeoutMs = 10 * 60_000

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
    tell(`Check them with: linia verify ${file} ${settings.paths.anchor}`)
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

/** Prints the public half of the key, which the auditor keeps apart from the heads. */
export async function tellJournalKey({ paths }: Settings, tell = say): Promise<number> {
  if (!existsSync(paths.secrets))
    throw new UserError('There is no journal here yet. Start Linia with: make run')
  tell(headSigner((await loadSecrets(paths.secrets)).journal).verifierKey)
  return 0
}

/** Prints the newest signed head, to be mailed to the auditor, who can verify an export with it alone. */
export async function tellJournalHead({ paths }: Settings, tell = say): Promise<number> {
  if (!existsSync(paths.secrets))
    throw new UserError('There is no journal here yet. Start Linia with: make run')
  const { verifierKey } = headSigner((await loadSecrets(paths.secrets)).journal)
  const last = await lastAnchored(paths.anchor, verifierKey)
  if (last === null) throw new UserError('No head has been signed yet.')
  if (last === 'damaged')
    throw new UserError('The signed heads cannot be read, or another key has signed them: call the auditor.')
  tell(last.head.text.trimEnd())
  return 0
}

/**
 * `verify EXPORT HEADS [KEY]` needs only these files; `verify PROOF [KEY]` checks a downloaded proof; `verify` checks the
 * running system's database. Exit code 0: verified; 1: not.
 */
export async function verifyJournal(
  settings: Settings,
  args: readonly string[],
  tell = say,
): Promise<number> {
  const [file, heads, key = null] = args
  for (const given of [file, heads])
    if (given !== undefined && given !== '' && !existsSync(given) && !isKey(given))
      throw new UserError(`There is no file ${given}.`)
  if (file === undefined) {
    const against = { anchor: settings.paths.anchor, verifierKey: null }
    const verify = async (db: Database) => tellOutcome(await checkDatabase(db, against), tell)
    return withDatabase(settings, verify, { statementTimeoutMs })
  }
  if (heads === undefined || isKey(heads)) {
    const why = await checkProof(file, heads ?? null)
    tell(why ?? 'The proof holds: this entry is in the journal that was anchored.')
    return why === null ? 0 : 1
  }
  return tellOutcome(await checkExport(file, { anchor: heads, verifierKey: key }), tell)
}

const isKey = (text: string): boolean => /^[^+\s]+\+[0-9a-f]{8}\+/.test(text)

function tellOutcome(outcome: CheckOutcome, tell: typeof say): number {
  if (!outcome.ok) {
    tell(outcome.bad.sentence)
    if (outcome.bad.index !== null) tell(`First bad entry: ${outcome.bad.index}`)
    return 1
  }
  const { entries, heads, unanchored } = outcome
  tell(`${entries} entries are what they were; ${heads} signed heads hold.`)
  if (unanchored > 0)
    tell(`The last ${unanchored} of them are not anchored yet: only the database speaks for them.`)
  return 0
}
