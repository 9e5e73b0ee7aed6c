/** The refusals of searches and identity checks. */

export const identitySentences = {
  'wrong-name': {
    status: 400,
    ro: 'Scrie numele întreg, așa cum îl spune cetățeanul.',
    en: 'Type the whole name as the citizen says it.',
  },
  'wrong-address': {
    status: 400,
    ro: 'Scrie adresa cu strada și numărul.',
    en: 'Type the address with street and number.',
  },
  'wrong-identifier': {
    status: 400,
    ro: 'CNP-ul sau codul fiscal are o cifră greșită. Roagă cetățeanul să îl repete; nu s-a pierdut nicio încercare.',
    en: 'The CNP or fiscal code has a wrong digit. Ask the citizen to repeat it; no attempt was lost.',
  },
  'no-identifier': {
    status: 400,
    ro: 'Nu este un CNP sau un CUI întreg: verifică cifrele.',
    en: 'This is not a whole CNP or CUI: check its digits.',
  },
  'no-such-match': {
    status: 404,
    ro: 'În acest apel nu a fost găsită o asemenea persoană. Caută din nou.',
    en: 'No such person was found in this call. Search again.',
  },
  'no-such-check': {
    status: 404,
    ro: 'În acest apel nu s-au pus aceste întrebări. Cere-le din nou.',
    en: 'These questions were not asked in this call. Ask for them again.',
  },
  'no-grant': {
    status: 403,
    ro: 'Datele fiscale se văd numai după verificarea identității, în timpul apelului. Verifică din nou.',
    en: 'Fiscal data is shown only after the identity check, during the call. Check again.',
  },
  'too-many-searches': {
    status: 429,
    ro: 'În acest apel s-au căutat deja prea multe persoane. Îndrumă cetățeanul la ghișeu.',
    en: 'Too many persons were searched in this call already. Send the citizen to the counter.',
  },
  'not-locked': {
    status: 404,
    ro: 'Blocarea aceasta nu există sau a fost ridicată deja.',
    en: 'There is no such lock, or it was removed already.',
  },
} as const
