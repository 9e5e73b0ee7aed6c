/** Contacts: departments and interpreters outside the contact centre. */
import { Type, type Static } from 'typebox'
import { Described, Nullable } from '../wire.ts'

export const contactsMax = 500

export const ContactItem = Type.Object({
  id: Type.String(),
  name: Type.String(),
  number: Described(
    'E.164, or a short number; null for an interpreter, who is a person: nobody needs it to have them called.',
    Nullable(Type.String()),
  ),
  language: Described('Of an interpreter (ISO 639-1); null: not an interpreter.', Nullable(Type.String())),
})
export type ContactItem = Static<typeof ContactItem>

export const ContactName = Type.Object({ id: Type.String(), name: Type.String() })

/** Why nobody answered there; `declined`: by the contact, or by their network. */
export const unreachedReasons = ['busy', 'declined', 'no answer', 'unreachable'] as const
export const UnreachedContact = Type.Object({
  id: Type.String(),
  name: Type.String(),
  why: Type.Enum([...unreachedReasons]),
})

export const ContactQuery = Described(
  '`GET /api/contacts`',
  Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: contactsMax })),
  }),
)
export const ContactList = Described('By name.', Type.Object({ items: Type.Array(ContactItem) }))
export type ContactList = Static<typeof ContactList>
