/**
 * Compares a typed signature with the name of the account. Surname first or last, with or without diacritics
 * and hyphens.
 */
export function isOwnName(typed: string, name: string): boolean {
  const words = wordsOf(name)
  return words.length > 0 && wordsOf(typed).join(' ') === words.join(' ')
}

function wordsOf(name: string): readonly string[] {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .sort()
}
