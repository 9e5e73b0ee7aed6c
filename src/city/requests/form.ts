/** The form of a request, and what must be filled in before it gets a number. */
import { categoryOf, type Category } from './categories.ts'
import { requestKinds, type RequestKind } from './kinds.ts'
import { cleanLine, cleanText } from './text.ts'

export interface Address {
  readonly street: string
  readonly number: string
  /** Block, stair, floor, flat; "la colț cu …". */
  readonly more: string
  readonly locality: string
}

export interface Person {
  readonly name: string
  /** E.164 where possible; empty: none. */
  readonly phone: string
  readonly email: string
  readonly address: Address
}

export interface RequestForm {
  readonly kind: RequestKind
  /** A category's id. */
  readonly category: string
  /** Null: anonymous. */
  readonly person: Person | null
  readonly place: Address
  /** The citizen's request, as read back to them. */
  readonly text: string
  /** By the ids of the category's own fields. */
  readonly fields: Readonly<Record<string, string>>
}

export const noAddress: Address = { street: '', number: '', more: '', locality: '' }

export const limits = { name: 200, line: 200, street: 100, number: 20, email: 200, phone: 32, text: 8_000 }
const textMin = 5

export type Wrong =
  | 'unknown category'
  | 'name missing'
  | 'contact missing'
  | 'not an e-mail address'
  | 'not a telephone number'
  | 'not without a name'
  | 'street missing'
  | 'text missing'
  | 'field missing'
  | 'unknown choice'
  | 'not a past day'
export interface WrongPart {
  /** Dotted, as in the form: `person.phone`, `fields.route`. */
  readonly field: string
  readonly why: Wrong
}

/** The form in its stored form, or all errors. */
export type Checked =
  | { readonly ok: true; readonly form: RequestForm; readonly category: Category }
  | { readonly ok: false; readonly wrong: readonly WrongPart[] }

export function checked(form: RequestForm): Checked {
  const category = categoryOf(form.category)
  // Without a category the rest is checked by what every category requires, so that all errors are told at once.
  const kept = tidy(form, category?.fields ?? [])
  const wrong = [...wrongPerson(kept, category), ...wrongRest(kept, category)]
  if (category === null || !requestKinds.includes(form.kind))
    return { ok: false, wrong: [{ field: 'category', why: 'unknown category' }, ...wrong] }
  return wrong.length > 0 ? { ok: false, wrong } : { ok: true, form: kept, category }
}

function tidy(form: RequestForm, own: Category['fields']): RequestForm {
  const { person } = form
  return {
    kind: form.kind,
    category: form.category,
    person:
      person === null
        ? null
        : {
            name: cleanLine(person.name),
            phone: cleanLine(person.phone),
            email: cleanLine(person.email),
            address: tidyAddress(person.address),
          },
    place: tidyAddress(form.place),
    text: cleanText(form.text),
    // Fields of another category are dropped, because the agent no longer sees them.
    fields: Object.fromEntries(
      own.flatMap(({ id }) => {
        const value = cleanLine(form.fields[id] ?? '')
        return value === '' ? [] : [[id, value]]
      }),
    ),
  }
}

const tidyAddress = ({ street, number, more, locality }: Address): Address => ({
  street: cleanLine(street),
  number: cleanLine(number),
  more: cleanLine(more),
  locality: cleanLine(locality),
})

/** An answer needs an addressee (OG 27/2002 art. 7: without identification a petition is filed). */
function wrongPerson({ person }: RequestForm, category: Category | null): WrongPart[] {
  if (person === null)
    return category?.anonymous !== false ? [] : [{ field: 'person', why: 'not without a name' }]
  const wrong: WrongPart[] = []
  const { name, phone, email, address } = person
  if (name === '') wrong.push({ field: 'person.name', why: 'name missing' })
  if (phone === '' && email === '' && address.street === '')
    wrong.push({ field: 'person.phone', why: 'contact missing' })
  if (phone !== '' && phone.replace(/\D/g, '').length < 3)
    wrong.push({ field: 'person.phone', why: 'not a telephone number' })
  if (email !== '' && !/^[^\s@<>"(),:;]+@[^\s@<>"(),:;]+\.[^\s@.]{2,}$/.test(email))
    wrong.push({ field: 'person.email', why: 'not an e-mail address' })
  return wrong
}

function wrongRest({ place, text, fields }: RequestForm, category: Category | null): WrongPart[] {
  const wrong: WrongPart[] = []
  if (category?.place === true && place.street === '')
    wrong.push({ field: 'place.street', why: 'street missing' })
  for (const { id, required, choices } of category?.fields ?? []) {
    const value = fields[id]
    if (value === undefined && required) wrong.push({ field: `fields.${id}`, why: 'field missing' })
    if (value !== undefined && choices !== null && !choices.some((choice) => choice.id === value))
      wrong.push({ field: `fields.${id}`, why: 'unknown choice' })
  }
  if (text.length < textMin) wrong.push({ field: 'text', why: 'text missing' })
  return wrong
}
