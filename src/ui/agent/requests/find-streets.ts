import { folded } from '../../shared/folded.ts'
import { fits } from '../../shared/likeness.ts'

/**
 * Streets that match the typed text, also a misspelt one if no other does. Those whose own name (after "Strada",
 * "Bulevardul") begins with it come first. An unknown name may be typed too, since new streets appear before their
 * entry in the register.
 */
export function findStreets(streets: readonly string[], typed: string, max: number): string[] {
  const [first = ''] = folded(typed).split(' ')
  if (first === '') return []
  const found = streets.map((name) => ({ name, fit: fits(name, typed) })).filter(({ fit }) => fit > 0)
  const best = Math.max(...found.map(({ fit }) => fit))
  return found
    .filter(({ fit }) => fit === best)
    .map(({ name }) => ({ name, rank: rankOf(folded(name).split(' '), first) }))
    .toSorted((a, b) => a.rank - b.rank || a.name.localeCompare(b.name, 'ro'))
    .slice(0, max)
    .map(({ name }) => name)
}

function rankOf(words: readonly string[], first: string): number {
  if (words[1]?.startsWith(first) === true) return 0
  return words[0]?.startsWith(first) === true ? 2 : 1
}
