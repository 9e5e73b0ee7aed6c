/** Which passwords people may choose: long ones that are not made of their name and of well-known words. */

export const passwordLengthMin = 12
export const passwordLengthMax = 200
/** Letters that must be left when names, well-known words, sequences and repetitions are taken away. */
const ownMin = 6

const wellKnown = [
  'password',
  'passw0rd',
  'parola',
  'parolamea',
  'letmein',
  'welcome',
  'bunvenit',
  'qwertyuiop',
  'qwertzuiop',
  'qwerty',
  'qwertz',
  'asdfghjkl',
  'asdfgh',
  'zxcvbnm',
  'yxcvbnm',
  '1q2w3e4r5t',
  '1q2w3e4r',
  'qazwsxedc',
  'qazwsx',
  'iloveyou',
  'teiubesc',
  'administrator',
  'admin',
  'supervisor',
  'operator',
  'auditor',
  'timisoara',
  'primaria',
  'primarie',
  'municipiul',
  'romania',
  'linia969',
  'linia',
  'dispecerat',
  'steaua',
  'dinamo',
  'football',
  'baseball',
  'dragon',
  'monkey',
  'princess',
  'sunshine',
  'superman',
  'batman',
  'master',
  'login',
  'secret',
  'changeme',
  'schimbama',
  'abcdefghijklmnopqrstuvwxyz',
  'ianuarie',
  'februarie',
  'martie',
  'aprilie',
  'iunie',
  'iulie',
  'august',
  'septembrie',
  'octombrie',
  'noiembrie',
  'decembrie',
  'primavara',
  'toamna',
  'iarna',
  'vara',
] as const

export type PasswordProblem = 'too short' | 'too long' | 'your name' | 'too common'

/** Null: it may be chosen. */
export function passwordProblem(
  password: string,
  owner: { readonly username: string; readonly name: string },
): PasswordProblem | null {
  // Counted as people see them: a letter with its accent is one.
  const length = Array.from(password.normalize('NFC')).length
  if (length < passwordLengthMin) return 'too short'
  if (length > passwordLengthMax) return 'too long'
  const plain = folded(password)
  const names = [owner.username, ...owner.username.split(/[._-]/), ...owner.name.split(/\s+/)]
    .map(folded)
    .filter((name) => name.length >= 3)
  const rest = without(plain, names)
  if (rest !== plain && isLittle(rest)) return 'your name'
  return isLittle(without(plain, [...names, ...wellKnown.map(folded)])) ? 'too common' : null
}

function folded(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
}

function without(text: string, words: readonly string[]): string {
  return words
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, word) => rest.replaceAll(word, ' '), text)
}

/** Repetitions count once, and a run like `3456` or `cdef` as its first character. Years and digits alone are little. */
function isLittle(rest: string): boolean {
  const kept = Array.from(rest).filter((one, at, all) => {
    const step = (one.codePointAt(0) ?? 0) - (all[at - 1]?.codePointAt(0) ?? Number.NaN)
    return one !== ' ' && step !== 0 && step !== 1 && step !== -1
  })
  return new Set(kept).size < ownMin
}
