/**
 * The command `linia`: accounts, opening hours, backups, diagnosis. Each command loads only its own modules, as the user
 * that it goes on as: loading all of them takes longer than most commands.
 */
import { resolve } from 'node:path'
import { readSettings } from '../../config.ts'
import { goOnAsOwner } from '../privileges/unprivileged.ts'
import { runMain, say, UserError } from '../terminal.ts'

const usage = `linia user add <username> "<name>" [role …]   agent (default), supervisor, editor, administrator, auditor
                    [--employer "<name>"]     the city hall unless told otherwise
linia user list
linia user reset <username>                  a new activation code; the password opens nothing any more
linia user confirm [<username>]              what an administrator has proposed, where there is no second one
linia user close <username>
linia employer list                          whose people have accounts
linia employer end "<name>"                  its contract has ended: all its accounts are closed, at once
linia employer renew "<name>"                accounts may be opened for it again
linia contact add <id> "<name>" <number>      a department or interpreter to whom agents send callers; again: changed
      [--interpreter <language>]             hu, en, …
linia contact list
linia contact close <id>                     no caller is sent there any more
linia config export [<file>]                 the configuration of the line, as YAML
linia config plan <file>                     what the file would change; nothing is published
linia config apply <file> "<reason>"         publishes it, on record; refuses where somebody else has published
      [--over <version>]                     since, unless told to undo that
linia config try --number <number>           what a caller meets, in words: of the version in force, or of a file
      --at '<YYYY-MM-DD HH:MM>' [--keys <keys>]
      [--blocked] [<file>]                   keys in order, - for none: 2, 91, -1
linia config try-call <number>               whether an agent may call it, how it is dialled, or which rule
      [--supervisor] [--returning] [<file>]  refuses; of the version in force, or of a file
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
linia import people <file> <new file>        accounts from CSV; the activation codes go into the new file
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
const withVerb = [
  'user',
  'employer',
  'contact',
  'config',
  'hours',
  'import',
  'journal',
  'retention',
  'secrets',
  'volume',
]

// Whatever this command writes is readable by its user only.
process.umask(0o077)

await runMain(async () => {
  if (process.argv[2] === 'update') {
    const { fetchAsRoot } = await import('./update.ts')
    const refused = await fetchAsRoot(readSettings(process.env), process.argv.slice(3))
    if (refused !== 0) return refused
  }
  await goOnAsOwner(resolve(process.env['VAR_DIR'] || 'var'))
  const [subject = '', verb = '', ...rest] = process.argv.slice(2)
  const command = withVerb.includes(subject) ? `${subject} ${verb}`.trim() : subject
  switch (command) {
    case 'user add':
      return (await import('./user.ts')).addUser(readSettings(process.env), rest)
    case 'user list':
      return (await import('./user.ts')).listUsers(readSettings(process.env))
    case 'user reset':
      return (await import('./user.ts')).resetUser(readSettings(process.env), rest)
    case 'user confirm':
      return (await import('./user.ts')).confirmUser(readSettings(process.env), rest)
    case 'user close':
      return (await import('./user.ts')).closeUser(readSettings(process.env), rest)
    case 'employer list':
      return (await import('./employer.ts')).tellEmployers(readSettings(process.env))
    case 'employer end':
      return (await import('./employer.ts')).endEmployer(readSettings(process.env), rest)
    case 'employer renew':
      return (await import('./employer.ts')).renewEmployer(readSettings(process.env), rest)
    case 'contact add':
      return (await import('./contact.ts')).addContactOf(readSettings(process.env), rest)
    case 'contact list':
      return (await import('./contact.ts')).listContacts(readSettings(process.env))
    case 'contact close':
      return (await import('./contact.ts')).closeContactOf(readSettings(process.env), rest)
    case 'config export':
      return (await import('./configuration.ts')).exportConfiguration(readSettings(process.env), rest)
    case 'config plan':
      return (await import('./configuration.ts')).planConfiguration(readSettings(process.env), rest)
    case 'config apply':
      return (await import('./configuration.ts')).applyConfiguration(readSettings(process.env), rest)
    case 'config try':
      return (await import('./dry-run.ts')).tryConfiguration(readSettings(process.env), rest)
    case 'config try-call':
      return (await import('./dry-run.ts')).tryCall(readSettings(process.env), rest)
    case 'hours':
      return (await import('./hours.ts')).tellHours(readSettings(process.env))
    case 'hours close':
      return (await import('./hours.ts')).closeDay(readSettings(process.env), rest)
    case 'hours open':
      return (await import('./hours.ts')).openDay(readSettings(process.env), rest)
    case 'journal export':
      return (await import('./journal.ts')).exportJournal(readSettings(process.env), rest)
    case 'journal key':
      return (await import('./journal.ts')).tellJournalKey(readSettings(process.env))
    case 'journal head':
      return (await import('./journal.ts')).tellJournalHead(readSettings(process.env))
    case 'journal accept-rollback':
      return (await import('./journal.ts')).acceptJournalRollback(readSettings(process.env), rest)
    case 'verify':
      return (await import('./journal.ts')).verifyJournal(
        readSettings(process.env),
        [verb, ...rest].filter((one) => one !== ''),
      )
    case 'import people':
      return (await import('./import-people.ts')).importPeopleFile(readSettings(process.env), rest)
    case 'import papers':
      return (await import('./import-papers.ts')).importPapersFile(readSettings(process.env), rest)
    case 'backup':
      if (verb === 'keys')
        return (await import('../backup/keys.ts')).backUpKeys(readSettings(process.env), rest)
      return (await import('../backup/backup.ts')).backUp(
        readSettings(process.env),
        process.argv.slice(3),
        process.env,
      )
    case 'restore':
      return (await import('../backup/restore.ts')).restore(readSettings(process.env), process.argv.slice(3))
    case 'volume new':
      return (await import('../backup/volumes.ts')).declareVolume(readSettings(process.env), rest, say)
    case 'retention clock':
      return (await import('./retention.ts')).confirmClock(readSettings(process.env), rest)
    case 'reconcile':
      return (await import('./reconcile.ts')).reconcile(readSettings(process.env))
    case 'secrets list':
      return (await import('./secrets.ts')).listSecrets(readSettings(process.env))
    case 'secrets rotate':
      return (await import('./secrets.ts')).rotateSecret(readSettings(process.env), rest)
    case 'security':
      return (await import('./security.ts')).tellSecurity(readSettings(process.env))
    case 'update':
      return (await import('./update.ts')).update(readSettings(process.env), process.argv.slice(3))
    case 'doctor':
      return (await import('./doctor.ts')).doctor(process.env)
    case '':
    case 'help':
    case '--help':
      say(usage)
      return 0
    default:
      throw new UserError(`"${[subject, verb].join(' ').trim()}" is not a command. There are:\n${usage}`)
  }
})
