/**
 * Contacts: outside parties to whom an agent may send a caller. The newest version of a contact counts; a closed one can
 * be opened by a further version.
 */
import { sql } from 'kysely'
import { contactNameMax, type Contact } from '../core/contact.ts'
import { ContactId, type AgentId, type Millis } from '../core/ids.ts'
import { callableContact, isAmong, type NumberRefusal } from '../core/phone-number.ts'
import type { Database } from '../ledger/database.ts'
import { mayDecide } from './account-changes.ts'

export interface ContactFields {
  readonly name: string
  /** As typed. */
  readonly number: string
  readonly language: string | null
}

export interface NewContact extends ContactFields {
  /** Names the contact on the command line and in the record: `stare-civila`. */
  readonly id: string
}

/** The version that was seen; null: whichever is the newest. */
export interface SeenContact {
  readonly id: string
  readonly version: number | null
}

export interface ContactDecision {
  /** The administrator; null: the command line or the demo. */
  readonly by: AgentId | null
  /** `CallOutRules.allowed`. */
  readonly allowed: readonly string[]
  /** The numbers of the line, in every form: a call there would come back. */
  readonly own: readonly string[]
}

export type ContactRefusal =
  | 'not allowed'
  | 'unknown contact'
  | 'changed meanwhile'
  | 'id not usable'
  | 'name not usable'
  | 'name taken'
  | 'not a language'
  | NumberRefusal
type Refusal<Why extends ContactRefusal> = { readonly ok: false; readonly why: Why }
type FieldsRefusal = Exclude<ContactRefusal, 'unknown contact' | 'changed meanwhile'>

export type AddedContact =
  | { readonly ok: true; readonly contact: Contact; readonly isNew: boolean }
  | Refusal<FieldsRefusal>
export type ChangedContact = { readonly ok: true; readonly contact: Contact } | Refusal<ContactRefusal>
export type ClosedContact =
  | { readonly ok: true; readonly contact: Contact }
  | Refusal<'not allowed' | 'unknown contact' | 'changed meanwhile'>

const usableId = /^[a-z][a-z0-9-]{1,39}$/

/** Adds a contact, or a further version of it. Two open contacts never have the same name: agents choose by it. */
export async function addContact(
  db: Database,
  { id, ...fields }: NewContact,
  decision: ContactDecision,
): Promise<AddedContact> {
  if (!usableId.test(id)) return { ok: false, why: 'id not usable' }
  return decided(db, decision, async (trx, known): Promise<AddedContact> => {
    const written = await writeOpen(trx, known, ContactId(id), fields, decision)
    if (!written.ok) return written
    return { ...written, isNew: !known.some((one) => one.id === id && !one.closed) }
  })
}

/** Adds a contact whose id follows its name, or an interpreter's language. */
export async function enterContact(
  db: Database,
  fields: ContactFields,
  decision: ContactDecision,
): Promise<AddedContact> {
  return decided(db, decision, async (trx, known): Promise<AddedContact> => {
    const taken = new Set<string>(known.map(({ id }) => id))
    const written = await writeOpen(trx, known, idFor(fields, taken), fields, decision)
    return written.ok ? { ...written, isNew: true } : written
  })
}

/** A further version of a known contact; a closed one is opened again by it. */
export async function changeContact(
  db: Database,
  seen: SeenContact,
  fields: ContactFields,
  decision: ContactDecision,
): Promise<ChangedContact> {
  return decided(db, decision, async (trx, known): Promise<ChangedContact> => {
    const found = asSeen(known, seen)
    return found.ok ? writeOpen(trx, known, found.contact.id, fields, decision) : found
  })
}

/** Nobody is sent to the contact any more; a conversation with it may be finished. Its versions stay on record. */
export async function closeContact(
  db: Database,
  seen: SeenContact,
  by: AgentId | null,
): Promise<ClosedContact> {
  return decided(db, { by }, async (trx, known): Promise<ClosedContact> => {
    const found = asSeen(known, seen)
    if (!found.ok) return found
    const { id, name, number, language, closed } = found.contact
    if (closed) return { ok: false, why: 'unknown contact' }
    await trx
      .insertInto('contact_versions')
      .values({ contact: id, name, number, language, closed: true, by })
      .execute()
    return { ok: true, contact: { id, name, number, language } }
  })
}

