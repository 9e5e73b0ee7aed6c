/** Numbers, amounts and days in Romanian words, to be read out: "o sută douăzeci și trei de lei și patruzeci de bani". */
import { invariant } from '../../core/invariant.ts'
import type { Day } from '../day.ts'
import type { Bani } from './account.ts'

/** A noun's gender: a neuter noun takes "unu" like a masculine one and "două" like a feminine one. */
export type Gender = 'masculine' | 'feminine' | 'neuter'

export interface Noun {
  readonly gender: Gender
  readonly one: string
  readonly many: string
}

export const leu: Noun = { gender: 'masculine', one: 'un leu', many: 'lei' }
const ban: Noun = { gender: 'masculine', one: 'un ban', many: 'bani' }

const units =
  `zero unu doi trei patru cinci șase șapte opt nouă zece unsprezece doisprezece treisprezece paisprezece
  cincisprezece șaisprezece șaptesprezece optsprezece nouăsprezece`.split(/\s+/)
const tens = `- - douăzeci treizeci patruzeci cincizeci șaizeci șaptezeci optzeci nouăzeci`.split(' ')

const scales: readonly (readonly [number, Noun])[] = [
  [1_000_000_000, { gender: 'neuter', one: 'un miliard', many: 'miliarde' }],
  [1_000_000, { gender: 'neuter', one: 'un milion', many: 'milioane' }],
  [1_000, { gender: 'feminine', one: 'o mie', many: 'mii' }],
  [100, { gender: 'feminine', one: 'o sută', many: 'sute' }],
]

const numberMax = 999_999_999_999

/** A whole number from 0 to 999 999 999 999 in the form before a noun of that gender ("douăzeci și una"). */
export function numberInWords(value: number, gender: Gender = 'masculine'): string {
  invariant(Number.isInteger(value) && value >= 0 && value <= numberMax, 'no words for this number')
  if (value < 20) return unitInWords(value, gender)
  if (value < 100) {
    const unit = value % 10
    const ten = tens[Math.floor(value / 10)] ?? ''
    return unit === 0 ? ten : `${ten} și ${unitInWords(unit, gender)}`
  }
  const [size, noun] = scales.find(([size]) => value >= size) ?? [100, leu]
  const rest = value % size
  const head = counted(Math.floor(value / size), noun)
  return rest === 0 ? head : `${head} ${numberInWords(rest, gender)}`
}

/** 12340 → "o sută douăzeci și trei de lei și patruzeci de bani"; a credit begins with "minus". */
export function amountInWords(amount: Bani): string {
  if (amount < 0) return `minus ${amountInWords(-amount)}`
  const lei = Math.floor(amount / 100)
  const bani = amount % 100
  if (lei === 0 && bani > 0) return counted(bani, ban)
  return bani === 0 ? counted(lei, leu) : `${counted(lei, leu)} și ${counted(bani, ban)}`
}

export const monthNames =
  `ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie
  decembrie`.split(/\s+/)

/** "2026-09-01" → "întâi septembrie două mii douăzeci și șase". */
export function dayInWords(day: Day): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  // Days take neuter forms ("două septembrie"); the first is "întâi".
  const first = date === 1 ? 'întâi' : numberInWords(date, 'neuter')
  return `${first} ${monthNames[month - 1] ?? ''} ${yearInWords(year)}`
}

/** A year without a noun after it: "două mii douăzeci și doi". */
export const yearInWords = (year: number): string => numberInWords(year)

/** "n/m" of a whole as people say it. */
export function shareInWords(numerator: number, denominator: number): string {
  if (numerator === denominator) return 'întregul'
  if (numerator === 1 && denominator === 2) return 'jumătate'
  if (numerator === 1 && denominator === 4) return 'un sfert'
  if (numerator === 1 && denominator === 3) return 'o treime'
  if (numerator === 2 && denominator === 3) return 'două treimi'
  if (numerator === 3 && denominator === 4) return 'trei sferturi'
  return `${numberInWords(numerator, 'neuter')} din ${numberInWords(denominator, 'neuter')}`
}

export function counted(count: number, { gender, one, many }: Noun): string {
  return count === 1 ? one : `${numberInWords(count, gender)} ${link(count)}${many}`
}

/** "de" follows every number whose last two digits are 00 or 20 to 99. */
export const link = (count: number): string =>
  count !== 0 && (count % 100 === 0 || count % 100 >= 20) ? 'de ' : ''

function unitInWords(value: number, gender: Gender): string {
  if (gender === 'feminine' && value === 1) return 'una'
  if (gender !== 'masculine' && value === 2) return 'două'
  if (gender !== 'masculine' && value === 12) return 'douăsprezece'
  return units[value] ?? ''
}
