/**
 * The forms in which providers send a number that is written as `digits`: a national one with the country code as well. A form
 * leads to one number.
 */
export function sentForms(digits: string): readonly string[] {
  if (!digits.startsWith('0') || digits.startsWith('00')) return [digits]
  const national = digits.slice(1)
  return [digits, `+40${national}`, `40${national}`, `0040${national}`]
}
