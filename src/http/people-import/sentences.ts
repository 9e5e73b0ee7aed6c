/** Refusals of a file of people. */
import { importedMax } from '../../people/people-import/person-faults.ts'

export const peopleImportSentences = {
  'people-not-csv': {
    status: 400,
    ro: 'Fișierul nu este CSV: un rând are ghilimele care nu se închid.',
    en: 'The file is not CSV: a row has a quote that does not end.',
  },
  'people-wrong-columns': {
    status: 400,
    ro: 'Primul rând numește coloanele, fiecare o dată: username, name, roles, employer, skills. username și name sunt obligatorii.',
    en: 'The first row names the columns, each once: username, name, roles, employer, skills. username and name are obligatory.',
  },
  'people-nobody': {
    status: 400,
    ro: 'În fișier nu este nimeni.',
    en: 'There is nobody in the file.',
  },
  'people-too-many': {
    status: 400,
    ro: `Fișierul are peste ${importedMax} de persoane. Împarte-l.`,
    en: `The file has more than ${importedMax} people. Divide it.`,
  },
  'people-file-wrong': {
    status: 409,
    ro: 'Fișierul are rânduri greșite. Nu s-a deschis niciun cont.',
    en: 'Rows of the file are wrong. No account was opened.',
  },
} as const
