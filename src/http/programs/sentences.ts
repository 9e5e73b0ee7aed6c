/** Refusals about other programs: their tokens, and the webhooks that they take. */
export const programSentences = {
  'wrong-token': {
    status: 401,
    ro: 'Tokenul programului nu este valabil: e greșit, a expirat, a fost încheiat sau rolurile persoanei s-au schimbat.',
    en: 'The program’s token is not valid: it is wrong, has expired or was ended, or the person’s roles have changed.',
  },
  'token-accepted': {
    status: 409,
    ro: 'Tokenul a fost acceptat deja. Dacă s-a pierdut, încheie-l și cere altul.',
    en: 'The token has been accepted already. If it is lost, end it and ask for another one.',
  },
  'token-scope': {
    status: 403,
    ro: 'Tokenul programului nu dă acest drept.',
    en: 'The program’s token does not give this right.',
  },
  'no-such-token': { status: 404, ro: 'Nu există acest token.', en: 'There is no such token.' },
  'no-such-receiver': {
    status: 404,
    ro: 'Nu există acest destinatar, sau a fost încheiat.',
    en: 'There is no such receiver, or it was ended.',
  },
  'no-such-delivery': {
    status: 404,
    ro: 'Livrarea nu mai este în listă.',
    en: 'The delivery is not in the list any more.',
  },
  'receiver-changed': {
    status: 409,
    ro: 'Cineva a schimbat între timp acest destinatar. Nimic nu s-a salvat: uită-te ce e acum și încearcă din nou.',
    en: 'Somebody has changed this receiver meanwhile. Nothing was saved: look at it as it is now, and try again.',
  },
  'receiver-name-taken': {
    status: 409,
    ro: 'Există deja un destinatar cu acest nume.',
    en: 'There is a receiver of this name already.',
  },
  'too-many-receivers': {
    status: 409,
    ro: 'Sunt deja zece destinatari. Încheie întâi unul.',
    en: 'There are ten receivers already. End one first.',
  },
} as const
