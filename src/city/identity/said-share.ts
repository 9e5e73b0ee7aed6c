/** Parses a spoken share: "1/2", "jumătate", "o treime", "trei sferturi", "una din patru", "33%". */
import { wordsOf } from '../taxes/fold.ts'
import { saidNumber } from './said-number.ts'

const wholes = new Set(['tot', 'toata', 'intreg', 'intregul', 'intreaga', 'integral', 'exclusiv'])
/** Folded, singular and plural. */
const parts: Readonly<Record<string, number>> = {
  jumatate: 2,
  jumatati: 2,
  doime: 2,
  doimi: 2,
  treime: 3,
  treimi: 3,
  sfert: 4,
  sferturi: 4,
  patrime: 4,
  patrimi: 4,
  cincime: 5,
  cincimi: 5,
  sesime: 6,
  sesimi: 6,
  septime: 7,
  septimi: 7,
  optime: 8,
  optimi: 8,
  noime: 9,
  noimi: 9,
  zecime: 10,
  zecimi: 10,
  doisprezecime: 12,
  doisprezecimi: 12,
}
const between = new Set(['din', 'pe', 'supra'])

/** Of the whole, above 0 and at most 1; null when no share is said. `about`: given in hundredths, hence rounded. */
export function saidShare(text: string): { readonly part: number; readonly about: boolean } | null {
  const hundredths = /^\s*([\d.,]+)\s*(?:%|la\s+sut[aă])\s*$/i.exec(text)?.[1]
  if (hundredths !== undefined) return within(over(saidNumber(hundredths), 100), true)
  if (/^\s*0[.,]\d+\s*$/.test(text)) return within(Number(text.trim().replace(',', '.')), true)
  const words = wordsOf(text.replaceAll('/', ' pe ').replace(/%/g, ' la suta ')).filter(
    (word) => !['cota', 'parte', 'de', 'am', 'eu', 'detin'].includes(word),
  )
  return within(exactPart(words), false) ?? within(percentInWords(words), true)
}

function exactPart(words: readonly string[]): number | null {
  const last = words.at(-1) ?? ''
  if (words.length === 1 && wholes.has(last)) return 1
  const of = parts[last]
  if (of !== undefined) {
    const counted = words.slice(0, -1).filter((word) => word !== 'pe')
    return over(counted.length === 0 ? 1 : wholeNumber(counted), of)
  }
  const at = words.findIndex((word) => between.has(word))
  return at < 1 ? null : over(wholeNumber(words.slice(0, at)), wholeNumber(words.slice(at + 1)))
}

function percentInWords(words: readonly string[]): number | null {
  const spoken = words.slice(-2).join(' ') === 'la suta'
  return spoken ? over(wholeNumber(words.slice(0, -2)), 100) : null
}

function wholeNumber(words: readonly string[]): number | null {
  const number = saidNumber(words.join(' '))
  return number !== null && Number.isInteger(number) ? number : null
}

function over(one: number | null, other: number | null): number | null {
  return one === null || other === null || other === 0 ? null : one / other
}

function within(part: number | null, about: boolean): ReturnType<typeof saidShare> {
  return part !== null && part > 0 && part <= 1 ? { part, about } : null
}
