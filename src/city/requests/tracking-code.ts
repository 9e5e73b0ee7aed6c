/**
 * The six digits that belong to a number: with both anybody may see how far a request is. The number alone
 * could be guessed by a neighbour, and an anonymous report has no name to ask for.
 */

export const codesMax = 1_000_000

/** `draw` is a whole number from 0, below `codesMax`. */
export function codeOf(draw: number): string {
  return String(draw).padStart(6, '0')
}

/** Null when these are not six digits; spaces and hyphens are how people group them. */
export function readCode(text: string): string | null {
  const digits = text.replace(/[\s.-]/g, '')
  return /^\d{6}$/.test(digits) ? digits : null
}

/** Wrong codes that one number takes within an hour, and all numbers together. */
export const wrongPerNumberMax = 5
export const wrongInAllMax = 500
/** And that come from one network: so that one place cannot use up the tries of everybody. */
export const wrongPerAddressMax = 25
