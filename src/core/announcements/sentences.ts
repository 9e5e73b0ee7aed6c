/**
 * The sentences of the announcements: a finite set, so that each has a sound before it is needed. Romanian numerals: an ordinal
 * has `al … -lea` but for the first one; from twenty on a noun is joined by `de` (`douăzeci de minute`).
 */
import {
  lineLanguageOf,
  soundOf,
  type Language,
  type LineLanguage,
  type SpokenText,
} from '../configuration/menu.ts'
import { estimates, saidMinutes, type Estimate } from './estimate.ts'

const placesRo = [
  'primul',
  'al doilea',
  'al treilea',
  'al patrulea',
  'al cincilea',
  'al șaselea',
  'al șaptelea',
  'al optulea',
  'al nouălea',
  'al zecelea',
  'al unsprezecelea',
  'al doisprezecelea',
  'al treisprezecelea',
  'al paisprezecelea',
  'al cincisprezecelea',
  'al șaisprezecelea',
  'al șaptesprezecelea',
  'al optsprezecelea',
  'al nouăsprezecelea',
  'al douăzecilea',
] as const
const placesEn = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
  'eleventh',
  'twelfth',
  'thirteenth',
  'fourteenth',
  'fifteenth',
  'sixteenth',
  'seventeenth',
  'eighteenth',
  'nineteenth',
  'twentieth',
] as const
/** Beyond it only that so many are before the caller. */
export const placeMax = placesRo.length

type Minutes = (typeof saidMinutes)[number]
const minutesRo: Readonly<Record<Minutes, string>> = {
  1: 'un minut',
  2: 'două minute',
  3: 'trei minute',
  5: 'cinci minute',
  10: 'zece minute',
  15: 'cincisprezece minute',
  20: 'douăzeci de minute',
  30: 'treizeci de minute',
}
const minutesEn: Readonly<Record<Minutes, string>> = {
  1: 'one minute',
  2: 'two minutes',
  3: 'three minutes',
  5: 'five minutes',
  10: 'ten minutes',
  15: 'fifteen minutes',
  20: 'twenty minutes',
  30: 'thirty minutes',
}

/** `position`: 1 is the first. */
export function positionText(language: LineLanguage, position: number): string {
  const place = (language === 'ro' ? placesRo : placesEn)[position - 1]
  if (language === 'ro')
    return place === undefined
      ? 'Înaintea dumneavoastră sunt cel puțin douăzeci de persoane.'
      : `Sunteți ${place} la rând.`
  return place === undefined
    ? 'There are at least twenty callers before you.'
    : `You are ${place} in the queue.`
}

export function estimateText(language: LineLanguage, estimate: Estimate): string {
  if (language === 'ro')
    return `Timpul estimat de așteptare este de ${estimate === 'more' ? 'peste treizeci de minute' : `aproximativ ${minutesRo[estimate]}`}.`
  return `The estimated wait is ${estimate === 'more' ? 'more than thirty minutes' : `about ${minutesEn[estimate]}`}.`
}

/** `language`: of the caller. */
export function positionSound(language: Language, position: number): string {
  const spoken = lineLanguageOf(language)
  return soundOf(spoken, positionText(spoken, position), 'waiting')
}

/** `language`: of the caller. */
export function estimateSound(language: Language, estimate: Estimate): string {
  const spoken = lineLanguageOf(language)
  return soundOf(spoken, estimateText(spoken, estimate), 'waiting')
}

/** Every sentence of a language. */
export function sentencesIn(language: LineLanguage): readonly SpokenText[] {
  const places = Array.from({ length: placeMax + 1 }, (_, index) => positionText(language, index + 1))
  const waits = estimates.map((estimate) => estimateText(language, estimate))
  return [...places, ...waits].map((text) => ({ sound: soundOf(language, text, 'waiting'), language, text }))
}
