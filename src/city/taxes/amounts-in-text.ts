/** Amounts in a written text, as the city's articles state fees: "70 lei; sâmbăta 1200,5 lei". */
import type { Sentence } from '../sentence.ts'
import { amountInWords } from './number-words.ts'
import { amountInDigits } from './numbers.ts'

/** With or without thousands points and decimals, not the end of a longer number. Above that there are no words. */
const written =
  /(?<![\d.,])(\d{1,3}(?:\.\d{3}){1,3}|\d{1,9})(?:,(\d{1,2}))? (?:de )?(?:lei|leu)(?![\p{L}\d])/gu

/** The text with its amounts in both ways. */
export function withAmounts(text: string): Sentence {
  return { digits: spelt(text, amountInDigits), words: spelt(text, amountInWords) }
}

function spelt(text: string, spell: (bani: number) => string): string {
  return text.replaceAll(written, (_, lei: string, decimals = '') =>
    spell(Number(lei.replaceAll('.', '')) * 100 + Number(String(decimals).padEnd(2, '0'))),
  )
}
