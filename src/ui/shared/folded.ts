/** For comparing what is typed: small letters without their marks, so that nobody needs "ș" to find a street. */
export function folded(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, ' ')
    .trim()
}

/** Whether each word typed begins a word of the text. */
export function hasWords(text: string, typed: string): boolean {
  const words = folded(text).split(' ')
  return folded(typed)
    .split(' ')
    .every((part) => words.some((word) => word.startsWith(part)))
}
