/** Contacts: departments and interpreters outside the contact centre. */
import { Type, type Static } from 'typebox'
import { contactNameMax } from '../../core/contact.ts'
import { Described, Nullable, Time } from '../wire.ts'

export { contactNameMax }

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

export const contactNumberMax = 40
/** Of one contact; the newest are shown. */
export const contactVersionsMax = 200

const Version = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

const Registered = {
  version: Described('Named by a change of it.', Type.Integer()),
  name: Type.String({ examples: ['Stare civilă'] }),
  number: Described('E.164, or a short number.', Type.String({ examples: ['+40256408300'] })),
  language: Described('Of an interpreter (ISO 639-1); null: not an interpreter.', Nullable(Type.String())),
  closed: Described('Nobody is sent there any more.', Type.Boolean()),
  at: Described('When this version was made.', Time),
  by: Described('Null: the command line or the demo.', Nullable(Type.String())),
}

export const RegisteredContact = Described(
  'A contact as its newest version has it.',
  Type.Object({ id: Type.String({ examples: ['stare-civila'] }), ...Registered }),
)
export type RegisteredContact = Static<typeof RegisteredContact>

/** `GET /api/contact-register` */
export const ContactRegister = Described(
  'Open ones first, by name.',
  Type.Object({ items: Type.Array(RegisteredContact) }),
)
export type ContactRegister = Static<typeof ContactRegister>

export const ContactVersion = Type.Object(Registered)
export const ContactVersions = Described(
  'Newest first.',
  Type.Object({ items: Type.Array(ContactVersion, { maxItems: contactVersionsMax }) }),
)
export type ContactVersions = Static<typeof ContactVersions>

export const ContactParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 60 }) })

const Fields = {
  name: Type.String({
    minLength: 1,
    maxLength: contactNameMax,
    pattern: '\\S',
    examples: ['Stare civilă'],
  }),
  number: Described(
    'As typed: any Romanian number, or a short one of the city hall’s exchange.',
    Type.String({ minLength: 1, maxLength: contactNumberMax, examples: ['0256 408 300'] }),
  ),
  language: Described(
    'Of an interpreter (ISO 639-1); null: not an interpreter.',
    Nullable(Type.String({ pattern: '^[a-z]{2}$' })),
  ),
}
export const NewContact = Type.Object(Fields)
export type NewContact = Static<typeof NewContact>

export const AddedContact = Type.Object({
  id: Described(
    'Made from the name, of an interpreter from the language; the command line and the record name the contact by it.',
    Type.String(),
  ),
})
export type AddedContact = Static<typeof AddedContact>

export const ContactChange = Type.Object({
  ...Fields,
  version: Described('The version that was seen.', Version),
})
export type ContactChange = Static<typeof ContactChange>

export const ContactClosing = Type.Object({ version: Described('The version that was seen.', Version) })
