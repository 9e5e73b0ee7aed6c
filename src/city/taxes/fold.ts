/**
 * Folds spelling differences: case, diacritics, the old cedilla letters (ş ţ), apostrophes, hyphens, points.
 * "Pîrvu-D’Angelo" and "pirvu d angelo" become the same.
 */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđı]/g, (letter) => alone[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Letters without a Unicode decomposition. */
const alone: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ı: 'i' }

export const wordsOf = (text: string): readonly string[] => {
  const folded = fold(text)
  return folded === '' ? [] : folded.split(' ')
}

/**
 * Whether two folded words are equal up to one slip: one letter changed, missing, added or swapped in a word of at least
 * five letters (which covers â written as î). Digits must be equal.
 */
export function sameWord(one: string, other: string): boolean {
  if (one === other) return true
  if (/\d/.test(one) || /\d/.test(other)) return false
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  if (short.length < 5 || long.length - short.length > 1) return false
  let from = 0
  while (from < short.length && short[from] === long[from]) from++
  const rest = short.slice(from)
  if (short.length < long.length) return rest === long.slice(from + 1)
  if (rest.slice(1) === long.slice(from + 1)) return true
  return rest[0] === long[from + 1] && rest[1] === long[from] && rest.slice(2) === long.slice(from + 2)
}

/** Whether each of the words has a partner of its own among the others, in any order. */
export function eachFound(words: readonly string[], among: readonly string[]): boolean {
  const left = [...among]
  return words.every((word) => {
    // An equal partner first, so that a near one does not take it away from another word.
    const exact = left.indexOf(word)
    const at = exact === -1 ? left.findIndex((other) => sameWord(word, other)) : exact
    if (at === -1) return false
    left.splice(at, 1)
    return true
  })
}
