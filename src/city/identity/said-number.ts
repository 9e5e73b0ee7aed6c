/**
 * Parses a spoken number as the agent types it: "2014", "1.250,50 lei", "cam 55 mp", "două mii paisprezece".
 * The text must hold exactly one number.
 */
import { wordsOf } from '../taxes/fold.ts'

/** Null: no number, or more than one. */
export function saidNumber(text: string): number | null {
  // "m2" is a unit, not a number.
  const plain = text.replace(/\bm(etri)?\s?[2²]/gi, ' ')
  const figures = plain.match(/\d[\d.,\s]*/g) ?? []
  if (figures.length > 1) return null
  const [figure] = figures
  return figure === undefined ? inWords(wordsOf(plain)) : inFigures(figure)
}

/** Romanian writes 1.250,50; a lone point followed by one or two figures is a decimal one, as on a keyboard. */
function inFigures(figure: string): number | null {
  const trimmed = figure.trim().replace(/[.,]+$/, '')
  if (/^\d{1,3}([. ]\d{3})+(,\d{1,2})?$/.test(trimmed))
    return Number(trimmed.replace(/[. ]/g, '').replace(',', '.'))
  if (/^\d+([.,]\d{1,2})?$/.test(trimmed)) return Number(trimmed.replace(',', '.'))
  return null
}

const fillers = new Set(
  `cam circa aproximativ vreo vreun spre pe la in anul anu lei leu ron de si mp metri metru patrati patrat bucati
   bucata`.split(/\s+/),
)
const small: Readonly<Record<string, number>> = {
  zero: 0,
  un: 1,
  unu: 1,
  una: 1,
  unul: 1,
  o: 1,
  doi: 2,
  doua: 2,
  trei: 3,
  patru: 4,
  cinci: 5,
  sase: 6,
  sapte: 7,
  opt: 8,
  noua: 9,
}
const teens: Readonly<Record<string, number>> = {
  zece: 10,
  unsprezece: 11,
  unspe: 11,
  doisprezece: 12,
  douasprezece: 12,
  doispe: 12,
  treisprezece: 13,
  treispe: 13,
  paisprezece: 14,
  paispe: 14,
  cincisprezece: 15,
  cinspe: 15,
  saisprezece: 16,
  saispe: 16,
  saptesprezece: 17,
  saptespe: 17,
  optsprezece: 18,
  optispe: 18,
  nouasprezece: 19,
  nouaspe: 19,
}
const tens: Readonly<Record<string, number>> = {
  douazeci: 20,
  treizeci: 30,
  patruzeci: 40,
  cincizeci: 50,
  saizeci: 60,
  saptezeci: 70,
  optzeci: 80,
  nouazeci: 90,
}
const hundreds = new Set(['suta', 'sute'])
const thousands = new Set(['mie', 'mii'])

/** Reads from the left; each word must be smaller than the one before it, otherwise the text is no number. */
function inWords(words: readonly string[]): number | null {
  const said = words.filter((word) => !fillers.has(word))
  if (said.length === 0) return null
  const at = said.findIndex((word) => thousands.has(word))
  if (at === -1) return belowThousand(said)
  const rest = said.slice(at + 1)
  const front = belowThousand(said.slice(0, at))
  const back = rest.length === 0 ? 0 : belowThousand(rest)
  return front === null || front === 0 || back === null ? null : front * 1_000 + back
}

function belowThousand(words: readonly string[]): number | null {
  const [first = '', second = ''] = words
  const count = small[first]
  if (!hundreds.has(second)) return belowHundred(words)
  const back = words.length === 2 ? 0 : belowHundred(words.slice(2))
  return count === undefined || count === 0 || back === null ? null : count * 100 + back
}

function belowHundred([first = '', second, ...more]: readonly string[]): number | null {
  if (more.length > 0) return null
  const ten = tens[first]
  if (second === undefined) return small[first] ?? teens[first] ?? ten ?? null
  const one = small[second]
  return ten === undefined || one === undefined || one === 0 ? null : ten + one
}
