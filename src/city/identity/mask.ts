/** How a checked person is told from the others of the call, without naming them. */
import type { TaxpayerKind } from '../taxes/account.ts'

/** "Ș. Ț.", and of a company with its legal form: "D. B. SRL". */
export function initials(name: string, kind: TaxpayerKind): string {
  const words = name.split(/[\s-]+/u).filter((word) => /\p{L}/u.test(word))
  return words
    .map((word) => (kind === 'company' && isLegalForm(word) ? word : `${firstLetter(word)}.`))
    .join(' ')
}

const isLegalForm = (word: string): boolean =>
  /^(SRL|SRL-D|SA|SNC|SCS|SCA|PFA|II|IF)$/iu.test(word.replaceAll('.', ''))

const firstLetter = (word: string): string => /\p{L}/u.exec(word)?.[0].toLocaleUpperCase('ro') ?? ''
