/**
 * Whether somebody has signed with his own name: surname first or last, with or without diacritics and
 * hyphens, as people type.
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
