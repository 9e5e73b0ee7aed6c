/**
 * Tests that attack the system. `make test` prints all of them as one table: the attack, what it achieved before it was
 * mended, what happens now.
 */
import type { Test } from 'tap'

export interface Attack {
  /** What the attacker does, as a short sentence without "·" and "#". */
  readonly attack: string
  /** What the attack achieved on the commit before its mending, as seen when this test was run on it. */
  readonly before: string
  readonly now: string
}

const separator = ' · '
const prefix = 'attack: '

/** Runs the test as a subtest whose name carries the row of the table. */
export async function attack(t: Test, row: Attack, test: (t: Test) => unknown): Promise<void> {
  await t.test(`${prefix}${[row.attack, row.before, row.now].join(separator)}`, test)
}

/** Null: not the name of an attack. */
export function attackOf(name: string): Attack | null {
  if (!name.startsWith(prefix)) return null
  const [what = '', before = '', now = ''] = name.slice(prefix.length).split(separator)
  return { attack: what, before, now }
}

/** Prints the table; one row in three lines, because a sentence does not fit into a column. */
export function printAttacks(
  attacks: readonly (Attack & { readonly held: boolean })[],
  print: (line: string) => void,
): void {
  if (attacks.length === 0) return
  print(`Attacks (${attacks.filter(({ held }) => held).length} of ${attacks.length} repelled):`)
  for (const { attack: what, before, now, held } of attacks.toSorted((a, b) =>
    a.attack.localeCompare(b.attack),
  )) {
    print(`  ${held ? 'repelled ' : 'SUCCEEDED'} ${what}`)
    print(`            before: ${before}`)
    print(`            now:    ${now}`)
  }
}
