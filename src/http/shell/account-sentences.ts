/** Refusals about proposals, activation codes and passwords (`sentences.ts`). */
export const accountSentences = {
  'proposal-open': {
    status: 409,
    ro: 'Pentru acest cont există deja o propunere care așteaptă confirmarea. Confirmă sau respinge mai întâi propunerea aceea.',
    en: 'A proposal for this account already awaits its confirmation. Confirm or refuse it first.',
  },
  'proposal-decided': {
    status: 409,
    ro: 'Această propunere a fost deja confirmată sau respinsă, a expirat, ori rolurile contului s-au schimbat între timp.',
    en: 'This proposal has already been confirmed or refused, has expired, or the roles of the account have changed since.',
  },
  'own-proposal': {
    status: 403,
    ro: 'Propunerea o confirmă altă persoană: nu cel care a făcut-o și nici cel pe care îl privește.',
    en: 'A proposal is confirmed by another person: not by its author, nor by the person whom it concerns.',
  },
  'no-such-proposal': {
    status: 404,
    ro: 'Nu există această propunere.',
    en: 'There is no such proposal.',
  },
  'activation-unknown': {
    status: 404,
    ro: 'Codul nu este corect. Verifică fiecare literă; dacă l-ai primit în două jumătăți, scrie-le pe amândouă, întâi pe cea a administratorului care a făcut propunerea.',
    en: 'The code is not correct. Check each letter; if you received it in two halves, enter both, first the one of the administrator who made the proposal.',
  },
  'activation-used': {
    status: 409,
    ro: 'Codul a fost deja folosit. Dacă nu l-ai folosit tu, anunță imediat auditorul și cere un cod nou.',
    en: 'The code has been used already. If you did not use it yourself, tell the auditor at once and ask for a new code.',
  },
  'activation-expired': {
    status: 409,
    ro: 'Codul a expirat: este valabil 72 de ore. Cere administratorului un cod nou.',
    en: 'The code has expired: it is valid for 72 hours. Ask the administrator for a new one.',
  },
  'activation-replaced': {
    status: 409,
    ro: 'Codul a fost înlocuit cu unul mai nou. Folosește codul cel mai recent.',
    en: 'The code was replaced by a newer one. Use the newest code.',
  },
  'activation-other-browser': {
    status: 409,
    ro: 'Codul a fost deschis în alt browser și se poate folosi numai acolo. Dacă nu l-ai deschis tu, anunță imediat auditorul; altfel continuă în acel browser sau cere un cod nou.',
    en: 'The code was opened in another browser and works only there. If you did not open it yourself, tell the auditor at once; otherwise go on in that browser, or ask for a new code.',
  },
  'activation-factor-gone': {
    status: 409,
    ro: 'Codul cere și al doilea factor de autentificare, iar contul nu mai are niciunul. Cere administratorului o resetare confirmată de două persoane.',
    en: 'The code needs a second factor as well, and the account has none any more. Ask the administrator for a reset that two persons confirm.',
  },
  'password-too-short': {
    status: 400,
    ro: 'Parola are nevoie de cel puțin 12 caractere. Câteva cuvinte fără legătură între ele se țin minte ușor.',
    en: 'The password needs at least 12 characters. A few unrelated words are easy to remember.',
  },
  'password-too-long': {
    status: 400,
    ro: 'Parola poate avea cel mult 200 de caractere.',
    en: 'The password may have at most 200 characters.',
  },
  'password-is-name': {
    status: 400,
    ro: 'Parola este alcătuită din numele tău. Alege alta.',
    en: 'The password is made of your name. Choose another one.',
  },
  'password-too-common': {
    status: 400,
    ro: 'Parola este alcătuită din cuvinte sau șiruri foarte cunoscute. Alege alta.',
    en: 'The password is made of well-known words or sequences. Choose another one.',
  },
  'wrong-password': {
    status: 403,
    ro: 'Parola actuală nu este corectă.',
    en: 'The present password is not correct.',
  },
} as const
