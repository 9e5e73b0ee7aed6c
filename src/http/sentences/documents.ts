/** Refusals about the document system. */
export const documentSentences = {
  'bad-signature': {
    status: 401,
    ro: 'Semnătura mesajului lipsește, nu se potrivește sau este mai veche de cinci minute.',
    en: 'The message’s signature is missing, does not match, or is older than five minutes.',
  },
  'request-not-known': {
    status: 404,
    ro: 'Nu avem o cerere cu acest număr de înregistrare.',
    en: 'We have no request with this registration number.',
  },
  'not-waiting': {
    status: 404,
    ro: 'Acest mesaj nu mai așteaptă: a ajuns între timp la sistemul de documente.',
    en: 'This message is no longer waiting: it has reached the document system in the meantime.',
  },
} as const
