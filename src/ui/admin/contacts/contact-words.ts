/** Words about a contact: the change that a version made, and the field that a refusal is about. */
import type { ContactVersions } from '../../../http/contacts/wire.ts'

type Version = ContactVersions['items'][number]

/** @param before The next older version; undefined: this one is the first. */
export function changeOf(
  version: Pick<Version, 'closed'>,
  before: Pick<Version, 'closed'> | undefined,
): 'added' | 'changed' | 'closed' | 'opened' {
  if (version.closed) return 'closed'
  if (before === undefined) return 'added'
  return before.closed ? 'opened' : 'changed'
}

export type ContactField = 'name' | 'number' | 'language'

const fieldOfCode: Readonly<Record<string, ContactField>> = {
  'contact-name-taken': 'name',
  'not-a-language': 'language',
  'no-number-to-call': 'number',
  'not-a-number': 'number',
  'emergency-number': 'number',
  'own-number': 'number',
  'premium-number': 'number',
  'foreign-number': 'number',
  'number-not-allowed': 'number',
}

/** The field that a refusal is about; null: the contact as a whole. */
export const fieldOf = (code: string): ContactField | null => fieldOfCode[code] ?? null
