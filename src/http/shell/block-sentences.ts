/** Why a number is not blocked. */
import type { BlockRefusal } from '../../core/phone-number.ts'
import type { Language } from './language.ts'

export const blockSentences: Readonly<Record<BlockRefusal, Readonly<Record<Language, string>>>> = {
  'no number': {
    ro: 'Un număr ascuns nu se poate bloca.',
    en: 'A withheld number cannot be blocked.',
  },
  'not a number': {
    ro: 'Acesta nu este un număr de telefon. Scrie-l cu toate cifrele, de exemplu 0722 000 111.',
    en: 'This is no telephone number. Type all its digits, for example 0722 000 111.',
  },
  'an emergency number': {
    ro: 'Numărul 112 nu se poate bloca.',
    en: '112 cannot be blocked.',
  },
  'our own number': {
    ro: 'Acesta este un număr al primăriei.',
    en: 'This is a number of the city hall.',
  },
  'a contact': {
    ro: 'Acesta este numărul unui serviciu sau al unui interpret din lista de contacte.',
    en: 'This is the number of a department or an interpreter among the contacts.',
  },
}
