/** The refusals of requests: their drafts, steps and tracking. */

export const requestSentences = {
  'no-such-request': {
    status: 404,
    ro: 'Nu există o cerere cu acest număr.',
    en: 'There is no request with this number.',
  },
  'draft-taken': {
    status: 409,
    ro: 'Această ciornă este a altui operator sau are deja un număr.',
    en: 'This draft belongs to another agent, or has been registered already.',
  },
  'request-in-time': {
    status: 409,
    ro: 'Termenul comunicat nu a expirat încă; o reclamație pentru întârziere se poate face de a doua zi.',
    en: 'The announced deadline has not passed yet; a complaint about the delay is possible from the day after it.',
  },
  'request-closed': {
    status: 409,
    ro: 'Cererea este încheiată; redeschide-o mai întâi.',
    en: 'The request is closed; reopen it first.',
  },
  'request-not-closed': {
    status: 409,
    ro: 'Cererea nu este încheiată: nu are ce se redeschide.',
    en: 'The request is not closed: there is nothing to reopen.',
  },
  'extended-already': {
    status: 409,
    ro: 'Termenul a fost prelungit o dată; legea nu îngăduie a doua prelungire.',
    en: 'The deadline was extended once; the law allows no second extension.',
  },
  'extension-untold': {
    status: 400,
    ro: 'Prelungirea se înregistrează numai după ce petentul a fost înștiințat: arată cum și când.',
    en: 'An extension is recorded only after the petitioner has been told: state how and when.',
  },
  'told-too-late': {
    status: 409,
    ro: 'Petentul trebuie înștiințat înainte de împlinirea primului termen; după aceea, prelungirea nu mai este posibilă.',
    en: 'The petitioner has to be told before the first term ends; after that the term cannot be extended.',
  },
  'wrong-day-told': {
    status: 400,
    ro: 'Ziua înștiințării nu poate fi în viitor și nici înaintea zilei de la care se numără termenul.',
    en: 'The day of the notice cannot be in the future, or before the day from which the term is counted.',
  },
  'extension-too-long': {
    status: 409,
    ro: 'Legea îngăduie cel mult 15 zile în plus (20 pentru informații publice).',
    en: 'The law allows 15 days more at most (20 for public information).',
  },
  'joined-to-none': {
    status: 409,
    ro: 'Cererea la care se conexează nu există, este chiar aceasta sau este deja încheiată.',
    en: 'The request to join it to does not exist, is this same request, or is already closed.',
  },
  'number-too-low': {
    status: 409,
    ro: 'Numărul următor se poate doar mări.',
    en: 'The next number can only be raised.',
  },
  'no-tracking-match': {
    status: 404,
    ro: 'Numărul și codul nu se potrivesc. Verificați-le; codul are șase cifre. Ne puteți suna și la 969.',
    en: 'The number and the code do not match. Check both; the code has six digits. You can also call 969.',
  },
  'too-many-tracking-tries': {
    status: 429,
    ro: 'Prea multe încercări. Reveniți peste o oră sau sunați la 969.',
    en: 'Too many tries. Come back in an hour, or call 969.',
  },
  'page-callback-number-misread': {
    status: 409,
    ro: 'Acesta nu pare un număr de telefon. Scrieți-l cu toate cifrele, de exemplu 0722 123 456.',
    en: 'This does not look like a telephone number. Type all its digits, for example 0722 123 456.',
  },
  'page-callback-number-refused': {
    status: 409,
    ro: 'La acest număr nu putem suna. Scrieți alt număr sau sunați la 969.',
    en: 'We cannot call this number. Type another one, or call 969.',
  },
  'page-callback-number-abroad': {
    status: 409,
    ro: 'La numere din această țară nu sunăm. Scrieți alt număr sau sunați-ne.',
    en: 'We do not call numbers of this country. Type another one, or call us.',
  },
  'page-callback-not-offered': {
    status: 409,
    ro: 'Acum nu se poate cere un apel de pe această pagină. Ne puteți suna la 969.',
    en: 'A call cannot be asked for on this page now. You can call 969.',
  },
  'page-callback-other-number': {
    status: 409,
    ro: 'Despre această cerere s-a cerut deja un apel, la alt număr. După acel apel se poate cere altul.',
    en: 'A call about this request has already been asked for, at another number. Another one can be asked for after that call.',
  },
  'page-callback-too-many-today': {
    status: 429,
    ro: 'Despre această cerere s-au cerut astăzi destule apeluri. Reveniți mâine sau sunați la 969.',
    en: 'Enough calls about this request have been asked for today. Come back tomorrow, or call 969.',
  },
  'page-callback-too-many': {
    status: 429,
    ro: 'Avem deja multe apeluri de făcut. Încercați mai târziu sau sunați la 969.',
    en: 'We already have many calls to make. Try again later, or call 969.',
  },
  'page-callback-away': {
    status: 503,
    ro: 'Nu am putut nota apelul. Încercați din nou peste câteva minute sau sunați la 969.',
    en: 'The call could not be noted. Try again in a few minutes, or call 969.',
  },
} as const
