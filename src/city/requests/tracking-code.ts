/**
 * The six-digit code of a request. Number and code together give access to its state: the number alone could be guessed
 * by a neighbour, and an anonymous report has no name to ask for.
 */

export const codesMax = 1_000_000

/** `draw` is a whole number from 0, below `codesMax`. */
export function codeOf(draw: number): string {
  return String(draw).padStart(6, '0')
}

/** Null when these are not six digits; spaces and hyphens are ignored. */
export function readCode(text: string): string | null {
  const digits = text.replace(/[\s.-]/g, '')
  return /^\d{6}$/.test(digits) ? digits : null
}

/** Wrong codes accepted within an hour: for one number, and for all numbers together. */
export const wrongPerNumberMax = 5
export const wrongInAllMax = 500
/** Wrong codes from one network within an hour, so that one place cannot use up everybody's tries. */
export const wrongPerAddressMax = 25
