/**
 * Contacts: outside parties to whom an agent may send a caller. The newest version of a contact counts; a closed one can
 * be opened by a further version.
 */
import { sql } from 'kysely'
import type { Contact } from '../core/contact.ts'
import { ContactId, type AgentId } from '../core/ids.ts'
import { callableContact, type NumberRefusal } from '../core/phone-number.ts'
import type { Database } from '../ledger/database.ts'

export interface NewContact {
  /** Names the contact on the command line and in the record: `stare-civila`. */
  readonly id: string
  readonly name: string
  /** As typed. */
  readonly number: string
  readonly language: string | null
}

export type ContactRefusal =
  | 'id not usable'
  | 'name not usable'
  | 'name taken'
  | 'not a language'
  | NumberRefusal
export type AddedContact =
  | { readonly ok: true; readonly contact: Contact; readonly isNew: boolean }
  | { readonly ok: false; readonly why: ContactRefusal }

const usableId = /^[a-z][a-z0-9-]{1,39}$/
const nameMax = 60
/** Adds a contact, or a further version of it. Two open contacts never have the same name: agents choose by it. */
export async function addContact(
  db: Database,
  asked: NewContact,
  { allowed, by }: { readonly allowed: readonly string[]; readonly by: AgentId | null },
): Promise<AddedContact> {
  const { id, language } = asked
  const name = asked.name.trim()
  const judged = callableContact(asked.number, allowed)
  if (!usableId.test(id)) return { ok: false, why: 'id not usable' }
  if (name === '' || name.length > nameMax) return { ok: false, why: 'name not usable' }
  if (language !== null && !isLanguage(language)) return { ok: false, why: 'not a language' }
  if (!judged.ok) return { ok: false, why: judged.refusal }
  const { number } = judged
  return db.transaction().execute(async (trx): Promise<AddedContact> => {
    await lockContacts(trx)
    const open = await contacts(trx)
    if (
      open.some((one) => one.id !== id && one.name.toLocaleLowerCase('ro') === name.toLocaleLowerCase('ro'))
    )
      return { ok: false, why: 'name taken' }
    await trx
      .insertInto('contact_versions')
      .values({ contact: ContactId(id), name, number, language, closed: false, by })
      .execute()
    const contact = { id: ContactId(id), name, number, language }
    return { ok: true, contact, isNew: !open.some((one) => one.id === id) }
  })
}

/** Nobody is sent to the contact any more; a conversation with it may be finished. Its versions stay on record. */
export async function closeContact(
  db: Database,
  id: string,
  by: AgentId | null,
): Promise<Contact | 'unknown contact'> {
  return db.transaction().execute(async (trx) => {
    await lockContacts(trx)
    const known = (await contacts(trx)).find((one) => one.id === id)
    if (known === undefined) return 'unknown contact'
    const { name, number, language } = known
    await trx
      .insertInto('contact_versions')
      .values({ contact: known.id, name, number, language, closed: true, by })
      .execute()
    return known
  })
}

/** The open contacts, by name; few: the departments of a city hall. */
export async function contacts(db: Database): Promise<Contact[]> {
  return db
    .selectFrom((one) =>
      one
        .selectFrom('contact_versions')
        .distinctOn('contact')
        .select(['contact as id', 'name', 'number', 'language', 'closed'])
        .orderBy('contact')
        // Not the result's column of that name.
        .orderBy('contact_versions.id', 'desc')
        .as('latest'),
    )
    .select(['id', 'name', 'number', 'language'])
    .where('closed', '=', false)
    .orderBy('name')
    .orderBy('id')
    .execute()
}

/** Two changes at once would not see each other's name. */
async function lockContacts(trx: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(969053)`.execute(trx)
}

function isLanguage(code: string): boolean {
  return (
    /^[a-z]{2}$/.test(code) &&
    new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(code) !== undefined
  )
}
