/** `linia contact …`: departments and interpreters outside the contact centre, to whom agents send callers. */
import type { Settings } from '../../config.ts'
import { formsOf, lineOf } from '../../core/configuration/line.ts'
import { callOutRules } from '../../core/configuration/outbound.ts'
import { newestConfiguration } from '../../ledger/configuration/versions.ts'
import { addContact, closeContact, contacts, type ContactRefusal } from '../../people/contacts.ts'
import { say, UserError } from '../terminal.ts'
import { withDatabase } from './running-database.ts'

const how = 'linia contact add <id> "<name>" <number> [--interpreter <language>]'

const whyNotAdded: Readonly<Record<ContactRefusal, string>> = {
  'not allowed': 'Only an administrator keeps the contacts.',
  'unknown contact': 'There is no such contact: linia contact list',
  'changed meanwhile': 'Somebody has changed this contact meanwhile.',
  'id not usable': 'An id has 2–40 of a–z, 0–9 and dash, a letter first: stare-civila',
  'name not usable': 'The name that agents see has 1–60 characters.',
  'name taken': 'Another contact has this name, and agents choose by it.',
  'not a language': 'The language of an interpreter is a code of two letters (ISO 639-1): hu, en, uk',
  'no number': `Say which number: ${how}`,
  'not a number': 'This is not a telephone number.',
  'an emergency number': '112 is no contact: agents’ phones dial it by themselves.',
  'our own number': 'This is the number of the contact centre itself.',
  'a premium number': 'A call to this number costs more than a call; it cannot be a contact.',
  'a foreign number':
    'Abroad only numbers that agents may call (linia config export, OUTBOUND_ALLOW) can be contacts.',
  'a number not allowed':
    'A short number has three to five digits, unless agents may call it (linia config export, OUTBOUND_ALLOW).',
}

/** A known id gets a further version: another name, number or language, or opens again. */
export async function addContactOf(settings: Settings, args: readonly string[], tell = say): Promise<number> {
  const { rest, language } = withLanguage(args)
  const [id = '', name = '', number = '', ...more] = rest
  if (id === '' || name === '' || number === '' || more.length > 0) throw new UserError(`Say whom: ${how}`)
  return withDatabase(settings, async (db) => {
    const { document } = await newestConfiguration(db)
    const { allowed } = callOutRules(document.outbound ?? null, settings.callOut)
    const own = formsOf(lineOf(document).numbers)
    const added = await addContact(db, { id, name, number, language }, { allowed, own, by: null })
    if (!added.ok) throw new UserError(whyNotAdded[added.why])
    tell(
      added.isNew ? `Agents can send callers to ${added.contact.name}.` : `${added.contact.name} is changed.`,
    )
  })
}

export async function listContacts(settings: Settings, tell = say): Promise<number> {
  return withDatabase(settings, async (db) => {
    const open = await contacts(db)
    if (open.length === 0) tell(`There are no contacts. Add one: ${how}`)
    for (const { id, name, number, language } of open)
      tell(
        [
          id.padEnd(24),
          name.padEnd(36),
          number.padEnd(16),
          language === null ? '' : `interpreter: ${language}`,
        ]
          .join(' ')
          .trimEnd(),
      )
  })
}

export async function closeContactOf(
  settings: Settings,
  args: readonly string[],
  tell = say,
): Promise<number> {
  const [id = '', ...more] = args
  if (id === '' || more.length > 0) throw new UserError('Say which: linia contact close <id>')
  return withDatabase(settings, async (db) => {
    const closed = await closeContact(db, { id, version: null }, null)
    if (!closed.ok) throw new UserError(`There is no open contact "${id}": linia contact list`)
    tell(`No caller is sent to ${closed.contact.name} any more.`)
  })
}

function withLanguage(args: readonly string[]): {
  readonly rest: readonly string[]
  readonly language: string | null
} {
  const at = args.indexOf('--interpreter')
  if (at === -1) return { rest: args, language: null }
  const language = args[at + 1]?.toLowerCase() ?? ''
  if (language === '') throw new UserError('Say which language: --interpreter hu')
  return { rest: args.toSpliced(at, 2), language }
}
