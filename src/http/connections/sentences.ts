/** Refusals of tests of the outside systems. */
export const connectionSentences = {
  'connection-not-set-up': {
    status: 409,
    ro: 'Setările serverului nu numesc acest sistem, deci nu e ce proba.',
    en: 'The server’s settings do not name this system, so there is nothing to test.',
  },
  'test-under-way': {
    status: 409,
    ro: 'Conexiunea se probează chiar acum. Așteaptă câteva secunde.',
    en: 'The connection is being tested right now. Wait some seconds.',
  },
  'too-many-tests': {
    status: 429,
    ro: 'Conexiunea a fost probată de prea multe ori. Așteaptă un minut.',
    en: 'The connection has been tested too often. Wait a minute.',
  },
} as const
