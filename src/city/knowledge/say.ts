/**
 * The text that the agent reads to the caller, as short Romanian sentences in the order in which a citizen notes them
 * down. Numbers are words where a noun follows ("două copii").
 */
import { withAmounts } from '../taxes/amounts-in-text.ts'
import type { Sentence } from '../sentence.ts'
import type { Need, PaperContent } from './paper.ts'

export const sayPaper = (paper: PaperContent): readonly Sentence[] => sentencesOf(paper).map(withAmounts)

function sentencesOf(paper: PaperContent): readonly string[] {
  if (paper.handledBy !== null) return sayElsewhere(paper, paper.handledBy)
  const { needs, form, fee, counter, hours, term } = paper
  return [
    ...(needs.length === 0
      ? ['Nu aveți nevoie de niciun act.']
      : ['Aveți nevoie de:', ...needs.map((need) => `${needWords(need)};`)]),
    ...(form === null
      ? []
      : [`Se completează ${lowerFirst(bare(form.name))}${form.url === null ? ', de la ghișeu' : ''}.`]),
    /^gratuit/i.test(fee) ? `Este ${lowerFirst(bare(fee))}.` : `Taxa: ${bare(fee)}.`,
    `Unde: ${bare(counter)}.`,
    `Program: ${bare(hours)}.`,
    `Cât durează: ${lowerFirst(bare(term))}.`,
  ]
}

/** The read-out for a matter of another institution: where to go, and the facts that the article has. */
function sayElsewhere(
  { title, needs, fee, counter, hours, term, sourceUrl }: PaperContent,
  handledBy: string,
): readonly string[] {
  return [
    'De aceasta nu se ocupă primăria.',
    `Pentru ${lowerFirst(bare(title))} vă adresați la ${bare(handledBy)}.`,
    ...(needs.length === 0 ? [] : ['Aveți nevoie de:', ...needs.map((need) => `${needWords(need)};`)]),
    ...lines([
      ['Unde', counter],
      ['Program', hours],
      ['Taxa', fee],
      ['Cât durează', lowerFirst(term)],
    ]).map((line) => `${bare(line)}.`),
    `Pe internet: ${siteOf(sourceUrl)}.`,
  ]
}

/** `www.aquatim.ro`, as it is read out. */
const siteOf = (url: string): string => new URL(url).hostname.replace(/^www\./, '')

const lines = (facts: readonly (readonly [name: string, value: string])[]): string[] =>
  facts.flatMap(([name, value]) => (value.trim() === '' ? [] : [`${name}: ${value}`]))

/** "cartea de identitate, în original și două copii" */
export function needWords({ what, form, count }: Need): string {
  const said = lowerFirst(bare(what))
  switch (form) {
    case 'original':
      return `${said}, ${count === 1 ? 'în original' : counted(count, 'originale')}`
    case 'copy':
      return `${said}, ${count === 1 ? 'în copie' : counted(count, 'copii')}`
    case 'both':
      return `${said}, în original și ${count === 1 ? 'în copie' : counted(count, 'copii')}`
  }
}

/** The text that is sent to the caller: the documents, one a line, where to go, and the page. */
export function sendablePaper(paper: PaperContent): string {
  const { title, needs, form, handledBy, fee, counter, hours, term, sourceUrl } = paper
  return [
    title,
    ...(handledBy === null ? [] : [`Se rezolvă la: ${handledBy}`]),
    ...needs.map((need) => `- ${needWords(need)}`),
    ...(form === null ? [] : [`Formular: ${form.name}${form.url === null ? '' : ` (${form.url})`}`]),
    ...lines([
      ['Taxa', fee],
      ['Unde', counter],
      ['Program', hours],
      ['Termen', term],
    ]),
    sourceUrl,
  ].join('\n')
}

/** Feminine, which neuter plurals share. */
const numbers = ['două', 'trei', 'patru', 'cinci', 'șase', 'șapte', 'opt', 'nouă', 'zece']

/** Two or more. From twenty on Romanian puts "de" before the noun. */
function counted(count: number, noun: string): string {
  const rest = count % 100
  return `${numbers[count - 2] ?? count} ${rest > 0 && rest < 20 ? '' : 'de '}${noun}`
}

const bare = (text: string): string => text.trim().replace(/[.;,]+$/, '')

/** Leaves abbreviations in capitals unchanged. */
function lowerFirst(text: string): string {
  return /^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}
