import { folded, hasWords } from '../../shared/folded.ts'

/**
 * Streets that match the typed text. Those whose own name (after "Strada", "Bulevardul") begins with it come
 * first. An unknown name may be typed too, since new streets appear before their entry in the register.
 */
export function findStreets(streets: readonly string[], typed: string, max: number): string[] {
  const [first = ''] = folded(typed).split(' ')
  if (first === '') return []
  return streets
    .filter((name) => hasWords(name, typed))
    .map((name) => ({ name, rank: rankOf(folded(name).split(' '), first) }))
    .sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name, 'ro'))
    .slice(0, max)
    .map(({ name }) => name)
}

function rankOf(words: readonly string[], first: string): number {
  if (words[1]?.startsWith(first) === true) return 0
  return words[0]?.startsWith(first) === true ? 2 : 1
}
