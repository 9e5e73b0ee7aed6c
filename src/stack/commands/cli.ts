/** The command `linia`: accounts, opening hours, backups, diagnosis. */
import { resolve } from 'node:path'
import { readSettings } from '../../config.ts'
import { backUp } from '../backup/backup.ts'
import { backUpKeys } from '../backup/keys.ts'
import { restore } from '../backup/restore.ts'
import { declareVolume } from '../backup/volumes.ts'
import { goOnAsOwner } from '../privileges/unprivileged.ts'
import { doctor } from './doctor.ts'
import { endEmployer, renewEmployer, tellEmployers } from './employer.ts'
import { closeDay, openDay, tellHours } from './hours.ts'
import {
  acceptJournalRollback,
  exportJournal,
  tellJournalHead,
  tellJournalKey,
  verifyJournal,
} from './journal.ts'
import { importPapersFile } from './import-papers.ts'
import { reconcile } from './reconcile.ts'
import { confirmClock } from './retention.ts'
import { runMain, say, UserError } from '../terminal.ts'
import { listSecrets, rotateSecret } from './secrets.ts'
import { tellSecurity } from './security.ts'
import { fetchAsRoot, update } from './update.ts'
import { addUser, closeUser, confirmUser, listUsers, resetUser } from './user.ts'

const usage = `linia user add <username> "<name>" [role …]   agent (default), supervisor, editor, administrator, auditor
                    [--employer "<name>"]     the city hall unless told otherwise
linia user list
linia user reset <username>                  a new activation code; the password opens nothing any more
linia user confirm [<username>]              what an administrator has proposed, where there is no second one
linia user close <username>
linia employer list                          whose people have accounts
linia employer end "<name>"                  its contract has ended: all its accounts are closed, at once
linia employer renew "<name>"                accounts may be opened for it again
linia hours                                  today's opening and the next ones, and declared days
linia hours close <YYYY-MM-DD> "<reason>"    the line is closed on that day
linia hours open <YYYY-MM-DD>                it is open again, at the hours of its weekday
linia journal export <file>                  the journal, one entry a line
linia journal key                            the public keys of its signed heads, for the auditor to keep
linia journal head                           the newest of them, to be mailed to the auditor
linia journal accept-rollback "<reason>"     after a restored backup: the present journal is signed again, on record
linia verify [key]                           whether journal and registers are what they were
linia verify <export> <heads> <key>          the same of an exported journal, from these files alone
      [--tsa-ca <file>]                      and its time stamps, with the authority's certificates
linia verify <proof> <key>                   whether a downloaded proof of one entry holds
linia import papers <file> [--skip]          papers and procedures from JSON or CSV; --skip leaves out wrong rows
linia backup <new folder>                    record, recordings and evidence, while calls go on
linia backup keys <folder>                   the recordings' keys, apart; copies of a week ago are thrown away
linia restore <backup> --digest <SHA-256>    a system that takes calls again; refuses where another one's data are,
      [--secrets <file>] [--identity <file>] unless told to put them aside
      [--keys <folder> | --without-keys]
      [--journal-key <key>] [--replace]
linia volume new <name> "<reason>"           a lost volume (keys, recordings, anchor, cel) was replaced by an empty one
linia retention clock <YYYY-MM-DD>           the clock is right, though nothing was recorded for long; on record
linia reconcile                              the ledger beside Asterisk's own record, call by call
linia secrets list                           each secret's age and holders
linia secrets rotate <name>                  a new one, for the next start
linia secrets rotate phone <username>        a new password for the agent's desk phone, now
linia security                               SIP requests refused in the last hour, and banned addresses
linia update [--check] [--within <minutes>]   newer packages and Asterisk; each Asterisk restarts once it has no call
linia doctor                                 what is missing or wrong, and versions`

/** Subjects whose second word is part of the command. */
const withVerb = ['user', 'employer', 'hours', 'import', 'journal', 'retention', 'secrets', 'volume']

// Whatever this command writes is readable by its user only.
process.umask(0o077)

await runMain(async () => {
  if (process.argv[2] === 'update') await fetchAsRoot(readSettings(process.env), process.argv.slice(3))
  await goOnAsOwner(resolve(process.env['VAR_DIR'] || 'var'))
  const [subject = '', verb = '', ...rest] = process.argv.slice(2)
  const command = withVerb.includes(subject) ? `${subject} ${verb}`.trim() : subject
  switch (command) {
    case 'user add':
      return addUser(readSettings(process.env), rest)
    case 'user list':
      return listUsers(readSettings(process.env))
    case 'user reset':
      return resetUser(readSettings(process.env), rest)
    case 'user confirm':
      return confirmUser(readSettings(process.env), rest)
    case 'user close':
      return closeUser(readSettings(process.env), rest)
    case 'employer list':
      return tellEmployers(readSettings(process.env))
    case 'employer end':
      return endEmployer(readSettings(process.env), rest)
    case 'employer renew':
      return renewEmployer(readSettings(process.env), rest)
    case 'hours':
      return tellHours(readSettings(process.env))
    case 'hours close':
      return closeDay(readSettings(process.env), rest)
    case 'hours open':
      return openDay(readSettings(process.env), rest)
    case 'journal export':
      return exportJournal(readSettings(process.env), rest)
    case 'journal key':
      return tellJournalKey(readSettings(process.env))
    case 'journal head':
      return tellJournalHead(readSettings(process.env))
    case 'journal accept-rollback':
      return acceptJournalRollback(readSettings(process.env), rest)
    case 'verify':
      return verifyJournal(
        readSettings(process.env),
        [verb, ...rest].filter((one) => one !== ''),
      )
    case 'import papers':
      return importPapersFile(readSettings(process.env), rest)
    case 'backup':
      if (verb === 'keys') return backUpKeys(readSettings(process.env), rest)
      return backUp(readSettings(process.env), process.argv.slice(3), process.env)
    case 'restore':
      return restore(readSettings(process.env), process.argv.slice(3))
    case 'volume new':
      return declareVolume(readSettings(process.env), rest, say)
    case 'retention clock':
      return confirmClock(readSettings(process.env), rest)
    case 'reconcile':
      return reconcile(readSettings(process.env))
    case 'secrets list':
      return listSecrets(readSettings(process.env))
    case 'secrets rotate':
      return rotateSecret(readSettings(process.env), rest)
    case 'security':
      return tellSecurity(readSettings(process.env))
    case 'update':
      return update(readSettings(process.env), process.argv.slice(3))
    case 'doctor':
      return doctor(process.env)
    case '':
    case 'help':
    case '--help':
      say(usage)
      return 0
    default:
      throw new UserError(`"${[subject, verb].join(' ').trim()}" is not a command. There are:\n${usage}`)
  }
})
