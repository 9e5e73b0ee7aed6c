import { withoutSeparators } from '../../../core/phone-number.ts'

/** Fewer digits are a short number, or the beginning of another word. */
const digitsMin = 3

/** A text that is a telephone number and nothing else, without what is typed between its digits; null: it is another text. */
export function typedNumber(text: string): string | null {
  const number = withoutSeparators(text)
  return /^\+?\d+$/.test(number) && number.length >= digitsMin ? number : null
}
