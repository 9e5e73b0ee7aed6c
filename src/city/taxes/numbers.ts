/** The two ways in which a sentence has its numbers: in digits, as the screen writes them, and in words. */
import type { Day } from '../day.ts'
import type { Sentence } from '../sentence.ts'
import type { Bani } from './account.ts'
import {
  amountInWords,
  counted,
  dayInWords,
  leu,
  link,
  monthNames,
  numberInWords,
  shareInWords,
  yearInWords,
  type Noun,
} from './number-words.ts'

export interface Numbers {
  readonly amount: (bani: Bani) => string
  readonly day: (day: Day) => string
  readonly year: (year: number) => string
  readonly counted: (count: number, noun: Noun) => string
  readonly share: (numerator: number, denominator: number) => string
  readonly percent: (percent: number) => string
}

const inWords: Numbers = {
  amount: amountInWords,
  day: dayInWords,
  year: yearInWords,
  counted,
  share: shareInWords,
  percent: (percent) => `${Number.isInteger(percent) ? numberInWords(percent) : decimal(percent)} la sută`,
}

const inDigits: Numbers = {
  amount: amountInDigits,
  day: dayInDigits,
  year: String,
  counted: countedInDigits,
  share: (numerator, denominator) =>
    numerator === denominator ? shareInWords(1, 1) : `${numerator}/${denominator}`,
  percent: (percent) => `${decimal(percent)} %`,
}

/** Both ways of the same sentences. */
export function bothWays(say: (numbers: Numbers) => readonly string[]): readonly Sentence[] {
  const words = say(inWords)
  return say(inDigits).map((digits, at) => ({ digits, words: words[at] ?? digits }))
}

/** 123456 → "1.234,56 lei"; 57300 → "573 de lei"; a credit begins with "minus". */
export function amountInDigits(amount: Bani): string {
  if (amount < 0) return `minus ${amountInDigits(-amount)}`
  const bani = amount % 100
  const whole = Math.floor(amount / 100)
  return bani === 0
    ? countedInDigits(whole, leu)
    : `${grouped(whole)},${String(bani).padStart(2, '0')} ${leu.many}`
}

function countedInDigits(count: number, noun: Noun): string {
  return count === 1 ? noun.one : `${grouped(count)} ${link(count)}${noun.many}`
}

/** "2026-09-01" → "1 septembrie 2026". */
function dayInDigits(day: Day): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  return `${date} ${monthNames[month - 1] ?? ''} ${year}`
}

/** 1234567 → "1.234.567". */
const grouped = (value: number): string => String(value).replaceAll(/(\d)(?=(\d{3})+$)/g, '$1.')

const decimal = (value: number): string => String(value).replace('.', ',')
