import type { RequestCategory } from '../../../http/requests/wire.ts'
import { folded } from '../../shared/folded.ts'
import { likeness, misspeltAtMost } from '../../shared/likeness.ts'

export interface FoundCategory {
  readonly category: RequestCategory
  /** The citizens' word by which it was found; null: by its name. */
  readonly by: string | null
}

/** Less likely matches than this share of the best one are left out. */
const shareMin = 0.45
const nameWeight = 1.1

/**
 * Categories that match the typed text by name or by the citizens' words for it, best first: any typed word may match,
 * also unfinished or misspelt. Words that match many categories count less. An empty text finds all of them.
 */
export function findCategories(categories: readonly RequestCategory[], typed: string): FoundCategory[] {
  const words = folded(typed).split(' ')
  if (words[0] === '') return categories.map((category) => ({ category, by: null }))
  const asked = words.filter((word, at) => word.length > 2 || at === words.length - 1)
  const known = categories.map(phrasesOf)
  const scores = asked.map((word, at) => {
    const all = known.map((phrases) => bestOf(phrases, word, at === asked.length - 1))
    // A word that is known is not misspelt.
    const isKnown = all.some(({ sure }) => sure)
    const hits = all.map((hit) => (isKnown && !hit.sure ? nothing : hit))
    const shared = hits.reduce((sum, { score }) => sum + score, 0)
    return hits.map((hit) => ({ ...hit, score: hit.score / Math.sqrt(Math.max(1, shared)) }))
  })
  const found = categories.map((category, index) => {
    const hits = scores.map((hit) => hit[index] ?? nothing)
    const best = hits.reduce((one, other) => (other.score > one.score ? other : one), nothing)
    return { category, by: best.by, score: hits.reduce((sum, { score }) => sum + score, 0) }
  })
  const top = Math.max(...found.map(({ score }) => score))
  return found
    .filter(({ score }) => score > 0 && score >= shareMin * top)
    .toSorted((a, b) => b.score - a.score)
    .map(({ category, by }) => ({ category, by }))
}

interface Phrase {
  readonly words: readonly string[]
  /** Null: the name. */
  readonly by: string | null
  readonly weight: number
}

interface Hit {
  readonly score: number
  /** Not a guess of a misspelt word. */
  readonly sure: boolean
  readonly by: string | null
}

const nothing: Hit = { score: 0, sure: false, by: null }

function phrasesOf({ name, said }: RequestCategory): Phrase[] {
  return [
    ...[name.ro, name.en].map((text) => ({ words: folded(text).split(' '), by: null, weight: nameWeight })),
    ...said.map((text) => ({ words: folded(text).split(' '), by: text, weight: 1 })),
  ]
}

function bestOf(phrases: readonly Phrase[], typed: string, last: boolean): Hit {
  let best = nothing
  for (const { words, by, weight } of phrases)
    for (const [place, word] of words.entries()) {
      if (word.length < 3 && word !== typed) continue
      const fit = likeness(word, typed, last)
      // The first word of a phrase says most.
      const score = weight * fit * (1 - 0.03 * Math.min(place, 3))
      if (score > best.score) best = { score, sure: fit > misspeltAtMost, by }
    }
  return best
}
