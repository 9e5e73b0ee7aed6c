/** Refusals about the configuration of the line and agents' skills (`sentences.ts`). */
export const configurationSentences = {
  'no-such-configuration': {
    status: 404,
    ro: 'Nu există această versiune a configurației.',
    en: 'There is no such version of the configuration.',
  },
  'configuration-changed': {
    status: 409,
    ro: 'Versiunea de la care ai pornit nu mai este cea în vigoare. Compară și publică din nou.',
    en: 'The version that you changed is not the one in force. Compare, and publish again.',
  },
  'no-text-sample': {
    status: 503,
    ro: 'Textul nu a putut fi citit. Încearcă din nou.',
    en: 'The text could not be read out. Try again.',
  },
  'configuration-faulty': {
    status: 422,
    ro: 'Configurația are greșeli și nu a fost publicată.',
    en: 'The configuration has faults, and was not published.',
  },
  'skills-changed': {
    status: 409,
    ro: 'Competențele unui operator s-au schimbat între timp. Nimic nu s-a salvat: compară și salvează din nou.',
    en: 'The skills of an agent have changed meanwhile. Nothing was saved: compare, and save again.',
  },
} as const
