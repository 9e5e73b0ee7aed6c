/** Refusals of the register of contacts. */
import type { NumberRefusal } from '../../core/phone-number.ts'
import type { Language } from '../shell/language.ts'

export const contactSentences = {
  'contact-name-taken': {
    status: 409,
    ro: 'Alt contact deschis are acest nume, iar operatorii aleg după nume.',
    en: 'Another open contact has this name, and agents choose by it.',
  },
  'contact-changed': {
    status: 409,
    ro: 'Cineva a schimbat între timp acest contact. Nimic nu s-a salvat: uită-te cum e acum și încearcă din nou.',
    en: 'Somebody has changed this contact meanwhile. Nothing was saved: look at it as it is now, and try again.',
  },
  'not-a-language': {
    status: 409,
    ro: 'Aceasta nu este o limbă: scrie codul ei din două litere (ISO 639-1), de exemplu hu.',
    en: 'This is no language: use its code of two letters (ISO 639-1), for example hu.',
  },
} as const

/** Why a number cannot be a contact's, said to an administrator. */
export const contactNumberSentences: Readonly<Record<NumberRefusal, Readonly<Record<Language, string>>>> = {
  'no number': { ro: 'Scrie numărul.', en: 'Type the number.' },
  'not a number': {
    ro: 'Acesta nu este un număr de telefon. Scrie-l cu toate cifrele, de exemplu 0256 408 300, sau interiorul din centrală.',
    en: 'This is no telephone number. Type all its digits, for example 0256 408 300, or the extension of the exchange.',
  },
  'an emergency number': {
    ro: '112 nu este un contact: telefoanele îl sună singure.',
    en: '112 is no contact: the telephones dial it by themselves.',
  },
  'our own number': {
    ro: 'Acesta este chiar numărul la care sună cetățenii.',
    en: 'This is the very number that citizens call.',
  },
  'a premium number': {
    ro: 'Un număr cu suprataxă nu poate fi contact.',
    en: 'A premium-rate number cannot be a contact.',
  },
  'a foreign number': {
    ro: 'În străinătate pot fi contacte doar numerele pe care le pot suna și operatorii: Linia, fila „Apeluri către cetățeni”.',
    en: 'Abroad only numbers that agents may call as well can be contacts: Line, the tab “Calls to citizens”.',
  },
  'a number not allowed': {
    ro: 'Un număr scurt are trei până la cinci cifre, dacă fila „Apeluri către cetățeni” din Linia nu permite altul.',
    en: 'A short number has three to five digits, unless the tab “Calls to citizens” of Line permits another.',
  },
}
