/** What people read when something about an identity check is refused. */
import type { Sentence } from './sentence.ts'

export const identitySentences = {
  'wrong-name': {
    status: 400,
    ro: 'Scrieți numele întreg, așa cum îl spune cetățeanul.',
    en: 'Type the whole name as the citizen says it.',
  },
  'wrong-address': {
    status: 400,
    ro: 'Scrieți adresa cu strada și numărul.',
    en: 'Type the address with street and number.',
  },
  'wrong-identifier': {
    status: 400,
    ro: 'CNP-ul sau codul fiscal are o cifră greșită. Rugați cetățeanul să îl repete; nu s-a pierdut nicio încercare.',
    en: 'The CNP or fiscal code has a wrong digit. Ask the citizen to repeat it; no attempt was lost.',
  },
  'no-such-match': {
    status: 404,
    ro: 'În acest apel nu a fost găsită o asemenea persoană. Căutați din nou.',
    en: 'No such person was found in this call. Search again.',
  },
  'no-such-check': {
    status: 404,
    ro: 'În acest apel nu s-au pus aceste întrebări. Cereți-le din nou.',
    en: 'These questions were not asked in this call. Ask for them again.',
  },
  'no-grant': {
    status: 403,
    ro: 'Datele fiscale se văd numai după verificarea identității, în timpul apelului. Verificați din nou.',
    en: 'Fiscal data can be seen only after the identity check, during the call. Check again.',
  },
  'too-many-searches': {
    status: 429,
    ro: 'În acest apel s-au căutat deja prea multe persoane. Îndrumați cetățeanul la ghișeu.',
    en: 'Too many persons were searched in this call already. Send the citizen to the counter.',
  },
  'not-locked': {
    status: 404,
    ro: 'Blocarea aceasta nu există sau a fost ridicată deja.',
    en: 'There is no such lock, or it was opened already.',
  },
  'recording-withheld': {
    status: 403,
    ro: 'Înregistrarea cuprinde o verificare a identității care nu poate fi separată; o poate asculta numai auditorul, cu motiv.',
    en: 'The recording holds an identity check that cannot be set apart; only the auditor may hear it, with a reason.',
  },
  'no-reason': {
    status: 400,
    ro: 'Scrieți motivul.',
    en: 'State the reason.',
  },
  'fiscal-away': {
    status: 503,
    ro: 'Baza de date fiscală nu răspunde acum. Apelul merge mai departe și nu s-a pierdut nicio încercare; încercați din nou.',
    en: 'The fiscal database does not answer now. The call goes on and no attempt was lost; try again.',
  },
} as const satisfies Record<string, Sentence>