export interface ContactVersion extends Contact {
  readonly version: number
  readonly closed: boolean
  readonly at: Millis
  /** Null: the command line or the demo. */
  readonly by: string | null
}

/** The newest version of each contact, also of closed ones: open ones first, by name. */
export async function contactRegister(db: Database): Promise<ContactVersion[]> {
  const newest = await versionsOf(db)
    .distinctOn('version.contact')
    .orderBy('version.contact')
    .orderBy('version.id', 'desc')
    .execute()
  const byName = new Intl.Collator('ro')
  return newest.toSorted(
    (one, other) => Number(one.closed) - Number(other.closed) || byName.compare(one.name, other.name),
  )
}

/** The versions of one contact, newest first; empty: there is no such contact. */
export const contactVersions = (db: Database, id: string, limit: number): Promise<ContactVersion[]> =>
  versionsOf(db)
    .where('version.contact', '=', ContactId(id))
    .orderBy('version.id', 'desc')
    .limit(limit)
    .execute()

const versionsOf = (db: Database) =>
  db
    .selectFrom('contact_versions as version')
    .leftJoin('current_accounts as author', 'author.id', 'version.by')
    .select([
      'version.id as version',
      'version.contact as id',
      'version.name',
      'version.number',
      'version.language',
      'version.closed',
      'version.recorded_at as at',
      'author.name as by',
    ])

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

function decided<Answer>(
  db: Database,
  { by }: Pick<ContactDecision, 'by'>,
  work: (trx: Database, known: readonly ContactVersion[]) => Promise<Answer>,
): Promise<Answer | Refusal<'not allowed'>> {
  return db.transaction().execute(async (trx) => {
    if (!(await mayDecide(trx, by, ['administrator'], []))) return { ok: false, why: 'not allowed' }
    // Two changes at once would not see each other's name or version.
    await sql`select pg_advisory_xact_lock(969053)`.execute(trx)
    return work(trx, await contactRegister(trx))
  })
}

function asSeen(
  known: readonly ContactVersion[],
  { id, version }: SeenContact,
):
  | { readonly ok: true; readonly contact: ContactVersion }
  | Refusal<'unknown contact' | 'changed meanwhile'> {
  const contact = known.find((one) => one.id === id)
  if (contact === undefined) return { ok: false, why: 'unknown contact' }
  if (version !== null && contact.version !== version) return { ok: false, why: 'changed meanwhile' }
  return { ok: true, contact }
}

const folded = (name: string): string => name.toLocaleLowerCase('ro')

async function writeOpen(
  trx: Database,
  known: readonly ContactVersion[],
  id: ContactId,
  asked: ContactFields,
  { allowed, own, by }: ContactDecision,
): Promise<{ readonly ok: true; readonly contact: Contact } | Refusal<FieldsRefusal>> {
  const { language } = asked
  const name = asked.name.trim()
  const judged = callableContact(asked.number, allowed)
  if (name === '' || name.length > contactNameMax) return { ok: false, why: 'name not usable' }
  if (language !== null && !isLanguage(language)) return { ok: false, why: 'not a language' }
  if (!judged.ok) return { ok: false, why: judged.refusal }
  if (isAmong(judged.number, own)) return { ok: false, why: 'our own number' }
  if (known.some((one) => one.id !== id && !one.closed && folded(one.name) === folded(name)))
    return { ok: false, why: 'name taken' }
  const { number } = judged
  await trx
    .insertInto('contact_versions')
    .values({ contact: id, name, number, language, closed: false, by })
    .execute()
  return { ok: true, contact: { id, name, number, language } }
}

/**
 * `Stare civilă` → `stare-civila`; a closed contact keeps its id. An interpreter is often entered by a person's name, which must
 * not be in ids, since logs and events of calls have them: `interpret-hu`.
 */
function idFor(
  { name, language }: Pick<ContactFields, 'name' | 'language'>,
  taken: ReadonlySet<string>,
): ContactId {
  const plain = (language === null ? name : `interpret-${language}`)
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 34)
  const stem = usableId.test(plain) ? plain : 'contact'
  for (let figure = 1; ; figure += 1) {
    const id = figure === 1 ? stem : `${stem}-${figure}`
    if (!taken.has(id)) return ContactId(id)
  }
}

function isLanguage(code: string): boolean {
  return (
    /^[a-z]{2}$/.test(code) &&
    new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(code) !== undefined
  )
}
