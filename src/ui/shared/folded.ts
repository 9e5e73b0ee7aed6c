/**
 * Normalises a text for comparison: lower case without diacritics, so that a street is found without typing
 * "ș".
 */
export function folded(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, ' ')
    .trim()
}

/** Whether every typed word is the beginning of a word of the text. */
export function hasWords(text: string, typed: string): boolean {
  const words = folded(text).split(' ')
  return folded(typed)
    .split(' ')
    .every((part) => words.some((word) => word.startsWith(part)))
}
