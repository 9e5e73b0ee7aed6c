/** Searches that found nothing, as they are counted for the editors. */

/** Characters of a search that is counted; a longer text is a sentence that was pasted. */
export const missedSearchMax = 60
const lettersMin = 3

/**
 * The text as it is counted. Null: it is not counted, because it has a digit and may hold a personal value (a CNP, a
 * telephone or registration number, the plate of a car) or an address of mail, or is too short or too long for a question.
 */
export function countedSearch(text: string): string | null {
  const line = text.trim().replace(/\s+/g, ' ').toLowerCase()
  const letters = line.match(/\p{L}/gu)?.length ?? 0
  const isPersonal = /\p{N}/u.test(line) || line.includes('@')
  return isPersonal || letters < lettersMin || line.length > missedSearchMax ? null : line
}
