/** Picks mutants by a seed. */
import { createHash } from 'node:crypto'
import { mutantsOf, parses, type Mutant } from './mutants-of.ts'

/**
 * Mutants of the files in the order in which they are tried: the rooms take turns, and the kinds inside each room, so
 * that any beginning of the list is spread evenly. Inside a kind the order is that of hashes: it depends on the seed and
 * the mutants alone, and a new line adds its mutants without another order of the rest.
 * @param files path from the root → text
 */
export function sample(files: ReadonlyMap<string, string>, seed: number, count: number): readonly Mutant[] {
  const hash = (text: string): string => createHash('sha256').update(`${seed} ${text}`).digest('hex')
  const groups = <Item>(items: readonly Item[], name: (item: Item) => string): Item[][] =>
    [...Map.groupBy(items, name)]
      .toSorted(([one], [other]) => (hash(one) < hash(other) ? -1 : 1))
      .map(([, inside]) => inside)
  const mutants = [...files].flatMap(([file, text]) => mutantsOf(file, text))
  const byHash = new Map(mutants.map((mutant) => [hash(mutant.id), mutant]))
  const shuffled = [...byHash.keys()].sort().flatMap((key) => byHash.get(key) ?? [])
  const rooms = groups(shuffled, ({ file }) => roomOf(file))
  const picked: Mutant[] = []
  for (const mutant of inTurns(rooms.map((room) => inTurns(groups(room, ({ kind }) => kind))))) {
    if (picked.length === count) break
    if (parses(files.get(mutant.file) ?? '', mutant)) picked.push(mutant)
  }
  return picked
}

/** `src/core/call.ts` → `core`. */
export const roomOf = (file: string): string => file.split('/')[1] ?? ''

/** The first of each list, then the second of each … */
function inTurns<Item>(lists: readonly (readonly Item[])[]): Item[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat()
}
