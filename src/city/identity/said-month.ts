/** Parses a spoken month: "martie", "mart", "luna 3", "15.03.2026", "în martie, anul trecut". */
import { sameWord, wordsOf } from '../taxes/fold.ts'
import { saidNumber } from './said-number.ts'

/** Folded; English names for callers who speak English. */
const names: readonly (readonly string[])[] = [
  ['ianuarie', 'january'],
  ['februarie', 'february'],
  ['martie', 'march'],
  ['aprilie', 'april'],
  ['mai', 'may'],
  ['iunie', 'june'],
  ['iulie', 'july'],
  ['august'],
  ['septembrie', 'september'],
  ['octombrie', 'october'],
  ['noiembrie', 'november'],
  ['decembrie', 'december'],
]
const prefixMin = 3

/** 1 to 12; null when no month is said, or more than one. */
export function saidMonth(text: string): number | null {
  const words = wordsOf(text)
  const named = [...new Set(words.flatMap(monthNamed))]
  if (named.length > 0) return named.length === 1 ? (named[0] ?? null) : null
  return monthInDate(text) ?? monthOfNumber(saidNumber(text.replace(/\bluna\b/gi, ' ')))
}

/** "iunie" and "iulie" are one letter apart: a slip is accepted only where exactly one month fits. */
function monthNamed(word: string): number[] {
  const whole = monthsWhere((name) => name === word)
  if (whole.length > 0 || word.length < prefixMin) return whole
  const begun = monthsWhere((name) => name.startsWith(word))
  if (begun.length > 0) return begun.length === 1 ? begun : []
  const near = monthsWhere((name) => sameWord(name, word))
  return near.length === 1 ? near : []
}

function monthsWhere(holds: (name: string) => boolean): number[] {
  return names.flatMap((month, at) => (month.some(holds) ? [at + 1] : []))
}

function monthInDate(text: string): number | null {
  const plain = text.trim()
  const found =
    /^\d{1,2}[./\s-]+(\d{1,2})[./\s-]+\d{4}$/.exec(plain)?.[1] ??
    /^(\d{1,2})[./\s-]+\d{4}$/.exec(plain)?.[1] ??
    /^\d{4}-(\d{2})(?:-\d{2})?$/.exec(plain)?.[1]
  return found === undefined ? null : monthOfNumber(Number(found))
}

function monthOfNumber(number: number | null): number | null {
  return number !== null && Number.isInteger(number) && number >= 1 && number <= 12 ? number : null
}
