/** Describes the wrong fields of a request's form, for the agent who filled it in. */
import type { Wrong, WrongPart } from '../../city/requests/form.ts'
import type { WrongField } from '../shell/validation-messages.ts'
import type { Language } from '../shell/language.ts'

/** Each completes "Completează …" and "Enter …". */
const words: Readonly<Record<Wrong, Readonly<Record<Language, string>>>> = {
  'unknown category': { ro: 'domeniul, ales din listă', en: 'a category of the list' },
  'name missing': { ro: 'numele petentului', en: 'the name of the petitioner' },
  'contact missing': {
    ro: 'un telefon, un e-mail sau o adresă la care să ajungă răspunsul',
    en: 'a telephone, an e-mail address or an address, for the answer to reach',
  },
  'not an e-mail address': { ro: 'adresa de e-mail întreagă, cu @', en: 'a whole e-mail address, with @' },
  'not a telephone number': {
    ro: 'numărul de telefon întreg, cu toate cifrele',
    en: 'a whole telephone number, with all its digits',
  },
  'not without a name': {
    ro: 'numele: fără nume, o astfel de cerere se clasează (OG 27/2002 art. 7)',
    en: 'a name: without one such a request is filed unanswered (OG 27/2002 art. 7)',
  },
  'street missing': { ro: 'strada', en: 'the street' },
  'text missing': { ro: 'conținutul: ce cere cetățeanul', en: 'what the citizen asks' },
  'field missing': { ro: 'câmpul: domeniul ales îl cere', en: 'an answer: the category requires it' },
  'unknown choice': { ro: 'câmpul cu o variantă din listă', en: 'one of the list' },
  'not a past day': {
    ro: 'data, cu o zi din trecut: 24.11.2026',
    en: 'a day in the past, such as 24.11.2026',
  },
}

export function wrongParts(wrong: readonly WrongPart[], language: Language): WrongField[] {
  return wrong.map(({ field, why }) => ({ field, accepted: words[why][language] }))
}
