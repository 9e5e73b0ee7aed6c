/** The demo's contacts, invented: departments of the city hall on internal numbers, and an interpreter. */
import type { Database } from '../../../src/ledger/database.ts'
import { addContact, type NewContact } from '../../../src/people/contacts.ts'

export const demoContacts: readonly NewContact[] = [
  { id: 'stare-civila', name: 'Stare civilă', number: '410', language: null },
  { id: 'urbanism', name: 'Urbanism și autorizații', number: '420', language: null },
  { id: 'politia-locala', name: 'Poliția locală – dispecerat', number: '430', language: null },
  { id: 'asistenta-sociala', name: 'Asistență socială', number: '440', language: null },
  { id: 'interpret-maghiara', name: 'Interpret de maghiară', number: '450', language: 'hu' },
]

/** Runs once: a contact that was closed or changed stays so. */
export async function seedContacts(db: Database): Promise<void> {
  const known = await db.selectFrom('contact_versions').select('id').limit(1).executeTakeFirst()
  if (known !== undefined) return
  for (const contact of demoContacts) {
    const added = await addContact(db, contact, { allowed: [], own: [], by: null })
    if (!added.ok) throw new Error(`${contact.id}: ${added.why}`)
  }
}
