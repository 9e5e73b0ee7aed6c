/** `linia secrets …`: the age and the holders of each secret, and its replacement. */
import { join } from 'node:path'
import type { Settings } from '../../config.ts'
import { accountByUsername } from '../../people/accounts.ts'
import { newPhoneSecret } from '../../people/phone-epochs.ts'
import { releaseLock, takeLock } from '../lock.ts'
import { loadSecrets, replaceSecret, secretNames, secretsSince, type SecretName } from '../secrets.ts'
import { setSuperuserPassword } from '../services/postgres.ts'
import { say, UserError } from '../terminal.ts'
import { rotateJournalKey } from './journal-state.ts'
import { withDatabase } from './running-database.ts'

interface Rule {
  /** The programs that have it, beside `secrets.json`. */
  readonly holder: string
  /** `causes`: a sentence about the next start with a new one; `never`: the reason why there can be no new one. */
  readonly rotation: { readonly causes: string } | { readonly never: string }
}

const nobodyNotices = { causes: 'Nobody notices anything.' }

const rules: Readonly<Record<SecretName, Rule>> = {
  databaseAdmin: { holder: 'PostgreSQL, the commands of linia', rotation: nobodyNotices },
  databaseApp: { holder: 'PostgreSQL, the server', rotation: nobodyNotices },
  databaseRetention: { holder: 'PostgreSQL, the server', rotation: nobodyNotices },
  databaseFiscal: { holder: 'PostgreSQL, the server (demo)', rotation: nobodyNotices },
  redis: { holder: 'Redis, the server', rotation: nobodyNotices },
  ari: { holder: 'Asterisk, the server', rotation: nobodyNotices },
  ami: { holder: 'Asterisk, the server, the watchdog', rotation: nobodyNotices },
  session: { holder: 'the server', rotation: { causes: 'Everybody signs in anew.' } },
  phones: {
    holder: 'the server, Asterisk, every desk phone',
    rotation: {
      causes:
        'Browser phones get their new passwords themselves. For each desk phone: linia secrets rotate phone <username>',
    },
  },
  accounts: {
    holder: 'the demo',
    rotation: { never: 'the demo’s accounts keep the passwords that they were made with; see make clean' },
  },
  factors: { holder: 'the server', rotation: { causes: 'People enrol their authenticator apps anew.' } },
  journal: {
    holder: 'the server',
    rotation: { causes: 'Give the auditor the new key: linia journal key' },
  },
  persons: {
    holder: 'the server',
    rotation: { never: 'the journal’s entries about one person could not be found together any more' },
  },
  documents: { holder: 'the server, the demo’s document system', rotation: nobodyNotices },
  documentStatuses: { holder: 'the server, the demo’s document system', rotation: nobodyNotices },
}

const dayMs = 86_400_000

export async function listSecrets({ paths }: Settings, print = say, now = Date.now()): Promise<number> {
  await loadSecrets(paths.secrets)
  const since = await secretsSince(paths.secrets)
  for (const name of secretNames) {
    const at = since[name]
    const age =
      at === undefined ? 'age unknown' : `${Math.max(0, Math.floor((now - Date.parse(at)) / dayMs))} days`
    const { holder, rotation } = rules[name]
    const fixed = 'never' in rotation ? `; not replaceable: ${rotation.never}` : ''
    print(`${name.padEnd(18)} ${age.padEnd(12)} ${(at ?? '').slice(0, 10).padEnd(11)} ${holder}${fixed}`)
  }
  return 0
}

export async function rotateSecret(
  settings: Settings,
  [given = '', username = '']: readonly string[],
  print = say,
): Promise<number> {
  if (given === 'phone') return rotateDeskPhone(settings, username, print)
  const name = secretNames.find((one) => one === given)
  if (name === undefined)
    throw new UserError(
      `Say which secret: linia secrets rotate <name>, or phone <username>. Names: ${secretNames.join(', ')}`,
    )
  const { rotation } = rules[name]
  if ('never' in rotation) throw new UserError(`"${name}" cannot be replaced: ${rotation.never}.`)
  const { paths, given: external } = settings
  // Each running part has the old value, and a start meanwhile would read it.
  const ledger = external.databaseUrl === null ? 'private' : 'given'
  const running = await takeLock(paths.var, { url: 'the rotation of a secret', ledger })
  if (running !== null)
    throw new UserError(
      `Linia is running at ${running.url}. Stop it first; a start brings every part the new secret.`,
    )
  const isPrivate = name === 'databaseAdmin' && external.databaseUrl === null
  try {
    await replaceSecret(paths.secrets, name, async (value) => {
      if (name === 'journal')
        await rotateJournalKey(settings, {
          oldSecret: (await loadSecrets(paths.secrets)).journal,
          newSecret: value,
        })
      if (isPrivate) await setSuperuserPassword(join(paths.var, 'postgres'), value)
    })
  } finally {
    await releaseLock(paths.var)
  }
  print(`"${name}" is replaced, for the next start. ${rotation.causes}`)
  return 0
}

/** While Linia runs; the phone's calls go on, and it cannot register any more with its old password. */
async function rotateDeskPhone(settings: Settings, username: string, print = say): Promise<number> {
  if (username === '') throw new UserError('Say whose: linia secrets rotate phone <username>')
  return withDatabase(settings, async (db) => {
    const account = await accountByUsername(db, username)
    if (account === null || account.closedAt !== null || !account.roles.includes('agent'))
      throw new UserError(`"${username}" is no agent with an open account.`)
    await newPhoneSecret(db, account.id, 'desk')
    print(
      `The desk phone of ${account.username} has a new password, which its agent reads at their own account page.`,
    )
  })
}
